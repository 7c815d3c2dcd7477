import { type CheckResult, check } from "../lifecycle/check.ts";
import type { Values } from "../lifecycle/kind.ts";
import { isUnknown, UNKNOWN } from "../lifecycle/unknown.ts";
import type { FleetKind } from "./kind.ts";
import { circleIn } from "./order.ts";
import { inputsFor } from "./plan.ts";
import { type Members, membersIn, textOf } from "./text.ts";

/** How many faults Pulumi is told of. */
const MOST = 50;

type Fault = CheckResult["failures"][number];

/** Completes a fleet's inputs and refuses, before any request, what the service would refuse of any member. */
export function checkFleet<Inputs extends object>(kind: FleetKind<Inputs>, news: Values): CheckResult {
	const inputs: Record<string, unknown> = { ...kind.complete(news) };
	const text = inputs[kind.members];
	if (isUnknown(text)) return { inputs, failures: [] };
	const declared = membersIn(text);
	if (declared === undefined) {
		const reason = `${kind.members} is no JSON object with an object for each id.`;
		return { inputs, failures: [{ property: kind.members, reason }] };
	}
	inputs[kind.members] = textOf(declared);
	return { inputs, failures: bounded(kind, faultsOf(kind, inputs, declared)) };
}

function faultsOf<Inputs extends object>(kind: FleetKind<Inputs>, fleet: Values, declared: Members): Fault[] {
	const parentOf = (id: string) => kind.parentOf(declared.get(id) ?? {});
	const circle = circleIn(declared.keys(), parentOf);
	const strays = [...declared.keys()].flatMap((id) => stray(kind, { id, parent: parentOf(id), declared }));
	const circles =
		circle.length === 0
			? []
			: [fault(kind, circle[0] ?? "", "parent", `goes in a circle: ${[...circle, circle[0]].join(" → ")}`)];
	const own = [...declared.keys()].flatMap((id) => memberFaults(kind, { id, fleet, declared }));
	return [...circles, ...strays, ...own];
}

function stray<Inputs extends object>(
	kind: FleetKind<Inputs>,
	{ id, parent, declared }: { id: string; parent: string | undefined; declared: Members },
): Fault[] {
	if (parent === undefined || declared.has(parent)) return [];
	return [
		fault(kind, id, "parent", `is ${JSON.stringify(parent)}, which is none of the fleet's ${kind.members}`),
	];
}

function memberFaults<Inputs extends object>(
	kind: FleetKind<Inputs>,
	{ id, fleet, declared }: { id: string; fleet: Values; declared: Members },
): Fault[] {
	const news = inputsFor(kind, { id, change: { fleet, declared }, scopes: () => UNKNOWN });
	return check(kind.life.kind, news).failures.map(({ property, reason }) => ({
		property: `${kind.members}[${JSON.stringify(id)}].${property}`,
		reason: `${id}: ${reason}`,
	}));
}

function fault<Inputs extends object>(
	{ members }: FleetKind<Inputs>,
	id: string,
	property: string,
	complaint: string,
): Fault {
	return {
		property: `${members}[${JSON.stringify(id)}].${property}`,
		reason: `${id}: ${property} ${complaint}.`,
	};
}

function bounded<Inputs extends object>({ members }: FleetKind<Inputs>, faults: readonly Fault[]): Fault[] {
	if (faults.length <= MOST) return [...faults];
	const more = { property: members, reason: `${faults.length - MOST} more faults are not listed.` };
	return [...faults.slice(0, MOST), more];
}
