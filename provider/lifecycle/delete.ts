import { driftOf, isAnother } from "./drift.ts";
import { LifecycleError } from "./errors.ts";
import type { Risk } from "./guard.ts";
import type { Live, Remote, Target, Values } from "./kind.ts";
import { etagOf, type Life, naming } from "./life.ts";
import { AnswerLost, PreconditionFailed } from "./outcome.ts";
import { describeHandOver, findOtherHolder, heldElsewhere, notReplaceable } from "./ownership.ts";
import { Patience } from "./patience.ts";
import { type Holder, holderOf } from "./recordMark.ts";
import { threeWay } from "./report.ts";
import { unsettled } from "./unsettled.ts";

/** One deletion under way. */
interface Removal<Inputs extends object> {
	readonly life: Life<Inputs>;
	readonly target: Target;
	readonly remote: Remote<Inputs>;
	readonly olds: Values;
	/** Whether the object is deleted for good where others are only disabled. */
	readonly isPurged: boolean;
	readonly patience: Patience;
}

/**
 * What ending a record does to its object, as limits count it: an object that the same resource declares again is replaced, so it
 * is deleted where others are disabled.
 */
export function removalOf<Inputs extends object>(
	{ kind, around }: Life<Inputs>,
	target: Target,
	holder: Holder,
): Risk {
	return around.claims.isDeclaredAgain(kind.key(target), holder) ? "delete" : kind.removal;
}

/**
 * Deletes the object under the etag of the last deployment, which proves that it is the right one and untouched.
 * Under another etag it goes only if it is the same incarnation with every declared field as it was.
 */
export async function remove<Inputs extends object>(
	life: Life<Inputs>,
	id: string,
	olds: Values,
): Promise<void> {
	const remote = life.kind.connect("delete");
	const target = { id, values: olds };
	const { kind, around, plans } = life;
	const key = kind.key(target);
	const holder = life.holder ?? holderOf(olds);
	if (isHandedOver(life, target, holder)) return;
	// A fleet looks at all its members before it deletes the first, and one that leaves it is not replaced.
	const refusal = life.holder === undefined ? refusalOfReplacement(life, target, holder) : undefined;
	if (refusal !== undefined) throw refusal;
	const risk = removalOf(life, target, holder);
	// What is replaced makes room, so it is deleted where others would be disabled.
	const isPurged = risk !== kind.removal;
	const removal: Removal<Inputs> = { life, target, remote, olds, isPurged, patience: new Patience(around) };
	if (plans.isGone(key)) {
		await requireGone(removal);
	} else {
		around.guard.count(risk, key, naming(life, target));
		let etag = etagOf(olds) || (await freshEtag(removal));
		while (etag !== undefined) {
			etag = await attempt(removal, etag);
		}
	}
	around.claims.release(key, holder);
}

/** Whether the object stays, for another resource has it. */
function isHandedOver<Inputs extends object>(life: Life<Inputs>, target: Target, holder: Holder): boolean {
	const other = findOtherHolder(life, target, holder);
	if (other === undefined) return false;
	if (!other.holds) throw heldElsewhere(life, target, other);
	life.around.say(describeHandOver(life, target, other));
	return true;
}

/**
 * A forced replacement asks nobody whether the object can be created again, so the deletion that begins it does; undefined where
 * it can be, or where it is only to be deleted.
 */
export function refusalOfReplacement<Inputs extends object>(
	life: Life<Inputs>,
	target: Target,
	holder: Holder,
): LifecycleError | undefined {
	const { kind, around } = life;
	const reason = kind.refusesReplacement?.(target.values);
	if (reason === undefined || !around.claims.isDeclaredAgain(kind.key({ ...target, id: "" }), holder))
		return undefined;
	return notReplaceable(life, target, reason);
}

/** What the plan found missing is not deleted if it is there again: no plan has shown it. */
async function requireGone<Inputs extends object>({
	life,
	target,
	remote,
	olds,
}: Removal<Inputs>): Promise<void> {
	const live = await remote.find(target);
	if (live === undefined) {
		await remote.cleanUp?.(target);
		return;
	}
	const isNew = isAnother(life.kind, olds, live);
	throw new LifecycleError(
		isNew ? "RecreatedElsewhere" : "ChangedElsewhere",
		`${naming(life, target)} was not deleted: the plan of this run found none, and ${isNew ? "another one" : "it"} is there ` +
			"now. Nothing was changed. Run the command again: the next plan compares it.",
	);
}

/** Tries once. Answers the etag to try next, or undefined when the object is gone. */
async function attempt<Inputs extends object>(
	removal: Removal<Inputs>,
	etag: string,
): Promise<string | undefined> {
	try {
		const { remote, target, isPurged } = removal;
		await (isPurged && remote.purge ? remote.purge(target, etag) : remote.remove(target, etag));
		return undefined;
	} catch (error) {
		if (error instanceof AnswerLost) return settled(removal, error);
		if (!(error instanceof PreconditionFailed)) throw error;
		const fresh = await freshEtag(removal);
		if (fresh === etag) throw error;
		return fresh;
	}
}

/** After a lost answer: the etag of an object that is still there, or undefined when it is gone, or as it is to be left. */
async function settled<Inputs extends object>(
	removal: Removal<Inputs>,
	lost: AnswerLost,
): Promise<string | undefined> {
	const { life, target, remote, patience, isPurged } = removal;
	await patience.pause(lost);
	const live = await remote.find(target).catch((cause: unknown) => {
		throw unsettled(life, target, { done: "deleted", lost, cause, next: "." });
	});
	if (live === undefined || (!isPurged && remote.isRemoved?.(live))) return undefined;
	const etag = proven(removal, live);
	patience.again(lost);
	return etag;
}

async function freshEtag<Inputs extends object>(removal: Removal<Inputs>): Promise<string | undefined> {
	const live = await removal.remote.find(removal.target);
	return live && proven(removal, live);
}

/** The etag to delete under. Refuses another object of the same id, and one with changes that no plan has shown. */
function proven<Inputs extends object>({ life, target, olds }: Removal<Inputs>, live: Live<Inputs>): string {
	const name = naming(life, target);
	if (isAnother(life.kind, olds, live)) {
		throw new LifecycleError(
			"RecreatedElsewhere",
			`${name} was not deleted: the object that Pulumi deployed is gone, and somebody created another one under ` +
				`the same id since. To delete that one, run \`pulumi refresh\` first, which takes it over; to keep it, ` +
				`run \`pulumi state delete\` for this resource.`,
		);
	}
	const differences = driftOf(life.kind, live, { outputs: olds });
	if (differences.length === 0) return live.etag;
	throw new LifecycleError(
		"ChangedElsewhere",
		`${name} was not deleted: somebody changed it since the last deployment.\n${threeWay(differences)}\n` +
			`Run \`pulumi refresh\` to take note of the change, then delete it.`,
	);
}
