import { deriveInputs } from "../resource/context.ts";
import { encodeIdentity, encodeManagedFields } from "../resource/managedFields.ts";
import type { Target } from "../resource/resourceType.ts";
import { type CheckFailure, toFieldValues } from "../resource/schema.ts";
import { DECLARED_OUTPUT, IDENTITY_OUTPUT } from "../stateKeys.ts";
import { formatBytes, formatCount, formatTooManyMembers } from "../text/quantities.ts";
import { isObject, type Values } from "../values.ts";
import type { DeclaredFleet } from "./declaredMembers.ts";
import type { FleetType } from "./fleetType.ts";
import { buildResourceInputs, type DeclaredMember, getDeclaredParentName } from "./memberInputs.ts";
import { encodeMember } from "./memberState.ts";
import { countBytes, SDK_MESSAGE_LIMITS } from "./messageLimits.ts";

/** The number of bytes that are reserved for each member: for fields of a later release, and for the drift that a refresh records. */
const MEMBER_MARGIN_BYTES = 32;

/** The maximum number of member declarations whose state size is cached. */
const MAX_CACHED_SIZES = 1_000;

/** The maximum size of the state of a member besides its declared values, and how often state can repeat those values. */
const MAX_OVERHEAD_BYTES = 700;
const MAX_REPETITIONS = 4;

/** Reports a declaration that is longer than Pulumi can send. */
export function checkDeclarationSize<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	count: number,
	membersText: string,
): CheckFailure[] {
	return checkSize(fleetType, { what: "their declaration is", count, bytes: countBytes(membersText) });
}

/**
 * Reports a fleet whose state would be longer than Pulumi can send: all members would be created, and then the process would end
 * before it could respond.
 *
 * @param fleet a fleet whose members passed the check
 * @param membersText the string that declares them
 */
export function checkStateSize<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	fleet: DeclaredFleet,
	membersText: string,
): CheckFailure[] {
	const { messageLimits = SDK_MESSAGE_LIMITS } = fleetType;
	const count = fleet.declaredMembers.size;
	const maxBytes = MAX_OVERHEAD_BYTES * count + MAX_REPETITIONS * countBytes(membersText);
	if (maxBytes <= messageLimits.maxStringBytes) return [];
	const bytes = estimateStateBytes(fleetType, fleet);
	return checkSize(fleetType, { what: "their state would be", count, bytes });
}

/** Estimates how many bytes state needs for the members once all of them exist. The estimate is rather too high than too low. */
export function estimateStateBytes<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	fleet: DeclaredFleet,
): number {
	const getParentScope = (parentName: string): unknown =>
		fleetType.hierarchy?.getScope(estimateLargest(fleetType, fleet, parentName).values);
	const cachedSizes = new Map<string, number>();
	let bytes = 2;
	for (const [memberName, memberInputs] of fleet.declaredMembers) {
		// Members with the same inputs and names of the same length need the same number of bytes.
		const cacheKey = `${countBytes(JSON.stringify(memberName))} ${JSON.stringify(memberInputs)}`;
		const size =
			cachedSizes.get(cacheKey) ?? estimateMemberBytes(fleetType, { memberName, fleet, getParentScope });
		if (cachedSizes.size < MAX_CACHED_SIZES) cachedSizes.set(cacheKey, size);
		bytes += size;
	}
	return bytes;
}

function estimateMemberBytes<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	member: DeclaredMember,
): number {
	const { memberName, fleet } = member;
	const { schema } = fleetType.memberContext.resourceType;
	const resourceInputs = deriveInputs(fleetType.memberContext, buildResourceInputs(fleetType, member));
	const { id, values } = fleetType.estimateLargestMember(resourceInputs);
	const secretPaths = [...toFieldValues(schema, resourceInputs).values()]
		.filter(({ secret }) => secret)
		.map(({ path }) => path);
	const outputs = {
		...omitPaths(resourceInputs, new Set(secretPaths)),
		...values,
		[DECLARED_OUTPUT]: encodeManagedFields(schema, resourceInputs),
		[IDENTITY_OUTPUT]: encodeIdentity(schema, resourceInputs, {}),
	};
	const parentName = getDeclaredParentName(fleetType, fleet.declaredMembers, memberName);
	const memberState = encodeMember(fleetType, { memberName, parentName }, { id, values: outputs });
	return countBytes(JSON.stringify({ [memberName]: memberState })) + MEMBER_MARGIN_BYTES;
}

function estimateLargest<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	fleet: DeclaredFleet,
	memberName: string,
): Target {
	return fleetType.estimateLargestMember(
		buildResourceInputs(fleetType, { memberName, fleet, getParentScope: () => undefined }),
	);
}

function checkSize<Inputs extends object>(
	{ membersProperty, messageLimits = SDK_MESSAGE_LIMITS }: FleetType<Inputs>,
	{ what, count, bytes }: { what: string; count: number; bytes: number },
): CheckFailure[] {
	const maxBytes = messageLimits.maxStringBytes;
	if (bytes <= maxBytes) return [];
	const reason = formatTooManyMembers(
		{ membersProperty, count, bytes, maxBytes },
		{
			subject: `${formatCount(count)} ${membersProperty}`,
			measured: `${what} ${formatBytes(bytes)}`,
		},
	);
	return [{ property: "", reason }];
}

/** Returns the values without those at these dotted paths. */
function omitPaths(values: Values, paths: ReadonlySet<string>, prefix = ""): Values {
	if (paths.size === 0) return values;
	const entries = Object.entries(values).filter(([name]) => !paths.has(prefix + name));
	return Object.fromEntries(
		entries.map(([name, value]) => [
			name,
			isObject(value) ? omitPaths(value, paths, `${prefix}${name}.`) : value,
		]),
	);
}
