import type { CheckResult } from "../lifecycle/check.ts";
import type { Values } from "../lifecycle/kind.ts";
import type { Lifecycle } from "../lifecycle/lifecycle.ts";
import { declareChecked, declareLater } from "../lifecycle/ownership.ts";
import {
	type Holder,
	holderOf,
	isRenamed,
	keepOrCreateMark,
	newHolder,
	RECORD,
} from "../lifecycle/recordMark.ts";
import { hasUnknown, isUnknown } from "../lifecycle/unknown.ts";
import { type Applied, applied } from "./apply.ts";
import { checkFleet } from "./checking.ts";
import { FleetError } from "./errors.ts";
import { halfMade } from "./halfMade.ts";
import { inspected } from "./inspect.ts";
import type { FleetKind, Plan } from "./kind.ts";
import { fleetDeclaration, refuseReplacements, splitDeparting, withHolder } from "./ownership.ts";
import { type Change, countRemovals, planOf, planToGiveUp } from "./plan.ts";
import { Progress } from "./progress.ts";
import { refreshed } from "./refresh.ts";
import { keptByName, renamedIn } from "./renamed.ts";
import { keptIn, outputsOf, STATE } from "./state.ts";
import { membersIn } from "./text.ts";
import { counted, planTold } from "./told.ts";

/** A change at hand: what was deployed, and what is declared. */
interface Deployment {
	readonly id: string;
	readonly change: Change;
	readonly plan: Plan;
	readonly inputs: Values;
	/** What tells the fleet's record in state from others. */
	readonly mark: string;
}

/** A plan that does nothing. */
const NOTHING: Plan = {
	added: [],
	changed: [],
	replaced: [],
	removed: [],
	handedOver: [],
	renamed: [],
	scopes: new Map(),
	rekeyed: 0,
};

/** The six verbs of a fleet: one resource that holds many objects, each dealt with as a resource of its own would be. */
export function fleetLifecycle<Inputs extends object>(kind: FleetKind<Inputs>): Lifecycle {
	const plans = new Map<string, Plan>();
	return {
		check: async (olds, news) => checkAndDeclare(kind, olds, news),
		async diff(id, olds, news) {
			const held = withHolder(kind, holderOf(olds, news));
			if (kind.place !== undefined && kind.id(news) !== id) {
				planReplacement(held, { olds, news, place: kind.place });
				return { changes: true, replaces: [kind.place], deleteBeforeReplace: true };
			}
			if (isPartlyUnknown(kind, news)) return { changes: true, replaces: [], deleteBeforeReplace: false };
			const plan = await planOf(held, changeOf(kind, olds, news));
			plans.set(keyOf(kind, id, { olds, news }), plan);
			const told = planTold(kind, plan);
			if (told !== undefined) kind.life.around.say(told);
			return {
				changes: told !== undefined || policiesDiffer(kind, olds, news) || isRenamed(olds, news),
				replaces: [],
				deleteBeforeReplace: false,
			};
		},
		async create(inputs) {
			const id = kind.id(inputs);
			const held = withHolder(kind, newHolder(inputs));
			const change = changeOf(kind, {}, inputs);
			const plan = { ...NOTHING, added: [...change.declared.keys()] };
			const mark = held.holder.record;
			return { id, outs: await carriedOut(held, { id, change, plan, inputs, mark }) };
		},
		async update(id, olds, news) {
			const held = withHolder(kind, holderOf(olds, news));
			const change = changeOf(kind, olds, news);
			const key = keyOf(kind, id, { olds, news });
			const plan = plans.get(key) ?? (await planOf(held, change));
			plans.delete(key);
			const mark = keepOrCreateMark(olds, news);
			return { outs: await carriedOut(held, { id, change, plan, inputs: news, mark }) };
		},
		read: (id, olds) => refreshed(kind, id, olds),
		delete: (_id, olds) => removed(kind, olds),
		inspect: (_id, olds, look) => inspected(kind, olds, look),
	};
}

/** Checks the inputs; what they declare is remembered, and refused where an earlier plan of this run is about to delete it. */
function checkAndDeclare<Inputs extends object>(
	kind: FleetKind<Inputs>,
	olds: Values,
	news: Values,
): CheckResult {
	kind.life.around.claims.endRefresh();
	const result = checkFleet(kind, olds, news);
	if (result.failures.length > 0) return result;
	const declaration = fleetDeclaration(kind, { olds, news: result.inputs });
	if (declaration !== undefined) return declareChecked(kind.life, result, declaration);
	declareLater(kind.life, result.inputs);
	return result;
}

/** Every member goes from the one place before any is created in the other: each is counted, and they are said. */
function planReplacement<Inputs extends object>(
	kind: FleetKind<Inputs> & { readonly holder: Holder },
	{ olds, news, place }: { olds: Values; news: Values; place: string },
): void {
	if (isUnknown(news[place])) return;
	const kept = keptIn(kind, olds);
	const departing = splitDeparting(kind, [...kept.keys()], { fleet: olds, kept, isEarly: true });
	countRemovals(kind, departing.removed, { fleet: olds, kept });
	planToGiveUp(kind, departing.removed, { fleet: olds, kept });
	const added = [...(membersIn(news[kind.members]) ?? new Map()).keys()];
	const told = planTold(kind, { ...NOTHING, ...departing, added });
	if (told !== undefined) kind.life.around.say(`${kind.title} ${kind.id(olds)}: ${place} differs: ${told}`);
}

/** Tells a change from those of other fleets, which may have the same id and even be declared alike: without any member. */
function keyOf<Inputs extends object>(
	{ members }: FleetKind<Inputs>,
	id: string,
	{ olds, news }: { olds: Values; news: Values },
): string {
	return [id, olds[STATE], news[members]].join("\n");
}

function changeOf<Inputs extends object>(kind: FleetKind<Inputs>, olds: Values, news: Values): Change {
	const kept = keptIn(kind, olds);
	const declared = membersIn(news[kind.members]) ?? new Map();
	const renamed = renamedIn(kind, { fleet: news, kept, declared });
	return { fleet: news, kept: keptByName(kept, renamed), declared, renamed };
}

/** Of what is unknown no member can be compared. */
function isPartlyUnknown<Inputs extends object>(
	{ members, common }: FleetKind<Inputs>,
	news: Values,
): boolean {
	return [members, ...Object.keys(common)].some((name) => hasUnknown(news[name]));
}

function policiesDiffer<Inputs extends object>(
	{ policies }: FleetKind<Inputs>,
	olds: Values,
	news: Values,
): boolean {
	return policies.some((name) => olds[name] !== news[name]);
}

async function carriedOut<Inputs extends object>(
	kind: FleetKind<Inputs>,
	{ id, change, plan, inputs, mark }: Deployment,
): Promise<Record<string, unknown>> {
	const { added, changed, replaced, removed, handedOver } = plan;
	const total = [added, changed, replaced, removed, handedOver].flat().length;
	const progress = progressOf(kind, total);
	const { kept, failed } = await appliedInARun(kind, { change, plan, progress });
	const outs = { ...outputsOf(kind, inputs, kept), [RECORD]: mark };
	if (failed.size === 0) return outs;
	const error = new FleetError(
		`${failed.size} of ${counted(kind, total)} failed${failed.size < total ? ", the others are as declared" : ""}`,
		failed,
	);
	if (kept.size === 0) throw error;
	throw halfMade(kind, { id, outs, error });
}

async function appliedInARun<Inputs extends object>(
	kind: FleetKind<Inputs>,
	work: { change: Change; plan: Plan; progress: Progress },
): Promise<Applied> {
	const run = kind.ofOneRun?.();
	if (run === undefined) return applied(kind, work);
	const { holder } = kind.life;
	const life = holder === undefined ? run.life : { ...run.life, holder };
	const done = await applied({ ...kind, life }, work);
	await run.tidyUp();
	return done;
}

function progressOf<Inputs extends object>(
	{ members, width, life }: FleetKind<Inputs>,
	total: number,
): Progress {
	return new Progress(members, { total, atOnce: width.writes }, life.around);
}

/** All members, children before their parents. Those that are gone count as deleted, so a second run does the rest. */
async function removed<Inputs extends object>(kind: FleetKind<Inputs>, olds: Values): Promise<void> {
	const kept = keptIn(kind, olds);
	const held = withHolder(kind, holderOf(olds));
	const change: Change = { fleet: olds, kept, declared: new Map(), renamed: new Map() };
	const departing = splitDeparting(held, [...kept.keys()], { ...change, isEarly: false });
	refuseReplacements(held, departing.removed, change);
	countRemovals(held, departing.removed, change);
	const progress = progressOf(kind, kept.size);
	const plan = { ...NOTHING, ...departing };
	const { failed } = await appliedInARun(held, { change, plan, progress });
	if (failed.size === 0) return;
	throw new FleetError(`${failed.size} of ${counted(kind, kept.size)} not deleted`, failed);
}
