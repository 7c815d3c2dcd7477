import { holds } from "./drift.ts";
import { LifecycleError } from "./errors.ts";
import { facetsOf } from "./facets.ts";
import type { Live, Remote, Target, Values } from "./kind.ts";
import { countRisks, type Life, naming } from "./life.ts";
import { desiredOf } from "./merge.ts";
import { isOurs } from "./ours.ts";
import { HalfDone, PreconditionFailed } from "./outcome.ts";
import type { Holder } from "./recordMark.ts";
import { writeSettled } from "./write.ts";

/** One attempt to bring an object into being. */
export interface Birth<Inputs extends object> {
	readonly life: Life<Inputs>;
	readonly inputs: Inputs;
	readonly target: Target;
	readonly remote: Remote<Inputs>;
	readonly started: number;
	/** The record that is to hold the object. */
	readonly holder: Holder;
}

/** What came of a creation. */
export interface Outcome<Inputs> {
	readonly live: Live<Inputs>;
	readonly isAdopted: boolean;
}

/** What follows the first adoption of a run: nothing tells it whether state has an earlier record of the object. */
const EARLIER_RECORD =
	". If another resource of this stack held it until now, a complete `pulumi up` drops that record and deletes nothing; before a " +
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

/** Two resources of one program would write, and delete, the same object by turns. */
export function requireFree<Inputs extends object>(
	{ life, target, holder }: Birth<Inputs>,
	key: string,
): void {
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

/** Takes for ours what a lost answer or an interrupted run of ours made, adopts it, or says whose it is. */
export async function claim<Inputs extends object>(
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
export function unseen<Inputs extends object>({ life, target }: Birth<Inputs>, cause: Error): LifecycleError {
	return new LifecycleError(
		"AlreadyExists",
		`${naming(life, target)} exists by the service's word and can't be read, so it was not adopted and nothing was written: it ` +
			"was deleted meanwhile, or does not show yet. Run the command again. If it moves from another resource of this " +
			`program, let that one depend on this one (\`dependsOn\`), lest it deletes it first. (${cause.message})`,
		cause,
	);
}

/** Refuses to touch an object that exists, with what to do about it: adopt it, or let a replacement delete it first. */
export function exists<Inputs extends object>(
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
			`Otherwise it is somebody else's: declare another id.${said}`,
		cause,
	);
}
