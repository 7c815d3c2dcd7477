import { driftOf, holds, isAnother, releasedPaths } from "./drift.ts";
import { LifecycleError, PartialError } from "./errors.ts";
import { facetsOf } from "./facets.ts";
import type { Live, Remote, Target, Values } from "./kind.ts";
import { countRisks, derived, etagOf, type Life, naming } from "./life.ts";
import { desiredOf } from "./merge.ts";
import { HalfDone, PreconditionFailed } from "./outcome.ts";
import { outputsOf } from "./outputs.ts";
import { withMark } from "./ownership.ts";
import { DECLARED_ONLY } from "./record.ts";
import { keepOrCreateMark } from "./recordMark.ts";
import { threeWay } from "./report.ts";
import { writeSettled } from "./write.ts";

/** What Pulumi expects of `update`. */
export interface UpdateResult {
	outs: Record<string, unknown>;
}

interface Change<Inputs extends object> {
	readonly life: Life<Inputs>;
	readonly target: Target;
	readonly remote: Remote<Inputs>;
	readonly olds: Values;
	readonly news: Values;
}

/** Makes the object as declared by one conditional write under the etag that the plan saw, or by none. */
export async function update<Inputs extends object>(
	life: Life<Inputs>,
	id: string,
	{ olds, news: inputs }: { olds: Values; news: Values },
): Promise<UpdateResult> {
	const news = derived(life, inputs);
	const change: Change<Inputs> = { life, target: { id, values: olds }, remote: life.kind.connect("update"), olds, news };
	countRisks(life, change.target, news);
	const base = await planned(change);
	// What the object was like just before the write is evidence that is gone after it.
	const last = { ...olds, ...life.kind.deeds?.renewed(base, olds) };
	const mark = keepOrCreateMark(olds, inputs);
	try {
		const outputs = outputsOf(life.kind, await written(change, base), news, last);
		return { outs: withMark(life, outputs, mark) };
	} catch (error) {
		if (error instanceof PreconditionFailed) throw await changedElsewhere(change, error);
		if (!(error instanceof HalfDone)) throw error;
		const outputs = outputsOf(life.kind, error.live as Live<Inputs>, news, last);
		throw new PartialError(id, withMark(life, outputs, mark), error);
	}
}

/** The object as the plan saw it, with all that a full replacement must carry over. */
async function planned<Inputs extends object>(change: Change<Inputs>): Promise<Live<Inputs>> {
	const { life, target, remote, olds } = change;
	const seen = life.plans.take(life.kind.key(target));
	if (seen !== undefined && seen !== "untouched") return seen;
	// Where state holds only what was declared, everything else must be read before it can be carried over.
	const isWhole = seen === "untouched" && olds[DECLARED_ONLY] !== true;
	const recalled = isWhole ? life.kind.recall(olds) : undefined;
	if (recalled !== undefined) return { ...recalled, id: target.id };
	const found = await remote.find(target);
	if (found === undefined) throw deletedElsewhere(change);
	const isNew = isAnother(life.kind, olds, found);
	if (!isNew && found.etag === etagOf(olds)) return found;
	// A plan that saw it untouched has shown nothing of what became of it since.
	const isShown = seen === undefined && !isNew && driftOf(life.kind, found, { outputs: olds }).length === 0;
	if (isShown) return found;
	throw await changedElsewhere(change);
}

async function written<Inputs extends object>(
	change: Change<Inputs>,
	base: Live<Inputs>,
): Promise<Live<Inputs>> {
	const { life, target, remote, olds, news } = change;
	const released = releasedPaths(life.kind, olds, news);
	const live = base.values as Values;
	const desired = desiredOf(life.kind, { live, declared: news, released });
	const whole = life.kind.deeds?.isDue(olds, news) ? withDeed(change, base, desired) : desired;
	if (asDesired(life, whole, live)) return base;
	return writeSettled(life, { remote, target, desired: whole as Inputs, base });
}

/** The object as it is to be once what was asked for is done, which an interrupted run may have done. */
function withDeed<Inputs extends object>(
	{ life, target, olds, news }: Change<Inputs>,
	base: Live<Inputs>,
	desired: Values,
): Values {
	const deed = life.kind.deeds?.carriedOut(desired, { live: base, inputs: news, outputs: olds });
	if (deed?.step === "do") return deed.desired;
	if (deed?.step === "unprovable")
		throw new LifecycleError("ChangedElsewhere", `${naming(life, target)} ${deed.why}.`);
	life.around.say(
		`${naming(life, target)} ${life.kind.deeds?.told(news)}: an interrupted run did it already`,
	);
	return desired;
}

/** Equal declared fields are taken as they are, under whatever etag: no write. */
function asDesired<Inputs extends object>({ kind }: Life<Inputs>, desired: Values, live: Values): boolean {
	const wanted = facetsOf(kind.fields, desired);
	const now = facetsOf(kind.fields, live);
	return holds(wanted, now) && holds(now, wanted);
}

/** The three-way report of a change that arrived between the plan and the write. */
async function changedElsewhere<Inputs extends object>(
	change: Change<Inputs>,
	cause?: Error,
): Promise<LifecycleError> {
	const { life, target, remote, olds, news } = change;
	const found = await remote.find(target);
	if (found === undefined) return deletedElsewhere(change);
	const differences = driftOf(life.kind, found, { outputs: olds, inputs: news });
	const detail =
		differences.length === 0 ? "    No declared field differs; only the etag moved." : threeWay(differences);
	return new LifecycleError(
		"ChangedElsewhere",
		`${naming(life, target)} was changed by somebody else after this plan was made; nothing was written.\n${detail}\n` +
			`Run the command again: the next plan shows the change and what will be done about it.`,
		cause,
	);
}

function deletedElsewhere<Inputs extends object>({ life, target }: Change<Inputs>): LifecycleError {
	return new LifecycleError(
		"DeletedElsewhere",
		`${naming(life, target)} was deleted by somebody else after this plan was made. Run the command again: the ` +
			`next plan creates it.`,
	);
}
