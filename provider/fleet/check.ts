import { type CheckResult, check } from "../resource/check.ts";
import type { Field } from "../resource/schema.ts";
import { HIDDEN_INPUTS } from "../stateKeys.ts";
import { isObject, isUnknown, omitNullish, UNKNOWN, type Values } from "../values.ts";
import { type DeclaredMembers, parseMembers, stringifyMembers } from "./declaredMembers.ts";
import type { FleetType } from "./fleetType.ts";
import { findCycle } from "./hierarchy.ts";
import { findDuplicates } from "./memberIdentity.ts";
import { buildResourceInputs } from "./memberInputs.ts";
import { checkDeclarationSize, checkStateSize } from "./size.ts";

/** Of a property that it is told of Pulumi prints the value, and that is the whole text with all that is secret in it. */
const NO_PROPERTY = "";

/** How many faults Pulumi is told of. */
const MAX_LISTED_FAILURES = 50;

type CheckFailure = CheckResult["failures"][number];

/**
 * Completes a fleet's inputs and refuses, before any request, what the service would refuse of any member.
 *
 * @param olds the inputs of the last deployment; what it tells apart, by ids that the service gave, is two objects
 */
export function checkFleet<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	olds: Values,
	news: Values,
): CheckResult {
	const inputs: Record<string, unknown> = omitNullish(fleetType.normalizeInputs(omitNullish(news)));
	const givenText = inputs[fleetType.membersProperty];
	const fleetFailures = checkFleetProperties(fleetType, inputs);
	if (isUnknown(givenText)) return { inputs, failures: fleetFailures };
	const declaredMembers = parseMembers(givenText);
	if (declaredMembers === undefined) {
		const reason = `${fleetType.membersProperty} is no JSON object with an object for each id.`;
		return { inputs, failures: [{ property: NO_PROPERTY, reason }] };
	}
	const membersText = stringifyMembers(declaredMembers);
	inputs[fleetType.membersProperty] = membersText;
	const sizeFailures = checkDeclarationSize(fleetType, { declaredMembers, membersText });
	if (sizeFailures.length > 0) return { inputs, failures: [...fleetFailures, ...sizeFailures] };
	const quotaFailures = checkMemberQuota(fleetType, declaredMembers.size);
	const memberFailures = checkMembers(fleetType, {
		fleetInputs: inputs,
		declaredMembers,
		previousMembers: parseMembers(olds[fleetType.membersProperty]) ?? new Map(),
	});
	const failures = [...fleetFailures, ...quotaFailures, ...memberFailures];
	if (failures.length > 0) return { inputs, failures: limitFailures(failures) };
	return {
		inputs,
		failures: checkStateSize(fleetType, { fleetInputs: inputs, declaredMembers, membersText }),
	};
}

/** More members than the service takes would fail one by one, after all that it does take. */
function checkMemberQuota<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	count: number,
): CheckFailure[] {
	const reason = fleetType.checkQuota?.(count);
	return reason === undefined ? [] : [{ property: NO_PROPERTY, reason: `${reason}.` }];
}

/** What is wrong with the fleet's own properties, told once and not for every member. */
function checkFleetProperties<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	inputs: Values,
): CheckFailure[] {
	const fields = { ...fleetType.memberContext.resourceType.schema, ...fleetType.sharedFields } as Readonly<
		Record<string, Field>
	>;
	const ownNames = [...listInheritedInputs(fleetType), ...Object.keys(fleetType.sharedFields)];
	const knownNames = [fleetType.membersProperty, ...HIDDEN_INPUTS, ...ownNames];
	const unknownNames = Object.keys(inputs).filter((name) => !knownNames.includes(name));
	return [
		...unknownNames.map((property) => ({
			property,
			reason: `${fleetType.title} has no property "${property}". It has: ${[fleetType.membersProperty, ...ownNames].join(", ")}.`,
		})),
		...ownNames
			.filter((name) => inputs[name] !== undefined && !isUnknown(inputs[name]))
			.flatMap((name) =>
				(fields[name]?.validate(inputs[name], name) ?? []).map(hideSecretProperty(fields[name])),
			),
		...checkFleetRules(fleetType, inputs),
	];
}

function checkFleetRules<Inputs extends object>(
	{ validators = [] }: FleetType<Inputs>,
	fleetInputs: Values,
): CheckFailure[] {
	return validators.flatMap((validate) => validate(fleetInputs).map((failure) => ({ ...failure })));
}

/** The inputs of the fleet besides its members that are its members' too. */
function listInheritedInputs<Inputs extends object>({
	locationProperty,
	providerOptions,
}: FleetType<Inputs>): readonly string[] {
	return locationProperty === undefined ? providerOptions : [locationProperty, ...providerOptions];
}

function hideSecretProperty(
	field: Pick<Field, "secret"> | undefined,
): (failure: CheckFailure) => CheckFailure {
	return ({ property, reason }) => ({ property: field?.secret ? NO_PROPERTY : property, reason });
}

/** A fleet's own inputs, its members, and those of the last deployment. */
interface FleetCheck {
	readonly fleetInputs: Values;
	readonly declaredMembers: DeclaredMembers;
	readonly previousMembers: DeclaredMembers;
}

function checkMembers<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	{ fleetInputs, declaredMembers, previousMembers }: FleetCheck,
): CheckFailure[] {
	const getParentName = (id: string) => fleetType.getParentName(declaredMembers.get(id) ?? {});
	const cycle = findCycle(declaredMembers.keys(), getParentName);
	const parentFailures = [...declaredMembers.keys()].flatMap((id) =>
		checkParent(fleetType, { id, parent: getParentName(id), declared: declaredMembers }),
	);
	const cycleFailures =
		cycle.length === 0
			? []
			: [createMemberFailure(cycle[0] ?? "", `parent goes in a circle: ${[...cycle, cycle[0]].join(" → ")}`)];
	// What is wrong with these is told once.
	const sharedNames = Object.keys(fleetType.sharedFields).filter((name) => fleetInputs[name] !== undefined);
	const placeholder = checkFleetRules(fleetType, fleetInputs).length === 0 ? UNKNOWN : undefined;
	const visibleInputs = Object.fromEntries(
		Object.entries(fleetInputs).filter(([name]) => !HIDDEN_INPUTS.includes(name)),
	);
	const inheritedInputs = {
		...visibleInputs,
		...Object.fromEntries(sharedNames.map((name) => [name, placeholder])),
	};
	const memberFailures = [...declaredMembers.keys()].flatMap((id) =>
		checkMember(fleetType, { id, fleet: inheritedInputs, declared: declaredMembers }),
	);
	return [
		...cycleFailures,
		...parentFailures,
		...checkDuplicates(fleetType, { fleetInputs: inheritedInputs, declaredMembers, previousMembers }),
		...memberFailures,
	];
}

/** Names of one and the same object, but those that are of two in state. */
function checkDuplicates<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	{ fleetInputs, declaredMembers, previousMembers }: FleetCheck,
): CheckFailure[] {
	const getResourceInputs = (id: string): Values =>
		buildResourceInputs(fleetType, { id, change: { fleetInputs, declaredMembers }, scopes: () => UNKNOWN });
	return [...findDuplicates(fleetType, declaredMembers.keys(), getResourceInputs)]
		.filter((names) => !names.every((name) => previousMembers.has(name)))
		.map(([id, other]) =>
			createMemberFailure(id, `names the same ${fleetType.memberNoun} as ${other}; leave one of them out`),
		);
}

function checkParent<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	{ id, parent, declared }: { id: string; parent: string | undefined; declared: DeclaredMembers },
): CheckFailure[] {
	if (parent === undefined) return [];
	const parentInputs = declared.get(parent);
	if (parentInputs === undefined) {
		return [
			createMemberFailure(
				id,
				`parent is ${JSON.stringify(parent)}, which is none of the fleet's ${fleetType.membersProperty}`,
			),
		];
	}
	if (fleetType.canHaveChildren(parentInputs)) return [];
	return [
		createMemberFailure(
			id,
			`parent is ${JSON.stringify(parent)}, which is not declared as one that can have children`,
		),
	];
}

function checkMember<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	{ id, fleet, declared }: { id: string; fleet: Values; declared: DeclaredMembers },
): CheckFailure[] {
	const resourceInputs = buildResourceInputs(fleetType, {
		id,
		change: { fleetInputs: fleet, declaredMembers: declared },
		scopes: () => UNKNOWN,
	});
	const inheritedNames = listInheritedInputs(fleetType).filter(
		(name) => name === fleetType.locationProperty || fleet[name] !== undefined,
	);
	const usedReservedPaths = fleetType.reservedPaths.filter(
		(path) => getValueAt(declared.get(id), path) !== undefined,
	);
	return [
		...usedReservedPaths.map((name) =>
			createMemberFailure(id, `${name} is the fleet's to say; leave it out`),
		),
		...check(fleetType.memberContext.resourceType, resourceInputs)
			.failures.filter(({ property }) => !inheritedNames.includes(property))
			.map(({ reason }) => ({ property: NO_PROPERTY, reason: `${id}: ${reason}` })),
	];
}

function getValueAt(values: unknown, path: string): unknown {
	return path.split(".").reduce((value, name) => (isObject(value) ? value[name] : undefined), values);
}

function createMemberFailure(memberName: string, complaint: string): CheckFailure {
	return { property: NO_PROPERTY, reason: `${memberName}: ${complaint}.` };
}

function limitFailures(failures: readonly CheckFailure[]): CheckFailure[] {
	if (failures.length <= MAX_LISTED_FAILURES) return [...failures];
	const rest = failures.length - MAX_LISTED_FAILURES;
	const reason = rest === 1 ? "1 more fault is not listed." : `${rest} more faults are not listed.`;
	return [...failures.slice(0, MAX_LISTED_FAILURES), { property: NO_PROPERTY, reason }];
}
