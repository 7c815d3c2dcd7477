import { type CheckResult, check } from "../lifecycle/check.ts";
import type { Field, Values } from "../lifecycle/kind.ts";
import { ORIGIN } from "../lifecycle/origin.ts";
import { isObject, plain } from "../lifecycle/plain.ts";
import { isUnknown, UNKNOWN } from "../lifecycle/unknown.ts";
import type { FleetKind } from "./kind.ts";
import { circleIn } from "./order.ts";
import { inputsFor } from "./plan.ts";
import { declarationFaults, stateFaults } from "./size.ts";
import { type Members, membersIn, textOf } from "./text.ts";
import { twinsIn } from "./twins.ts";

/** Of a property that it is told of Pulumi prints the value, and that is the whole text with all that is secret in it. */
const WHOLE = "";

/** How many faults Pulumi is told of. */
const MOST = 50;

type Fault = CheckResult["failures"][number];

/**
 * Completes a fleet's inputs and refuses, before any request, what the service would refuse of any member.
 *
 * @param olds the inputs of the last deployment; what it tells apart, by ids that the service gave, is two objects
 */
export function checkFleet<Inputs extends object>(
	kind: FleetKind<Inputs>,
	olds: Values,
	news: Values,
): CheckResult {
	const inputs: Record<string, unknown> = plain(kind.complete(plain(news)));
	const text = inputs[kind.members];
	const common = commonFaults(kind, inputs);
	if (isUnknown(text)) return { inputs, failures: common };
	const declared = membersIn(text);
	if (declared === undefined) {
		const reason = `${kind.members} is no JSON object with an object for each id.`;
		return { inputs, failures: [{ property: WHOLE, reason }] };
	}
	const whole = textOf(declared);
	inputs[kind.members] = whole;
	const long = declarationFaults(kind, { declared, text: whole });
	if (long.length > 0) return { inputs, failures: [...common, ...long] };
	const quota = quotaFaults(kind, declared.size);
	const own = faultsOf(kind, { fleet: inputs, declared, before: membersIn(olds[kind.members]) ?? new Map() });
	const faults = [...common, ...quota, ...own];
	if (faults.length > 0) return { inputs, failures: bounded(faults) };
	return { inputs, failures: stateFaults(kind, { fleet: inputs, declared, text: whole }) };
}

/** More members than the service takes would fail one by one, after all that it does take. */
function quotaFaults<Inputs extends object>(kind: FleetKind<Inputs>, count: number): Fault[] {
	const reason = kind.quotaFault?.(count);
	return reason === undefined ? [] : [{ property: WHOLE, reason: `${reason}.` }];
}

/** What is wrong with the fleet's own properties, told once and not for every member. */
function commonFaults<Inputs extends object>(kind: FleetKind<Inputs>, inputs: Values): Fault[] {
	const fields = { ...kind.life.kind.fields, ...kind.common } as Readonly<Record<string, Field>>;
	const own = [...ownOf(kind), ...Object.keys(kind.common)];
	const passed = [kind.members, ORIGIN, ...own];
	const strangers = Object.keys(inputs).filter((name) => !passed.includes(name));
	return [
		...strangers.map((property) => ({
			property,
			reason: `${kind.title} has no property "${property}". It has: ${[kind.members, ...own].join(", ")}.`,
		})),
		...own
			.filter((name) => inputs[name] !== undefined && !isUnknown(inputs[name]))
			.flatMap((name) => (fields[name]?.rule(inputs[name], name) ?? []).map(tellable(fields[name]))),
		...togetherFaults(kind, inputs),
	];
}

function togetherFaults<Inputs extends object>({ rules = [] }: FleetKind<Inputs>, fleet: Values): Fault[] {
	return rules.flatMap((rule) => rule(fleet).map((fault) => ({ ...fault })));
}

/** The inputs of the fleet besides its members that are its members' too. */
function ownOf<Inputs extends object>({ place, policies }: FleetKind<Inputs>): readonly string[] {
	return place === undefined ? policies : [place, ...policies];
}

function tellable(field: Pick<Field, "secret"> | undefined): (fault: Fault) => Fault {
	return ({ property, reason }) => ({ property: field?.secret ? WHOLE : property, reason });
}

/** A fleet's own inputs, its members, and those of the last deployment. */
interface Declaration {
	readonly fleet: Values;
	readonly declared: Members;
	readonly before: Members;
}

function faultsOf<Inputs extends object>(
	kind: FleetKind<Inputs>,
	{ fleet, declared, before }: Declaration,
): Fault[] {
	const parentOf = (id: string) => kind.parentOf(declared.get(id) ?? {});
	const circle = circleIn(declared.keys(), parentOf);
	const strays = [...declared.keys()].flatMap((id) => stray(kind, { id, parent: parentOf(id), declared }));
	const circles =
		circle.length === 0
			? []
			: [fault(circle[0] ?? "", `parent goes in a circle: ${[...circle, circle[0]].join(" → ")}`)];
	// What is wrong with these is told once.
	const common = Object.keys(kind.common).filter((name) => fleet[name] !== undefined);
	const instead = togetherFaults(kind, fleet).length === 0 ? UNKNOWN : undefined;
	const { [ORIGIN]: _, ...said } = fleet;
	const rest = { ...said, ...Object.fromEntries(common.map((name) => [name, instead])) };
	const own = [...declared.keys()].flatMap((id) => memberFaults(kind, { id, fleet: rest, declared }));
	return [...circles, ...strays, ...twins(kind, { fleet: rest, declared, before }), ...own];
}

/** Names of one and the same object, but those that are of two in state. */
function twins<Inputs extends object>(
	kind: FleetKind<Inputs>,
	{ fleet, declared, before }: Declaration,
): Fault[] {
	const inputsOf = (id: string): Values =>
		inputsFor(kind, { id, change: { fleet, declared }, scopes: () => UNKNOWN });
	return [...twinsIn(kind, declared.keys(), inputsOf)]
		.filter((names) => !names.every((name) => before.has(name)))
		.map(([id, other]) => fault(id, `names the same ${kind.member} as ${other}; leave one of them out`));
}

function stray<Inputs extends object>(
	kind: FleetKind<Inputs>,
	{ id, parent, declared }: { id: string; parent: string | undefined; declared: Members },
): Fault[] {
	if (parent === undefined) return [];
	const above = declared.get(parent);
	if (above === undefined) {
		return [fault(id, `parent is ${JSON.stringify(parent)}, which is none of the fleet's ${kind.members}`)];
	}
	if (kind.bears(above)) return [];
	return [
		fault(id, `parent is ${JSON.stringify(parent)}, which is not declared as one that can have children`),
	];
}

function memberFaults<Inputs extends object>(
	kind: FleetKind<Inputs>,
	{ id, fleet, declared }: { id: string; fleet: Values; declared: Members },
): Fault[] {
	const news = inputsFor(kind, { id, change: { fleet, declared }, scopes: () => UNKNOWN });
	const common = ownOf(kind).filter((name) => name === kind.place || fleet[name] !== undefined);
	const reserved = kind.reserved.filter((path) => valueAt(declared.get(id), path) !== undefined);
	return [
		...reserved.map((name) => fault(id, `${name} is the fleet's to say; leave it out`)),
		...check(kind.life.kind, news)
			.failures.filter(({ property }) => !common.includes(property))
			.map(({ reason }) => ({ property: WHOLE, reason: `${id}: ${reason}` })),
	];
}

function valueAt(values: unknown, path: string): unknown {
	return path.split(".").reduce((value, name) => (isObject(value) ? value[name] : undefined), values);
}

function fault(id: string, complaint: string): Fault {
	return { property: WHOLE, reason: `${id}: ${complaint}.` };
}

function bounded(faults: readonly Fault[]): Fault[] {
	if (faults.length <= MOST) return [...faults];
	const rest = faults.length - MOST;
	const reason = rest === 1 ? "1 more fault is not listed." : `${rest} more faults are not listed.`;
	return [...faults.slice(0, MOST), { property: WHOLE, reason }];
}
