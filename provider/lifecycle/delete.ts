import { driftOf, isAnother } from "./drift.ts";
import { LifecycleError } from "./errors.ts";
import type { Live, Remote, Target, Values } from "./kind.ts";
import { etagOf, type Life, naming } from "./life.ts";
import { AnswerLost, PreconditionFailed } from "./outcome.ts";
import { Patience } from "./patience.ts";
import { threeWay } from "./report.ts";
import { unsettled } from "./unsettled.ts";

/** One deletion under way. */
interface Removal<Inputs extends object> {
	readonly life: Life<Inputs>;
	readonly target: Target;
	readonly remote: Remote<Inputs>;
	readonly olds: Values;
	readonly patience: Patience;
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
	const key = life.kind.key(target);
	if (life.around.owners.isTakenOver(key)) {
		life.around.say(`${naming(life, target)} stays, for another resource of this program has taken it over`);
		return;
	}
	life.around.guard.count(life.kind.removal, key, naming(life, target));
	const removal = { life, target, remote, olds, patience: new Patience(life.around) };
	let etag = etagOf(olds) || (await freshEtag(removal));
	while (etag !== undefined) {
		etag = await attempt(removal, etag);
	}
	life.around.owners.release(key);
}

/** Tries once. Answers the etag to try next, or undefined when the object is gone. */
async function attempt<Inputs extends object>(
	removal: Removal<Inputs>,
	etag: string,
): Promise<string | undefined> {
	try {
		await removal.remote.remove(removal.target, etag);
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
	const { life, target, remote, patience } = removal;
	await patience.pause(lost);
	const live = await remote.find(target).catch((cause: unknown) => {
		throw unsettled(life, target, { done: "deleted", lost, cause, next: "." });
	});
	if (live === undefined || remote.isRemoved?.(live)) return undefined;
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
