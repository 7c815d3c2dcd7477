import { PartialError } from "./errors.ts";
import { insist } from "./insist.ts";
import type { Live, Values } from "./kind.ts";
import { derived, type Life } from "./life.ts";
import { AnswerLost, HalfDone, ObjectExists } from "./outcome.ts";
import { outputsOf } from "./outputs.ts";
import { declaredTarget, isNamed, withMark } from "./ownership.ts";
import { Patience } from "./patience.ts";
import { newHolder } from "./recordMark.ts";
import { type Birth, claim, exists, type Outcome, requireFree, unseen } from "./takeOver.ts";
import { unsettled } from "./unsettled.ts";

/** What Pulumi expects of `create`. */
export interface CreateResult {
	id: string;
	outs: Record<string, unknown>;
}

/** An object that was created or taken over. */
export interface Created extends CreateResult {
	/** Whether the object existed and was taken over because the inputs say `adopt`. */
	readonly isAdopted: boolean;
}

/** Creates the object, and never takes over one that exists unless `adopt` says so. */
export async function create<Inputs extends object>(life: Life<Inputs>, declared: Inputs): Promise<Created> {
	const { kind, around } = life;
	const inputs = derived(life, declared as Values) as Inputs;
	const target = declaredTarget(life, inputs as Values);
	const holder = life.holder ?? newHolder(declared as Values);
	const birth: Birth<Inputs> = { life, inputs, target, remote: kind.connect("create"), started: around.now(), holder };
	if (isNamed(target)) requireFree(birth, kind.key(target));
	const outputs = (live: Live<Inputs>): Record<string, unknown> =>
		withMark(life, outputsOf(kind, live, target.values), holder.record);
	try {
		const { live, isAdopted } = await bear(birth);
		if (!isNamed(target)) claimChosen(birth, live);
		return { id: live.id ?? target.id, outs: outputs(live), isAdopted };
	} catch (error) {
		if (!(error instanceof HalfDone)) {
			if (isNamed(target)) around.claims.release(kind.key(target), holder);
			throw error;
		}
		const live = error.live as Live<Inputs>;
		if (!isNamed(target)) claimChosen(birth, live);
		throw new PartialError(live.id ?? target.id, outputs(live), error);
	}
}

/** An object whose id the service chose is held by that id from now on. */
function claimChosen<Inputs extends object>(
	{ life, target, holder }: Birth<Inputs>,
	live: Live<Inputs>,
): void {
	const { kind, around } = life;
	around.claims.claimExisting(kind.key({ ...target, id: live.id ?? "" }), holder);
	around.claims.resolve(kind.key(target), holder);
}

/** Creates until there is an answer; one that was lost on the way is looked up, not guessed. */
async function bear<Inputs extends object>(birth: Birth<Inputs>): Promise<Outcome<Inputs>> {
	const patience = new Patience(birth.life.around);
	let doubt: Error | undefined;
	for (;;) {
		try {
			return { live: await birth.remote.create(birth.inputs), isAdopted: false };
		} catch (error) {
			if (error instanceof ObjectExists) return existing(birth, error, doubt);
			if (!(error instanceof AnswerLost)) throw error;
			doubt = error;
			await patience.pause(error);
			const found = await lookAgain(birth, error);
			// Where the service chooses ids, one that looks alike proves nothing of this one: making it again finds out.
			if (found !== undefined && isNamed(birth.target))
				return claim(birth, found, { why: error, doubt: error });
			patience.again(error);
		}
	}
}

async function lookAgain<Inputs extends object>(
	birth: Birth<Inputs>,
	lost: AnswerLost,
): Promise<Live<Inputs> | undefined> {
	try {
		return await birth.remote.find(birth.target);
	} catch (error) {
		const next =
			birth.life.resumes === undefined
				? "; if the object was made, set `adopt: true` on it for that run."
				: ", which recognizes the object if it was made and proves it.";
		throw unsettled(birth.life, birth.target, { done: "created", lost, cause: error, next });
	}
}

/** The object is there although this run was to make it: ours from a lost answer, adopted, or somebody else's. */
async function existing<Inputs extends object>(
	birth: Birth<Inputs>,
	refusal: ObjectExists,
	doubt: Error | undefined,
): Promise<Outcome<Inputs>> {
	const adopt = (birth.inputs as Values)["adopt"] === true;
	const isResumed = birth.life.resumes !== undefined;
	if (doubt === undefined && !adopt && !isResumed) throw exists(birth, refusal);
	const found = await insist(birth.life.around, "known", () => birth.remote.find(birth.target));
	if (found === undefined) throw adopt ? unseen(birth, refusal) : exists(birth, refusal);
	return claim(birth, found, { why: refusal, doubt });
}
