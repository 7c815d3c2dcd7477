import { holds } from "./drift.ts";
import { LifecycleError, PartialError } from "./errors.ts";
import { facetsOf } from "./facets.ts";
import { insist } from "./insist.ts";
import type { Live, Remote, Target, Values } from "./kind.ts";
import { countRisks, derived, type Life, naming } from "./life.ts";
import { desiredOf } from "./merge.ts";
import { isOurs } from "./ours.ts";
import { AnswerLost, HalfDone, ObjectExists, PreconditionFailed } from "./outcome.ts";
import { outputsOf } from "./outputs.ts";
import { declaredTarget, isNamed, withMark } from "./ownership.ts";
import { Patience } from "./patience.ts";
import { type Holder, newHolder } from "./recordMark.ts";
import { unsettled } from "./unsettled.ts";
import { writeSettled } from "./write.ts";

/** What Pulumi expects of `create`. */
export interface CreateResult {
	id: string;
	outs: Record<string, unknown>;
}

/** What follows the first adoption of a run: nothing tells it whether state has an earlier record of the object. */
const EARLIER_RECORD =
	". If another resource of this stack held it until now, the next `pulumi up` drops that record and deletes nothing; before a " +
	"run with --target or --exclude, drop that record by `pulumi state delete`";

/**
 * Says that objects were taken over, and once in a run what may be left of their earlier records.
 *
 * @param names how messages name them
 */
export function tellAdopted<Inputs extends object>(
	{ around }: Pick<Life<Inputs>, "around">,
	names: string,
	verb: "was" | "were",
): void {
	const hint = around.claims.isFirstAdoption() ? EARLIER_RECORD : "";
	around.say(
		`${names} existed already and ${verb} adopted${verb === "was" ? hint : hint.replace("held it", "held them")}`,
	);
}

/** One attempt to bring an object into being. */
interface Birth<Inputs extends object> {
	readonly life: Life<Inputs>;
	readonly inputs: Inputs;
	readonly target: Target;
	readonly remote: Remote<Inputs>;
	readonly started: number;
	/** The record that is to hold the object. */
	readonly holder: Holder;
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
	const birth = { life, inputs, target, remote: kind.connect("create"), started: around.now(), holder };
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

/** Two resources of one program would write, and delete, the same object by turns. */
function requireFree<Inputs extends object>({ life, target, holder }: Birth<Inputs>, key: string): void {
	const other = life.around.claims.tryClaim(key, holder);
	if (other === undefined) return;
	const isReplacement = holder.tag !== "" && holder.tag === other.tag;
	// A replacement that was killed between its halves: what is there now is not what it deleted.
	if (isReplacement && life.plans.isReborn(key)) {
		life.around.claims.release(key, other);
		life.around.claims.claimExisting(key, holder);
		return;
	}
	if (isReplacement) throw blocked({ life, target });
	throw new LifecycleError(
		"DeclaredTwice",
		`${naming(life, target)} is in this stack already: ${other.name} has it, as a resource of its own or in a fleet, so it was ` +
			"not created once more. Declare it in one place. (To create it anew, take it out of the program for one run.)",
	);
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

/** What came of a creation. */
interface Outcome<Inputs> {
	readonly live: Live<Inputs>;
	readonly isAdopted: boolean;
}

/** Creates until there is an answer; one that was lost on the way is looked up, not guessed. */
async function bear<Inputs extends object>(birth: Birth<Inputs>): Promise<Outcome<Inputs>> {
	const patience = new Patience(birth.life.around);
	let doubt: Error | undefined;
	for (;;) {
		try {
			return { live: await birth.remote.create(birth.inputs), isAdopted: false };
		} catch (error) {
			if (error instanceof ObjectExists) {
				if (await purgeLeftBehind(birth, patience)) continue;
				return existing(birth, error, doubt);
			}
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

/**
 * A deletion of this process that only disabled the object left it in the way of its replacement: it is deleted now.
 *
 * @returns whether there was such an object, so that creating may succeed
 */
async function purgeLeftBehind<Inputs extends object>(
	{ life, target, remote }: Birth<Inputs>,
	patience: Patience,
): Promise<boolean> {
	const { kind, around } = life;
	const key = kind.key(target);
	const left = around.claims.takeLeftBehind(key);
	if (left === undefined || remote.purge === undefined) return false;
	const live = await remote.find(target);
	const isSame = left.uid === undefined || left.uid === live?.incarnation;
	if (live === undefined || !isSame || !remote.isRemoved?.(live)) return false;
	around.guard.count("delete", key, naming(life, target));
	try {
		await remote.purge(target, live.etag);
	} catch (error) {
		if (error instanceof PreconditionFailed) return false;
		if (!(error instanceof AnswerLost)) throw error;
		around.claims.leaveBehind(key, left.uid);
		await patience.pause(error);
		patience.again(error);
	}
	return true;
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

async function claim<Inputs extends object>(
	birth: Birth<Inputs>,
	found: Live<Inputs>,
	{ why, doubt }: { why: Error; doubt: Error | undefined },
): Promise<Outcome<Inputs>> {
	const { life, inputs, started } = birth;
	const lost = doubt && { lost: life.around.now() - started };
	if (isOurs(life, found, { inputs: inputs as Values, ...lost })) {
		tellOurs(birth, doubt);
		return { live: found, isAdopted: false };
	}
	if ((birth.inputs as Values)["adopt"] !== true) throw exists(birth, why);
	const { target, holder } = birth;
	const key = life.kind.key({ ...target, id: found.id ?? target.id });
	requireFree(birth, key);
	const live = await adopted(birth, found).catch((error: unknown) => {
		if (!(error instanceof HalfDone)) life.around.claims.release(key, holder);
		throw error;
	});
	if (life.hidden !== true) tellAdopted(life, naming(life, target), "was");
	return { live, isAdopted: true };
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
	countRisks(life, { ...target, values: found.values as Values }, declared);
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

function exists<Inputs extends object>(
	{ life, target, holder }: Birth<Inputs>,
	cause: Error,
): LifecycleError {
	const key = life.kind.key(target);
	const mayReplace = holder.createsFirst || life.around.claims.isReplacement(key);
	const isAnotherOne = life.plans.isGone(key) || life.plans.isReborn(key);
	if (holder.isNew && mayReplace && !isAnotherOne) return blocked({ life, target, cause });
	const unproven =
		life.resumes === undefined ? "" : ", for nothing proves that an interrupted run of this program made it";
	return new LifecycleError(
		"AlreadyExists",
		`${naming(life, target)} exists already and was left as it is${unproven}. To take it over as it is declared, set ` +
			`\`adopt: true\` on it; ${life.kind.words.instead}. (${cause.message})`,
		cause,
	);
}

/** A replacement that is created before the old object is deleted finds that one in its way. */
function blocked<Inputs extends object>({
	life,
	target,
	cause,
}: Pick<Birth<Inputs>, "life" | "target"> & { cause?: Error }): LifecycleError {
	const said = cause === undefined ? "" : ` (${cause.message})`;
	return new LifecycleError(
		"AlreadyExists",
		`${naming(life, target)} exists already and was left as it is. If this run is to replace it, take \`deleteBeforeReplace: ` +
			"false` or `retainOnDelete: true` out of the resource's options for this run, so that the old one is deleted first. " +
			`Otherwise delete the existing one, or declare another id.${said}`,
		cause,
	);
}
