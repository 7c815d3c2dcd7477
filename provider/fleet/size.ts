import { deriveInputs } from "../resource/context.ts";
import { encodeIdentity, encodeManagedFields } from "../resource/managedFields.ts";
import { type CheckFailure, toFieldValues } from "../resource/schema.ts";
import { DECLARED_OUTPUT, IDENTITY_OUTPUT, MEMBER_KEYS } from "../stateKeys.ts";
import { isObject, type Values } from "../values.ts";
import type { DeclaredMembers } from "./declaredMembers.ts";
import type { FleetType } from "./fleetType.ts";
import { buildResourceInputs } from "./memberInputs.ts";
import { encodeMember } from "./memberState.ts";
import { countBytes, SDK_MESSAGE_LIMITS } from "./messageLimits.ts";

/** For every member: what a later release may keep of it besides, and what a refresh notes of one that drifted. */
const MEMBER_MARGIN_BYTES = 32;

/** How many declarations are remembered with the size that they lead to. */
const MAX_CACHED_SIZES = 1_000;

/** More than is kept of a member besides the values that it declares, and how often state can repeat those. */
const MAX_OVERHEAD_BYTES = 700;
const MAX_REPETITIONS = 4;

/** A fleet as it is declared, complete. */
export interface DeclaredFleet {
	readonly fleetInputs: Values;
	readonly declaredMembers: DeclaredMembers;
	/** The text that declares the members. */
	readonly membersText: string;
}

/** What is wrong with a declaration that is longer than Pulumi can send. */
export function checkDeclarationSize<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	{ declaredMembers, membersText }: Pick<DeclaredFleet, "declaredMembers" | "membersText">,
): CheckFailure[] {
	return checkSize(fleetType, {
		what: "their declaration is",
		count: declaredMembers.size,
		bytes: countBytes(membersText),
	});
}

/**
 * What is wrong with a fleet of which state would have to keep more than Pulumi can send: its members would all be made, and
 * then the process would end before it could answer. The members must be sound.
 */
export function checkStateSize<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	declaration: DeclaredFleet,
): CheckFailure[] {
	const { declaredMembers, membersText } = declaration;
	const { messageLimits = SDK_MESSAGE_LIMITS } = fleetType;
	const maxBytes = MAX_OVERHEAD_BYTES * declaredMembers.size + MAX_REPETITIONS * countBytes(membersText);
	if (maxBytes <= messageLimits.maxStringBytes) return [];
	const bytes = estimateStateBytes(fleetType, declaration);
	return checkSize(fleetType, {
		what: "what state keeps of them would be",
		count: declaredMembers.size,
		bytes,
	});
}

/** How many bytes state keeps of the members once all of them are made, rather more than less. */
export function estimateStateBytes<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	declaration: Pick<DeclaredFleet, "fleetInputs" | "declaredMembers">,
): number {
	const scopes = (parent: string): unknown =>
		fleetType.getScope(estimateLargest(fleetType, parent, declaration).values);
	const cachedSizes = new Map<string, number>();
	let bytes = 2;
	for (const [id, memberInputs] of declaration.declaredMembers) {
		// Members that are declared alike, under names of one length, differ in nothing that has a length.
		const cacheKey = `${countBytes(JSON.stringify(id))} ${JSON.stringify(memberInputs)}`;
		const size =
			cachedSizes.get(cacheKey) ?? estimateMemberBytes(fleetType, { id, change: declaration, scopes });
		if (cachedSizes.size < MAX_CACHED_SIZES) cachedSizes.set(cacheKey, size);
		bytes += size;
	}
	return bytes;
}

function estimateMemberBytes<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	member: Parameters<typeof buildResourceInputs>[1],
): number {
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
	const parent = fleetType.getParentName(member.change.declaredMembers.get(member.id) ?? {});
	const memberState = {
		...encodeMember(fleetType, member.id, { id, values: outputs }),
		...(parent && { [MEMBER_KEYS.parent]: parent }),
	};
	return countBytes(JSON.stringify({ [member.id]: memberState })) + MEMBER_MARGIN_BYTES;
}

function estimateLargest<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	memberName: string,
	declaration: Pick<DeclaredFleet, "fleetInputs" | "declaredMembers">,
): ReturnType<FleetType<Inputs>["estimateLargestMember"]> {
	return fleetType.estimateLargestMember(
		buildResourceInputs(fleetType, { id: memberName, change: declaration, scopes: () => undefined }),
	);
}

function checkSize<Inputs extends object>(
	{ membersProperty, messageLimits = SDK_MESSAGE_LIMITS }: FleetType<Inputs>,
	{ what, count, bytes }: { what: string; count: number; bytes: number },
): CheckFailure[] {
	if (bytes <= messageLimits.maxStringBytes) return [];
	const fittingCount = roundDown(Math.floor((count * messageLimits.maxStringBytes) / bytes));
	return [
		{
			property: "",
			reason:
				`${formatCount(count)} ${membersProperty} are too many for one fleet: ${what} ${formatByteSize(bytes)} of text, and Pulumi's SDK can ` +
				`send at most ${formatByteSize(messageLimits.maxStringBytes)} at once. About ${formatCount(fittingCount)} ${membersProperty} like these fit; split them into ` +
				"several fleets.",
		},
	];
}

/** The values without what stands under these dotted paths. */
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

/** Rounded down to two digits, for it is an estimate. */
function roundDown(count: number): number {
	const unit = 10 ** Math.max(0, String(count).length - 2);
	return Math.floor(count / unit) * unit;
}

function formatCount(count: number): string {
	return count.toLocaleString("en-US");
}

function formatByteSize(bytes: number): string {
	return bytes < 1_000_000
		? `${formatCount(bytes)} bytes`
		: `${formatCount(Math.round(bytes / 1_000_000))} MB`;
}
