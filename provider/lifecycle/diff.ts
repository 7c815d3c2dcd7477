import { declaresOthers, driftOf, holds, isAnother, isOpen, releasedPaths } from "./drift.ts";
import { LifecycleError } from "./errors.ts";
import { facetsOf, namesWithRole } from "./facets.ts";
import { lookAt } from "./insist.ts";
import type { Live, Remote, Target, Values } from "./kind.ts";
import { countRisks, derived, etagOf, type Life, naming, onDriftOf } from "./life.ts";
import { notedDrift, sinceDeployment } from "./noted.ts";
import {
	declaredTarget,
	describeHandOver,
	findOtherHolder,
	giveUp,
	requireOrder,
	requireReplaceable,
	warnOfTakers,
} from "./ownership.ts";
import type { Seen } from "./plans.ts";
import { lastDeclared, movedBy, withholdsInputs } from "./record.ts";
import { type Holder, holderOf, isRenamed } from "./recordMark.ts";
import { changeTold, deletionTold, recreationTold } from "./told.ts";
import { hasUnknown } from "./unknown.ts";

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
	{ olds, news: inputs }: { olds: Values; news: Values },
): Promise<DiffResult> {
	const { kind, plans, around } = life;
	const news = derived(life, inputs);
	const target = { id, values: olds };
	const holder = life.holder ?? holderOf(olds, inputs);
	const replaces = movedBy(kind.fields, olds, news);
	if (replaces.length > 0) {
		planReplacement(life, target, { news, replaces, holder });
		return { changes: true, replaces, deleteBeforeReplace: true };
	}
	const key = kind.key(target);
	around.claims.claimExisting(key, holder);
	const remote = kind.connect("read");
	const seen = await look(life, target, remote);
	if (seen === undefined) {
		around.claims.release(key, holder);
		plans.markGone(key);
		plans.markGone(kind.key({ ...target, id: kind.id(news as Inputs) }));
		return deleted(life, news, await deletionTold(life, target, remote));
	}
	// In an update the engine asks about what depends on a replacement before it knows its inputs, and asks again later.
	const isComplete = life.hidden === true || !hasUnknown(news);
	if (isComplete) plans.remember(key, seen);
	const drifted = seen !== "untouched" && tellDrift(life, target, { live: seen, news });
	const takesOver = judgeNoted(life, target, { seen, news });
	if (isComplete) countRisks(life, target, news);
	const isDue = kind.deeds?.isDue(olds, news) === true;
	if (isDue && life.hidden !== true) life.around.say(`${naming(life, target)} ${kind.deeds?.told(news)}`);
	const isNamedAnew = life.holder === undefined && isRenamed(olds, inputs);
	const changes = drifted || takesOver || isDue || isNamedAnew || declaresChange(life, olds, news);
	return { changes, replaces: [], deleteBeforeReplace: false };
}

/**
 * A replacement that the inputs demand deletes the object before any other resource can take it over: it is counted, and said,
 * for Pulumi's display names no object. Nothing is promised of inputs that are not known yet.
 */
function planReplacement<Inputs extends object>(
	life: Life<Inputs>,
	target: Target,
	{ news, replaces, holder }: { news: Values; replaces: readonly string[]; holder: Holder },
): void {
	const { kind, around } = life;
	if (replaces.some((name) => hasUnknown(news[name]))) return;
	const successor = naming(life, declaredTarget(life, news));
	const because = `${replaces.join(" and ")} ${replaces.length === 1 ? "differs" : "differ"}`;
	const other = findOtherHolder(life, target, holder);
	if (other !== undefined) {
		requireOrder(holder, [[kind.label(target), other]]);
		around.say(`${describeHandOver(life, target, other)}; ${successor} is created`);
		return;
	}
	requireReplaceable(life, target);
	around.guard.count(kind.removal, kind.key(target), naming(life, target));
	giveUp(life, target, holder, declaredTarget(life, news));
	warnOfTakers(life, holder);
	if (life.hidden !== true)
		around.say(
			`${naming(life, target)} will be ${kind.removal}d, and ${successor} created in its place: ${because}`,
		);
}

/** What the object is like: as the refresh before this plan read it, or by the cheapest look there is. */
async function look<Inputs extends object>(
	life: Life<Inputs>,
	target: Target,
	remote: Remote<Inputs>,
): Promise<Seen<Inputs> | undefined> {
	const olds = target.values;
	const refreshed = life.plans.refreshed(life.kind.key(target));
	if (refreshed !== undefined) return refreshed;
	return lookAt(life, olds, () => remote.probe(target, etagOf(olds), "recent"));
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
	if (recreated) life.plans.markReborn(kind.key(target));
	const drift = driftOf(kind, live, { outputs: olds, inputs: news });
	if (!recreated && drift.length === 0) return false;
	const differences = sinceDeployment(drift, olds);
	// A change to the very value that is declared now, our own of an interrupted run perhaps, needs no policy.
	if (recreated) {
		tell(life, news, { code: "RecreatedElsewhere", text: recreationTold(life, target, differences) });
	} else if (differences.length > 0) {
		const text = changeTold(life, target, differences);
		if (differences.some(isOpen)) tell(life, news, { code: "DriftRefused", text });
		else life.around.say(text);
	}
	return true;
}

/**
 * Under `fail`, what an earlier refresh took into state is refused like what the plan itself sees: to write the declared
 * value back would undo somebody's change although the stack asks not to. Answers whether the program took such a change
 * over: state must learn of it by an update without a write, or the program's next change of it would be refused too.
 *
 * Otherwise it is told only where Pulumi's display can't: where state's inputs could not follow the refresh.
 */
function judgeNoted<Inputs extends object>(
	life: Life<Inputs>,
	target: Target,
	{ seen, news }: { seen: Seen<Inputs>; news: Values },
): boolean {
	const isRefused = onDriftOf(life, news) === "fail";
	if (!isRefused && !withholdsInputs(life.kind.fields, target.values)) return false;
	const { open, taken } = notedDrift(life.kind, seen, { olds: target.values, news });
	if (open.length > 0) tell(life, news, { code: "DriftRefused", text: changeTold(life, target, open) });
	return isRefused && taken.length > 0;
}

function deleted<Inputs extends object>(life: Life<Inputs>, news: Values, told: string): DiffResult {
	tell(life, news, { code: "DeletedElsewhere", text: `${told}; it will be created again` });
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
