import type { Values } from "../lifecycle/kind.ts";
import type { Lifecycle } from "../lifecycle/lifecycle.ts";
import { hasUnknown } from "../lifecycle/unknown.ts";
import { type Applied, applied } from "./apply.ts";
import { checkFleet } from "./checking.ts";
import { FleetError } from "./errors.ts";
import { halfMade } from "./halfMade.ts";
import { inspected } from "./inspect.ts";
import type { FleetKind, Plan } from "./kind.ts";
import { type Change, countRemovals, planOf } from "./plan.ts";
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
}

/** A plan that does nothing. */
const NOTHING: Plan = {
	added: [],
	changed: [],
	replaced: [],
	removed: [],
	renamed: [],
	scopes: new Map(),
	rekeyed: 0,
};

/** The six verbs of a fleet: one resource that holds many objects, each dealt with as a resource of its own would be. */
export function fleetLifecycle<Inputs extends object>(kind: FleetKind<Inputs>): Lifecycle {
	const plans = new Map<string, Plan>();
	return {
		check: async (olds, news) => checkFleet(kind, olds, news),
		async diff(id, olds, news) {
			if (kind.place !== undefined && kind.id(news) !== id)
				return { changes: true, replaces: [kind.place], deleteBeforeReplace: true };
			if (isPartlyUnknown(kind, news)) return { changes: true, replaces: [], deleteBeforeReplace: false };
			const plan = await planOf(kind, changeOf(kind, olds, news));
			plans.set(keyOf(kind, id, { olds, news }), plan);
			const told = planTold(kind, plan);
			if (told !== undefined) kind.life.around.say(told);
			return {
				changes: told !== undefined || policiesDiffer(kind, olds, news),
				replaces: [],
				deleteBeforeReplace: false,
			};
		},
		async create(inputs) {
			const id = kind.id(inputs);
			const change = changeOf(kind, {}, inputs);
			const plan = { ...NOTHING, added: [...change.declared.keys()] };
			return { id, outs: await carriedOut(kind, { id, change, plan, inputs }) };
		},
		async update(id, olds, news) {
			const change = changeOf(kind, olds, news);
			const key = keyOf(kind, id, { olds, news });
			const plan = plans.get(key) ?? (await planOf(kind, change));
			plans.delete(key);
			return { outs: await carriedOut(kind, { id, change, plan, inputs: news }) };
		},
		read: (id, olds) => refreshed(kind, id, olds),
		delete: (_id, olds) => removed(kind, olds),
		inspect: (_id, olds, look) => inspected(kind, olds, look),
	};
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
	{ id, change, plan, inputs }: Deployment,
): Promise<Record<string, unknown>> {
	const { added, changed, replaced, removed } = plan;
	const total = [added, changed, replaced, removed].flat().length;
	const progress = progressOf(kind, total);
	const { kept, failed } = await appliedInARun(kind, { change, plan, progress });
	const outs = outputsOf(kind, inputs, kept);
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
	const done = await applied({ ...kind, life: run.life }, work);
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
	const change = { fleet: olds, kept, declared: new Map(), renamed: new Map() };
	countRemovals(kind, kept.keys(), change);
	const progress = progressOf(kind, kept.size);
	const plan = { ...NOTHING, removed: [...kept.keys()] };
	const { failed } = await appliedInARun(kind, { change, plan, progress });
	if (failed.size === 0) return;
	throw new FleetError(`${failed.size} of ${counted(kind, kept.size)} not deleted`, failed);
}
