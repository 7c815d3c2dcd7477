import { declaresOthers, driftOf, holds, isAnother, isOpen, releasedPaths } from "./drift.ts";
import { LifecycleError } from "./errors.ts";
import { facetsOf, namesWithRole } from "./facets.ts";
import { insist, isFresh } from "./insist.ts";
import type { Live, Target, Values } from "./kind.ts";
import { etagOf, type Life, naming, onDriftOf } from "./life.ts";
import type { Seen } from "./plans.ts";
import { lastDeclared, movedBy } from "./record.ts";
import { threeWay } from "./report.ts";

/** What Pulumi expects of `diff`. */
export interface DiffResult {
	changes: boolean;
	replaces: string[];
	deleteBeforeReplace: boolean;
}

/**
 * Compares what is declared with the last deployment and with the live object. An equal etag proves the object
 * untouched, and nothing more is asked; under another etag the declared fields decide.
 */
export async function diff<Inputs extends object>(
	life: Life<Inputs>,
	id: string,
	{ olds, news }: { olds: Values; news: Values },
): Promise<DiffResult> {
	const { kind, plans } = life;
	const replaces = movedBy(kind.fields, olds, news);
	if (replaces.length > 0) return { changes: true, replaces, deleteBeforeReplace: true };
	const target = { id, values: olds };
	const seen = await look(life, target, olds);
	if (seen === undefined) return deleted(life, target, news);
	plans.remember(kind.key(target), seen);
	const drifted = seen !== "untouched" && tellDrift(life, target, { live: seen, news });
	return { changes: drifted || declaresChange(life, olds, news), replaces: [], deleteBeforeReplace: false };
}

/** What the object is like: as the refresh before this plan read it, or by the cheapest look there is. */
async function look<Inputs extends object>(
	{ kind, around, plans }: Life<Inputs>,
	target: Target,
	olds: Values,
): Promise<Seen<Inputs> | undefined> {
	const refreshed = plans.refreshed(kind.key(target));
	if (refreshed !== undefined) return refreshed;
	const remote = kind.connect("read");
	const probe = () => remote.probe(target, etagOf(olds));
	return isFresh(kind, olds, around.now()) ? insist(around, "expected", probe) : probe();
}

function declaresChange<Inputs extends object>({ kind }: Life<Inputs>, olds: Values, news: Values): boolean {
	return (
		!holds(facetsOf(kind.fields, news), lastDeclared(kind.fields, olds)) ||
		declaresOthers(kind, olds, news) ||
		releasedPaths(kind, olds, news).length > 0 ||
		kind.stale(olds, news)
	);
}

/** Says what somebody else did to the object. Answers whether the plan must do anything about it. */
function tellDrift<Inputs extends object>(
	life: Life<Inputs>,
	target: Target,
	{ live, news }: { live: Live<Inputs>; news: Values },
): boolean {
	const { kind } = life;
	const olds = target.values;
	const recreated = isAnother(kind, olds, live);
	const differences = driftOf(kind, live, { outputs: olds, inputs: news });
	if (!recreated && differences.length === 0) return false;
	const what = recreated
		? `was deleted and created again outside Pulumi since the last deployment; ${kind.words.reborn}`
		: "was changed outside Pulumi since the last deployment";
	const detail = differences.length === 0 ? "" : `:\n${threeWay(differences)}`;
	const text = `${naming(life, target)} ${what}${detail}`;
	// A change to the very value that is declared now, our own of an interrupted run perhaps, needs no policy.
	if (recreated) tell(life, news, { code: "RecreatedElsewhere", text });
	else if (differences.some(isOpen)) tell(life, news, { code: "DriftRefused", text });
	else life.around.say(text);
	return true;
}

function deleted<Inputs extends object>(life: Life<Inputs>, target: Target, news: Values): DiffResult {
	const text = `${naming(life, target)} was deleted outside Pulumi since the last deployment; it will be created again`;
	tell(life, news, { code: "DeletedElsewhere", text });
	return {
		changes: true,
		replaces: namesWithRole(life.kind.fields, "identity").slice(0, 1),
		deleteBeforeReplace: true,
	};
}

function tell<Inputs extends object>(
	life: Life<Inputs>,
	news: Values,
	{ code, text }: { code: "DriftRefused" | "DeletedElsewhere" | "RecreatedElsewhere"; text: string },
): void {
	if (onDriftOf(life, news) === "reconcile") {
		life.around.say(text);
		return;
	}
	throw new LifecycleError(
		code,
		`${text}\nNothing was written, because onDrift is "fail". Put the object back, or take the change into the ` +
			`program and run \`pulumi refresh\`, or set onDrift to "reconcile".`,
	);
}
