import { type CheckResult, check, suggestName } from "../resource/check.ts";
import type { CheckFailure, Field } from "../resource/schema.ts";
import { HIDDEN_INPUTS, PREVIEW_INPUT } from "../stateKeys.ts";
import { isObject, isUnknown, omitNullish, UNKNOWN, type Values } from "../values.ts";
import { type DeclaredFleet, formatDeclaration, parseMembers } from "./declaredMembers.ts";
import type { FleetType } from "./fleetType.ts";
import { keepIgnoredMembers } from "./ignoredMembers.ts";
import { findDuplicates } from "./memberIdentity.ts";
import { buildResourceInputs } from "./memberInputs.ts";
import { findParentProblems } from "./parentCheck.ts";
import { checkDeclarationSize, checkStateSize } from "./size.ts";

/** No property: Pulumi prints the value of the property that a failure names, which for members is the whole string with its secrets. */
const NO_PROPERTY = "";

/** How many failures Pulumi shows. */
const MAX_LISTED_FAILURES = 50;

/**
 * Completes a fleet's inputs and reports, before any request, the members that the service would refuse.
 *
 * @param olds the inputs of the last deployment: members that have the same declaration there are known to be different objects
 */
export function checkFleet<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	olds: Values,
	news: Values,
): CheckResult {
	const { [PREVIEW_INPUT]: _, ...givenInputs } = omitNullish(news);
	const inputs: Record<string, unknown> = omitNullish(
		fleetType.normalizeInputs?.(givenInputs) ?? givenInputs,
	);
	const givenText = inputs[fleetType.membersProperty];
	const fleetFailures = checkFleetProperties(fleetType, inputs);
	if (isUnknown(givenText)) return { inputs, failures: fleetFailures };
	const givenMembers = parseMembers(givenText);
	if (givenMembers === undefined) {
		const reason = `${fleetType.membersProperty} is not a JSON object with an object for each id.`;
		return { inputs, failures: [{ property: NO_PROPERTY, reason }] };
	}
	const previousMembers = parseMembers(olds[fleetType.membersProperty]);
	const declaredMembers =
		previousMembers === undefined
			? givenMembers
			: keepIgnoredMembers(fleetType, inputs, { declaredMembers: givenMembers, previousMembers });
	const membersText = formatDeclaration(declaredMembers);
	inputs[fleetType.membersProperty] = membersText;
	const sizeFailures = checkDeclarationSize(fleetType, declaredMembers.size, membersText);
	if (sizeFailures.length > 0) return { inputs, failures: [...fleetFailures, ...sizeFailures] };
	const quotaFailures = checkMemberQuota(fleetType, declaredMembers.size);
	const fleet: DeclaredFleet = { fleetInputs: inputs, declaredMembers };
	const memberFailures = checkMembers(fleetType, fleet, olds);
	const failures = [...fleetFailures, ...quotaFailures, ...memberFailures];
	if (failures.length > 0) return { inputs, failures: limitFailures(failures) };
	return { inputs, failures: checkStateSize(fleetType, fleet, membersText) };
}

/** Checks the number of members. Those above the service's limit would fail one by one, after all others were created. */
function checkMemberQuota<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	count: number,
): CheckFailure[] {
	const reason = fleetType.checkQuota?.(count);
	return reason === undefined ? [] : [{ property: NO_PROPERTY, reason: `${reason}.` }];
}

/** Checks the fleet's own properties, once instead of for every member. */
function checkFleetProperties<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	inputs: Values,
): CheckFailure[] {
	const { sharedFields = {} } = fleetType;
	const fields = { ...fleetType.memberContext.resourceType.schema, ...sharedFields } as Readonly<
		Record<string, Field>
	>;
	const ownNames = [...listInheritedInputs(fleetType), ...Object.keys(sharedFields)];
	const knownNames = [fleetType.membersProperty, ...HIDDEN_INPUTS, ...ownNames];
	const unknownNames = Object.keys(inputs).filter((name) => !knownNames.includes(name));
	return [
		...unknownNames.map((property) => ({
			property,
			reason: `${fleetType.title} has no property "${property}".${suggestName(property, [fleetType.membersProperty, ...ownNames])}`,
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
	return validators.flatMap((validate) => validate(fleetInputs));
}

/** Returns the names of the fleet's inputs that its members also have. */
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

function checkMembers<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	fleet: DeclaredFleet,
	olds: Values,
): CheckFailure[] {
	const { fleetInputs, declaredMembers } = fleet;
	const memberNames = [...declaredMembers.keys()];
	const inheritingFleet = { fleetInputs: hideSharedFields(fleetType, fleetInputs), declaredMembers };
	return [
		...findParentProblems(fleetType, fleet).map(([memberName, complaint]) =>
			createMemberFailure(memberName, complaint),
		),
		...checkDuplicates(fleetType, inheritingFleet, olds),
		...memberNames.flatMap((memberName) => checkMember(fleetType, inheritingFleet, memberName)),
	];
}

/** Returns the fleet's inputs for the check of a member, with unknown values for shared fields, which are checked once. */
function hideSharedFields<Inputs extends object>(fleetType: FleetType<Inputs>, fleetInputs: Values): Values {
	const { sharedFields = {} } = fleetType;
	const placeholder = checkFleetRules(fleetType, fleetInputs).length === 0 ? UNKNOWN : undefined;
	const visibleInputs = Object.entries(fleetInputs).filter(([name]) => !HIDDEN_INPUTS.includes(name));
	return Object.fromEntries(
		visibleInputs.map(([name, value]) => [name, Object.hasOwn(sharedFields, name) ? placeholder : value]),
	);
}

/** Reports members that declare the same object, unless the last deployment already declared them as two objects. */
function checkDuplicates<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	fleet: DeclaredFleet,
	olds: Values,
): CheckFailure[] {
	const duplicates = findDuplicates(fleetType, fleet);
	if (duplicates.size === 0) return [];
	const declaredMembers = parseMembers(olds[fleetType.membersProperty]) ?? new Map<string, Values>();
	const previous = findDuplicates(fleetType, { fleetInputs: olds, declaredMembers });
	const getFirst = (name: string): string => previous.get(name) ?? name;
	return [...duplicates]
		.filter(([duplicate, first]) => getFirst(duplicate) !== getFirst(first))
		.map(([duplicate, first]) =>
			createMemberFailure(
				duplicate,
				`declares the same ${fleetType.memberNoun} as ${first}; remove one of them`,
			),
		);
}

function checkMember<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	fleet: DeclaredFleet,
	memberName: string,
): CheckFailure[] {
	const resourceInputs = buildResourceInputs(fleetType, { memberName, fleet });
	const inheritedNames = listInheritedInputs(fleetType).filter(
		(name) => name === fleetType.locationProperty || fleet.fleetInputs[name] !== undefined,
	);
	const usedReservedPaths = fleetType.reservedPaths.filter(
		(path) => getValueAt(fleet.declaredMembers.get(memberName), path) !== undefined,
	);
	return [
		...usedReservedPaths.map((path) =>
			createMemberFailure(
				memberName,
				`${path} cannot be set per ${fleetType.memberNoun}; set it on the fleet`,
			),
		),
		...check(fleetType.memberContext.resourceType, resourceInputs)
			.failures.filter(({ property }) => !inheritedNames.includes(property))
			.map(({ reason }) => ({ property: NO_PROPERTY, reason: `${memberName}: ${reason}` })),
	];
}

function getValueAt(values: unknown, path: string): unknown {
	return path.split(".").reduce((value, name) => (isObject(value) ? value[name] : undefined), values);
}

function createMemberFailure(memberName: string, complaint: string): CheckFailure {
	return { property: NO_PROPERTY, reason: `${memberName}: ${complaint}${/[?]$/.test(complaint) ? "" : "."}` };
}

function limitFailures(failures: readonly CheckFailure[]): CheckFailure[] {
	if (failures.length <= MAX_LISTED_FAILURES) return [...failures];
	const rest = failures.length - MAX_LISTED_FAILURES;
	const reason = rest === 1 ? "1 more error is not listed." : `${rest} more errors are not listed.`;
	return [...failures.slice(0, MAX_LISTED_FAILURES), { property: NO_PROPERTY, reason }];
}
