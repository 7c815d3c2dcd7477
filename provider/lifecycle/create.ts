import { holds } from "./drift.ts";
import { LifecycleError, PartialError } from "./errors.ts";
import { facetsOf } from "./facets.ts";
import { insist } from "./insist.ts";
import type { Live, Remote, Target, Values } from "./kind.ts";
import { derived, type Life, naming } from "./life.ts";
import { desiredOf } from "./merge.ts";
import { isOurs } from "./ours.ts";
import { AnswerLost, HalfDone, ObjectExists, PreconditionFailed } from "./outcome.ts";
import { outputsOf } from "./outputs.ts";
import { Patience } from "./patience.ts";
import { unsettled } from "./unsettled.ts";
import { writeSettled } from "./write.ts";

/** What Pulumi expects of `create`. */
export interface CreateResult {
	id: string;
	outs: Record<string, unknown>;
}

/** One attempt to bring an object into being. */
interface Birth<Inputs extends object> {
	readonly life: Life<Inputs>;
	readonly inputs: Inputs;
	readonly target: Target;
	readonly remote: Remote<Inputs>;
	readonly started: number;
}

/** Creates the object, and never takes over one that exists unless `adopt` says so. */
export async function create<Inputs extends object>(
	life: Life<Inputs>,
	declared: Inputs,
): Promise<CreateResult> {
	const { kind, around } = life;
	const inputs = derived(life, declared as Values) as Inputs;
	const target = { id: kind.id(inputs), values: inputs as Values };
	const birth = { life, inputs, target, remote: kind.connect("create"), started: around.now() };
	requireFree(life, target);
	try {
		const live = await bear(birth);
		return { id: live.id ?? target.id, outs: outputsOf(kind, live, target.values) };
	} catch (error) {
		if (!(error instanceof HalfDone)) {
			if (isNamed(target)) around.owners.release(kind.key(target));
			throw error;
		}
		const live = error.live as Live<Inputs>;
		throw new PartialError(live.id ?? target.id, outputsOf(kind, live, target.values), error);
	}
}

/** Of an object whose id the service chooses nobody knows beforehand whether another resource has it. */
function isNamed({ id }: Target): boolean {
	return id !== "";
}

/** Two resources of one program would write, and delete, the same object by turns. */
function requireFree<Inputs extends object>(life: Life<Inputs>, target: Target): void {
	if (!isNamed(target) || life.around.owners.begin(life.kind.key(target))) return;
	throw new LifecycleError(
		"DeclaredTwice",
		`${naming(life, target)} is in this stack already, as a resource of its own or in another fleet, so it was not made ` +
			"once more. Declare it in one place. (To make it anew, take it out of the program for one run.)",
	);
}

/** Creates until there is an answer; one that was lost on the way is looked up, not guessed. */
async function bear<Inputs extends object>(birth: Birth<Inputs>): Promise<Live<Inputs>> {
	const patience = new Patience(birth.life.around);
	let doubt: Error | undefined;
	for (;;) {
		try {
			return await birth.remote.create(birth.inputs);
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
): Promise<Live<Inputs>> {
	const adopt = (birth.inputs as Values)["adopt"] === true;
	const isResumed = birth.life.resumes !== undefined;
	if (doubt === undefined && !adopt && !isResumed) throw exists(birth, refusal);
	const found = await insist(birth.life.around, "known", () => birth.remote.find(birth.target));
	if (found === undefined) throw adopt ? unseen(birth, refusal) : exists(birth, refusal);
	return claim(birth, found, { why: refusal, doubt });
}

async function claim<Inputs extends object>(
	birth: Birth<Inputs>,
	found: Live<Inputs>,
	{ why, doubt }: { why: Error; doubt: Error | undefined },
): Promise<Live<Inputs>> {
	const { life, inputs, started } = birth;
	const lost = doubt && { lost: life.around.now() - started };
	if (isOurs(life, found, { inputs: inputs as Values, ...lost })) {
		tellOurs(birth, doubt);
		return takenOver(birth, found);
	}
	if ((birth.inputs as Values)["adopt"] !== true) throw exists(birth, why);
	return takenOver(birth, await adopted(birth, found));
}

function takenOver<Inputs extends object>({ life, target }: Birth<Inputs>, live: Live<Inputs>): Live<Inputs> {
	if (isNamed(target)) life.around.owners.takeOver(life.kind.key(target));
	return live;
}

/** A fleet's own lost answers are many, and its devices prove that they are its own. */
function tellOurs<Inputs extends object>({ life, target }: Birth<Inputs>, doubt: Error | undefined): void {
	const name = naming(life, target);
	if (doubt === undefined)
		life.around.say(`${name} exists just as it is declared; taken for what an interrupted run made`);
	else if (life.resumes === undefined)
		life.around.say(
			`${name} exists just as it was to be created; taken for what the request made whose answer was lost`,
		);
}

/** Takes over what exists, under the etag of what was read; what nobody declares stays as it is. */
async function adopted<Inputs extends object>(
	birth: Birth<Inputs>,
	found: Live<Inputs>,
): Promise<Live<Inputs>> {
	const { life, inputs, remote } = birth;
	const target = { ...birth.target, id: found.id ?? birth.target.id };
	const { fields } = life.kind;
	if (holds(facetsOf(fields, inputs as Values), facetsOf(fields, found.values as Values))) return found;
	const declared = inputs as Values;
	const desired = desiredOf(life.kind, { live: found.values as Values, declared, released: [] });
	try {
		return await writeSettled(life, { remote, target, desired: desired as Inputs, base: found });
	} catch (error) {
		if (!(error instanceof PreconditionFailed)) throw error;
		throw new LifecycleError(
			"ChangedElsewhere",
			`${naming(life, target)} was changed by somebody else while it was being adopted; nothing was written. Run the command again.`,
			error,
		);
	}
}

/** Making it anew would be no adoption: it would have other credentials. */
function unseen<Inputs extends object>({ life, target }: Birth<Inputs>, cause: Error): LifecycleError {
	return new LifecycleError(
		"AlreadyExists",
		`${naming(life, target)} exists by the service's word and can't be read, so it was not adopted and nothing was written: it ` +
			"was deleted meanwhile, or does not show yet. Run the command again. If it moves from another resource of this " +
			`program, let that one depend on this one (\`dependsOn\`), lest it deletes it first. (${cause.message})`,
		cause,
	);
}

function exists<Inputs extends object>({ life, target }: Birth<Inputs>, cause: Error): LifecycleError {
	const unproven =
		life.resumes === undefined ? "" : ", for nothing proves that an interrupted run of this program made it";
	return new LifecycleError(
		"AlreadyExists",
		`${naming(life, target)} exists already and was left as it is${unproven}. To take it over as it is declared, set ` +
			`\`adopt: true\` on it; ${life.kind.words.instead}. (${cause.message})`,
		cause,
	);
}
