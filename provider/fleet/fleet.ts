import { remove } from "../lifecycle/delete.ts";
import { PartialError } from "../lifecycle/errors.ts";
import type { Finding, Look } from "../lifecycle/inspect.ts";
import { inspect } from "../lifecycle/inspect.ts";
import type { Values } from "../lifecycle/kind.ts";
import type { Lifecycle } from "../lifecycle/lifecycle.ts";
import { plain } from "../lifecycle/plain.ts";
import { read } from "../lifecycle/read.ts";
import { isUnknown } from "../lifecycle/unknown.ts";
import { applied, parentIn } from "./apply.ts";
import { checkFleet } from "./checking.ts";
import { FleetError } from "./errors.ts";
import type { FleetKind, Plan } from "./kind.ts";
import { type Kept, keptOf, restored } from "./member.ts";
import { levelsOf } from "./order.ts";
import { type Change, planOf } from "./plan.ts";
import { forEach } from "./pool.ts";
import { Progress } from "./progress.ts";
import { membersIn, objectIn, textOf } from "./text.ts";
import { below, planTold } from "./told.ts";

/** The output that holds the members as they were deployed. */
const STATE = "__members";

/** A change at hand: what was deployed, and what is declared. */
interface Deployment {
	readonly id: string;
	readonly change: Change;
	readonly plan: Plan;
	readonly inputs: Values;
}

/** The six verbs of a fleet: one resource that holds many objects, each dealt with as a resource of its own would be. */
export function fleetLifecycle<Inputs extends object>(kind: FleetKind<Inputs>): Lifecycle {
	const plans = new Map<string, Plan>();
	return {
		check: async (_olds, news) => checkFleet(kind, news),
		async diff(id, olds, news) {
			if (isUnknown(news[kind.members])) return { changes: true, replaces: [], deleteBeforeReplace: false };
			if (kind.id(news) !== id)
				return { changes: true, replaces: ["hubHostName"], deleteBeforeReplace: true };
			const plan = await planOf(kind, changeOf(kind, olds, news));
			plans.set(id + String(news[kind.members]), plan);
			const told = planTold(kind.members, plan);
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
			const plan = { added: [...change.declared.keys()], changed: [], removed: [] };
			return { id, outs: await carriedOut(kind, { id, change, plan, inputs }) };
		},
		async update(id, olds, news) {
			const change = changeOf(kind, olds, news);
			const plan = plans.get(id + String(news[kind.members])) ?? (await planOf(kind, change));
			return { outs: await carriedOut(kind, { id, change, plan, inputs: news }) };
		},
		read: (id, olds) => refreshed(kind, id, olds),
		delete: (_id, olds) => removed(kind, olds),
		inspect: (_id, olds, look) => inspected(kind, olds, look),
	};
}

/** The members in state, by id. */
function keptIn(outputs: Values): ReadonlyMap<string, Kept> {
	const text = outputs[STATE];
	const members = typeof text === "string" ? objectIn(text) : undefined;
	return new Map(Object.entries((members ?? {}) as Record<string, Kept>));
}

function changeOf<Inputs extends object>(kind: FleetKind<Inputs>, olds: Values, news: Values): Change {
	return { fleet: news, kept: keptIn(olds), declared: membersIn(news[kind.members]) ?? new Map() };
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
	const total = plan.added.length + plan.changed.length + plan.removed.length;
	const progress = new Progress(kind.members, total, kind.life.around);
	const { kept, failed } = await applied(kind, { change, plan, progress });
	const outs = outputsOf(kind, inputs, kept);
	if (failed.size === 0) return outs;
	const error = new FleetError(
		`${failed.size} of ${total} ${kind.members} failed, the others are as declared`,
		failed,
	);
	if (kept.size === 0) throw error;
	throw new PartialError(id, outs, error);
}

function outputsOf<Inputs extends object>(
	kind: FleetKind<Inputs>,
	inputs: Values,
	kept: ReadonlyMap<string, Kept>,
): Record<string, unknown> {
	const { [kind.members]: _, ...own } = inputs;
	return plain({ ...own, count: kept.size, [STATE]: textOf(kept) });
}

/** Every member as it is; those that are gone are no members any more, so the next plan makes them again. */
async function refreshed<Inputs extends object>(
	kind: FleetKind<Inputs>,
	id: string,
	olds: Values,
): ReturnType<Lifecycle["read"]> {
	const said: string[] = [];
	const life = { ...kind.life, around: { ...kind.life.around, say: (text: string) => void said.push(text) } };
	const kept = keptIn(olds);
	const { done, failed } = await forEach(kept.keys(), kind.width, async (member) => {
		const before = kept.get(member) ?? {};
		const found = await read(life, member, restored(before, kind.facts, kind.address(olds, member)));
		const parent = parentIn(before);
		return found.id === "" ? undefined : { ...keptOf(kind, found.props), ...(parent && { p: parent }) };
	});
	if (said.length > 0) kind.life.around.say(below(said));
	if (failed.size > 0)
		throw new FleetError(`${failed.size} of ${kept.size} ${kind.members} can't be read`, failed);
	const there = [...done].filter((entry): entry is [string, Kept] => entry[1] !== undefined);
	return { id, props: outputsOf(kind, olds, new Map(there)) };
}

/** All members, children before their parents. Those that are gone count as deleted, so a second run does the rest. */
async function removed<Inputs extends object>(kind: FleetKind<Inputs>, olds: Values): Promise<void> {
	const kept = keptIn(olds);
	const progress = new Progress(kind.members, kept.size, kind.life.around);
	const failures = new Map<string, Error>();
	const levels = levelsOf(kept.keys(), (id) => parentIn(kept.get(id)));
	for (const level of [...levels].reverse()) {
		const { failed } = await forEach(level, kind.width, async (id) => {
			await remove(kind.life, id, restored(kept.get(id) ?? {}, kind.facts, kind.address(olds, id)));
			progress.tick();
		});
		for (const [id, error] of failed) failures.set(id, error);
	}
	if (failures.size === 0) return;
	throw new FleetError(`${failures.size} of ${kept.size} ${kind.members} were not deleted`, failures);
}

/** One finding for the fleet out of those for its members. */
async function inspected<Inputs extends object>(
	kind: FleetKind<Inputs>,
	olds: Values,
	look: Look,
): Promise<Finding> {
	const kept = keptIn(olds);
	const { done, failed } = await forEach(kept.keys(), kind.width, (id) =>
		inspect(
			kind.life,
			{ id, values: restored(kept.get(id) ?? {}, kind.facts, kind.address(olds, id)) },
			look,
		),
	);
	if (failed.size > 0)
		throw new FleetError(`${failed.size} of ${kept.size} ${kind.members} can't be read`, failed);
	const touched = [...done].filter(([, { status }]) => status !== "unchanged");
	const differences = touched.flatMap(([id, found]) =>
		found.differences.map((difference) => ({ ...difference, path: `${id}.${difference.path}` })),
	);
	const label = kind.id(olds);
	if (touched.length === 0) return { status: "unchanged", label, differences };
	return { status: "changed", label, differences, told: below(touched.map(([, { told = "" }]) => told)) };
}
