import { gunzipSync, gzipSync } from "node:zlib";
import { ResourceOperationError } from "../resource/errors.ts";
import { listDeclaredPaths } from "../resource/managedFields.ts";
import { pickPaths } from "../resource/merge.ts";
import type { Target } from "../resource/resourceType.ts";
import {
	DECLARED_ONLY_OUTPUT,
	DECLARED_OUTPUT,
	DRIFT_OUTPUT,
	FORMAT_OUTPUT,
	IDENTITY_OUTPUT,
	MEMBER_KEYS,
	MEMBERS_OUTPUT,
	TRANSIENT_HIDDEN_INPUTS,
} from "../stateKeys.ts";
import { omitNullish, type Values } from "../values.ts";
import { parseMembers, stringifyMembers } from "./declaredMembers.ts";
import type { FleetType, StateFields } from "./fleetType.ts";
import { getIgnoredInput } from "./ignoredMembers.ts";
import { countBytes, SDK_MESSAGE_LIMITS } from "./messageLimits.ts";

/**
 * The state of a member: the declared fields with their values, and outputs such as the etag. It contains no credentials. Its
 * keys are single letters, because a fleet can have a hundred thousand members.
 *
 * | key | value |
 * |---|---|
 * | `i` | the id, if the service chose one other than the member's name |
 * | `d` | the paths of the declared fields ({@link DECLARED_OUTPUT}) |
 * | `h` | the declared values that identify the member ({@link IDENTITY_OUTPUT}) |
 * | `n` | the drift that a refresh found ({@link DRIFT_OUTPUT}) |
 * | `v` | the values of the declared fields |
 * | `p` | the name of the parent |
 *
 * A fleet type assigns other letters to its own outputs with `FleetType.stateFields`.
 */
export type MemberState = Values;

/** A deployed fleet, as state has it. */
export interface StoredFleet {
	/** The fleet's own inputs. */
	readonly fleetInputs: Values;
	readonly memberStates: ReadonlyMap<string, MemberState>;
}

/**
 * Returns the state of a member.
 *
 * @param target the member's id and outputs
 */
export function encodeMember<Inputs extends object>(
	{ stateFields, shouldKeepField }: Pick<FleetType<Inputs>, "stateFields" | "shouldKeepField">,
	{ memberName, parentName }: { memberName: string; parentName: string | undefined },
	{ id, values: outputs }: Target,
): MemberState {
	const storedFields = Object.entries(stateFields)
		.filter(([name]) => outputs[name] !== undefined && (shouldKeepField?.(name, outputs) ?? true))
		.map(([name, letter]) => [letter, outputs[name]]);
	const values = pickPaths(outputs, listDeclaredPaths(outputs));
	return {
		...(id === memberName ? {} : { [MEMBER_KEYS.id]: id }),
		...Object.fromEntries(storedFields),
		...(outputs[DECLARED_OUTPUT] ? { [MEMBER_KEYS.declared]: outputs[DECLARED_OUTPUT] } : {}),
		...(outputs[IDENTITY_OUTPUT] === undefined ? {} : { [MEMBER_KEYS.identity]: outputs[IDENTITY_OUTPUT] }),
		...(outputs[DRIFT_OUTPUT] === undefined ? {} : { [MEMBER_KEYS.drift]: outputs[DRIFT_OUTPUT] }),
		...(Object.keys(values).length === 0 ? {} : { [MEMBER_KEYS.values]: values }),
		...(parentName === undefined ? {} : { [MEMBER_KEYS.parent]: parentName }),
	};
}

/** Returns the id and outputs of a member; if state does not have the member, its name and address. */
export function decodeMember<Inputs extends object>(
	fleetType: DecodingFleetType<Inputs>,
	{ fleetInputs, memberStates }: StoredFleet,
	memberName: string,
): Target {
	const { stateFields, getMemberAddress, inferOutputs } = fleetType;
	const memberState = memberStates.get(memberName) ?? {};
	const values = memberState[MEMBER_KEYS.values];
	const identity = memberState[MEMBER_KEYS.identity];
	const drift = memberState[MEMBER_KEYS.drift];
	const storedFields = decodeStateFields(stateFields, memberState);
	return {
		id: String(memberState[MEMBER_KEYS.id] ?? memberName),
		values: {
			...getMemberAddress(fleetInputs, memberName),
			...inferOutputs?.(storedFields),
			...(typeof values === "object" ? values : {}),
			...storedFields,
			[DECLARED_OUTPUT]: memberState[MEMBER_KEYS.declared] ?? "",
			[DECLARED_ONLY_OUTPUT]: true,
			...(identity === undefined ? {} : { [IDENTITY_OUTPUT]: identity }),
			...(drift === undefined ? {} : { [DRIFT_OUTPUT]: drift }),
			...getIgnoredInput(fleetType, fleetInputs, memberName),
		},
	};
}

/** The parts of a fleet type that the state of a member needs. */
type DecodingFleetType<Inputs extends object> = Pick<
	FleetType<Inputs>,
	"stateFields" | "getMemberAddress" | "inferOutputs" | "membersProperty" | "sharedFields" | "resourcePaths"
>;

function decodeStateFields(stateFields: StateFields, memberState: MemberState): Values {
	return Object.fromEntries(
		Object.entries(stateFields)
			.map(([name, letter]) => [name, memberState[letter]])
			.filter(([, value]) => value !== undefined),
	);
}

/** Returns the scope that the children of a member need; undefined for a member that cannot have children. */
export function readScope<Inputs extends object>(
	{ stateFields, hierarchy }: Pick<FleetType<Inputs>, "stateFields" | "hierarchy">,
	memberState: MemberState,
): unknown {
	return hierarchy?.getScope(decodeStateFields(stateFields, memberState));
}

/** Returns the name of a member's parent. */
export function readParentName(memberState: MemberState | undefined): string | undefined {
	const parentName = memberState?.[MEMBER_KEYS.parent];
	return typeof parentName === "string" ? parentName : undefined;
}

/** A JSON string. */
const PLAIN_FORMAT = 1;
/** The same, compressed with gzip and written in base64. */
const GZIP_FORMAT = 2;
/** The latest format that this release can read. */
const LATEST_FORMAT = GZIP_FORMAT;

/** The parts of a fleet type that messages need. */
type NamedFleetType<Inputs extends object> = Pick<FleetType<Inputs>, "title" | "membersProperty" | "getId">;

/** The parts of a fleet type that outputs need. */
type OutputFleetType<Inputs extends object> = Pick<
	FleetType<Inputs>,
	"membersProperty" | "sharedFields" | "messageLimits"
>;

/**
 * Returns the members in state by name; empty without outputs, because the fleet does not exist yet.
 *
 * @throws ResourceOperationError LaterState, UnreadableState: a fleet whose members cannot be read must not be treated as empty
 */
export function readMembersFromState<Inputs extends object>(
	fleetType: NamedFleetType<Inputs>,
	outputs: Values,
): ReadonlyMap<string, MemberState> {
	if (Object.keys(outputs).length === 0) return new Map();
	const version = outputs[FORMAT_OUTPUT] ?? PLAIN_FORMAT;
	if (version !== PLAIN_FORMAT && version !== GZIP_FORMAT) throw createLaterStateError(fleetType, outputs);
	const text = outputs[MEMBERS_OUTPUT];
	const memberStates = parseMembers(version === GZIP_FORMAT ? decompressMembers(text) : text);
	if (memberStates === undefined) throw createUnreadableStateError(fleetType, outputs);
	return memberStates;
}

/** Returns the outputs of a fleet: its location and provider options, the number of members, and the state of each. */
export function buildFleetOutputs<Inputs extends object>(
	fleetType: OutputFleetType<Inputs>,
	inputs: Values,
	memberStates: ReadonlyMap<string, MemberState>,
): Record<string, unknown> {
	return {
		...buildOwnOutputs(fleetType, inputs, memberStates),
		...encodeMembers(fleetType, stringifyMembers(memberStates)),
	};
}

/** Returns the outputs after a refresh, in the format of the previous outputs: another format would look like a change. */
export function buildRefreshedOutputs<Inputs extends object>(
	fleetType: OutputFleetType<Inputs>,
	olds: Values,
	memberStates: ReadonlyMap<string, MemberState>,
): Record<string, unknown> {
	const ownOutputs = buildOwnOutputs(fleetType, olds, memberStates);
	const text = stringifyMembers(memberStates);
	const encoded =
		olds[FORMAT_OUTPUT] === GZIP_FORMAT ? compressMembers(text) : encodeMembers(fleetType, text);
	if (olds[FORMAT_OUTPUT] !== undefined || encoded[FORMAT_OUTPUT] !== PLAIN_FORMAT)
		return { ...ownOutputs, ...encoded };
	return { ...ownOutputs, [MEMBERS_OUTPUT]: text };
}

/**
 * Returns the outputs in a form that an error can carry, compressed if necessary; undefined if they are still too long.
 *
 * @param outs the result of {@link buildFleetOutputs}
 */
export function fitOutputsToError<Inputs extends object>(
	fleetType: OutputFleetType<Inputs>,
	outs: Record<string, unknown>,
): Record<string, unknown> | undefined {
	const { maxErrorBytes: maxBytes } = fleetType.messageLimits ?? SDK_MESSAGE_LIMITS;
	const fits = (text: unknown): boolean => typeof text === "string" && countBytes(text) <= maxBytes;
	if (fits(outs[MEMBERS_OUTPUT])) return outs;
	const compressed =
		outs[FORMAT_OUTPUT] === GZIP_FORMAT
			? outs
			: { ...outs, ...compressMembers(String(outs[MEMBERS_OUTPUT])) };
	return fits(compressed[MEMBERS_OUTPUT]) ? compressed : undefined;
}

function buildOwnOutputs<Inputs extends object>(
	fleetType: OutputFleetType<Inputs>,
	inputs: Values,
	memberStates: ReadonlyMap<string, MemberState>,
): Record<string, unknown> {
	const { membersProperty, sharedFields = {} } = fleetType;
	const ownInputs = Object.entries(inputs).filter(
		([name]) =>
			![membersProperty, FORMAT_OUTPUT, ...TRANSIENT_HIDDEN_INPUTS].includes(name) &&
			!Object.hasOwn(sharedFields, name),
	);
	return omitNullish({ ...Object.fromEntries(ownInputs), count: memberStates.size });
}

/** Encodes the members, compressed if they are longer than estimated: sending them would end the process and lose the results. */
function encodeMembers<Inputs extends object>(
	{ messageLimits = SDK_MESSAGE_LIMITS }: OutputFleetType<Inputs>,
	text: string,
): Record<string, unknown> {
	return countBytes(text) <= messageLimits.maxStringBytes
		? { [MEMBERS_OUTPUT]: text, [FORMAT_OUTPUT]: PLAIN_FORMAT }
		: compressMembers(text);
}

function compressMembers(text: string): Record<string, unknown> {
	return { [MEMBERS_OUTPUT]: gzipSync(text).toString("base64"), [FORMAT_OUTPUT]: GZIP_FORMAT };
}

function decompressMembers(text: unknown): string | undefined {
	try {
		return typeof text === "string" ? gunzipSync(Buffer.from(text, "base64")).toString() : undefined;
	} catch {
		return undefined;
	}
}

function createLaterStateError<Inputs extends object>(
	{ title, getId }: NamedFleetType<Inputs>,
	outputs: Values,
): ResourceOperationError {
	return new ResourceOperationError(
		"LaterState",
		`The state of ${title} ${getId(outputs)} was written by a later release of pulumi-device-identity (format ` +
			`${JSON.stringify(outputs[FORMAT_OUTPUT])}; this release reads formats up to ${LATEST_FORMAT}). Nothing was done. ` +
			"Install the latest release.",
	);
}

function createUnreadableStateError<Inputs extends object>(
	{ title, membersProperty, getId }: NamedFleetType<Inputs>,
	outputs: Values,
): ResourceOperationError {
	return new ResourceOperationError(
		"UnreadableState",
		`The state of ${title} ${getId(outputs)} does not show which ${membersProperty} it has: its ${MEMBERS_OUTPUT} cannot be read. ` +
			`Nothing was done, and the ${membersProperty} are unchanged. Import an earlier state with \`pulumi stack import\`; if there ` +
			"is none, remove the fleet from state with `pulumi state delete` and declare it with `adopt: true`.",
	);
}
