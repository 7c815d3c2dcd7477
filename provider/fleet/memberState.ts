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
	HIDDEN_INPUTS,
	IDENTITY_OUTPUT,
	MEMBER_KEYS,
	MEMBERS_OUTPUT,
} from "../stateKeys.ts";
import { omitNullish, type Values } from "../values.ts";
import { parseMembers, stringifyMembers } from "./declaredMembers.ts";
import type { FleetType, StateFields } from "./fleetType.ts";
import { countBytes, SDK_MESSAGE_LIMITS } from "./messageLimits.ts";

/**
 * A member as state keeps it: what was declared with the values that it had, the record of what was declared, and facts
 * such as its etag. No credentials, and nothing that the declaration does not need.
 */
export type MemberState = Values;

/**
 * What of a member's outputs a fleet keeps, under names of one letter, for there are a hundred thousand of them.
 *
 * @param memberName what the fleet calls the member; an id that the service chose is another one, and kept
 */
export function encodeMember<Inputs extends object>(
	{ stateFields, shouldKeepField }: Pick<FleetType<Inputs>, "stateFields" | "shouldKeepField">,
	memberName: string,
	{ id, values: outputs }: Target,
): MemberState {
	const storedFields = Object.entries(stateFields)
		.filter(([name]) => shouldKeepField(name, outputs))
		.map(([name, letter]) => [letter, outputs[name]]);
	const values = pickPaths(outputs, listDeclaredPaths(outputs));
	return {
		...(id === memberName ? {} : { [MEMBER_KEYS.id]: id }),
		...Object.fromEntries(storedFields.filter(([, value]) => value !== undefined)),
		...(outputs[DECLARED_OUTPUT] ? { [MEMBER_KEYS.declared]: outputs[DECLARED_OUTPUT] } : {}),
		...(outputs[IDENTITY_OUTPUT] === undefined ? {} : { [MEMBER_KEYS.identity]: outputs[IDENTITY_OUTPUT] }),
		...(outputs[DRIFT_OUTPUT] === undefined ? {} : { [MEMBER_KEYS.drift]: outputs[DRIFT_OUTPUT] }),
		...(Object.keys(values).length === 0 ? {} : { [MEMBER_KEYS.values]: values }),
	};
}

/** A member of some fleet, as state has it. */
export interface StoredMember {
	readonly memberName: string;
	/** Absent for one of which state knows nothing. */
	readonly memberState: MemberState | undefined;
	/** The fleet's own properties. */
	readonly fleetInputs: Values;
}

/** The member as a lifecycle of single objects knows it: by the id that the service chose, else by its name. */
export function decodeMember<Inputs extends object>(
	{ stateFields, getMemberAddress }: Pick<FleetType<Inputs>, "stateFields" | "getMemberAddress">,
	{ memberName, memberState = {}, fleetInputs }: StoredMember,
): Target {
	return {
		id: String(memberState[MEMBER_KEYS.id] ?? memberName),
		values: decodeOutputs(memberState, stateFields, getMemberAddress(fleetInputs, memberName)),
	};
}

/** The outputs of the member as a lifecycle of single objects needs them. */
function decodeOutputs(memberState: MemberState, stateFields: StateFields, address: Values): Values {
	const values = memberState[MEMBER_KEYS.values];
	const identity = memberState[MEMBER_KEYS.identity];
	const drift = memberState[MEMBER_KEYS.drift];
	const namedFields = Object.entries(stateFields).map(([name, letter]) => [name, memberState[letter]]);
	return {
		...address,
		...(typeof values === "object" ? values : {}),
		...Object.fromEntries(namedFields.filter(([, value]) => value !== undefined)),
		[DECLARED_OUTPUT]: memberState[MEMBER_KEYS.declared] ?? "",
		[DECLARED_ONLY_OUTPUT]: true,
		...(identity === undefined ? {} : { [IDENTITY_OUTPUT]: identity }),
		...(drift === undefined ? {} : { [DRIFT_OUTPUT]: drift }),
	};
}

/** What the children of a member must be told of it; undefined for one that can have none. */
export function readScope<Inputs extends object>(
	{ stateFields, getScope }: Pick<FleetType<Inputs>, "stateFields" | "getScope">,
	memberState: MemberState,
): unknown {
	return getScope(
		Object.fromEntries(Object.entries(stateFields).map(([name, letter]) => [name, memberState[letter]])),
	);
}

/** The parent of a member as state keeps it. */
export function readParentName(memberState: MemberState | undefined): string | undefined {
	const parentName = memberState?.[MEMBER_KEYS.parent];
	return typeof parentName === "string" ? parentName : undefined;
}

/** JSON text. */
const PLAIN_FORMAT = 1;
/** The same, compressed with gzip and written in base64. */
const GZIP_FORMAT = 2;
/** The latest format that this release knows. */
const LATEST_FORMAT = GZIP_FORMAT;

/** What names a fleet in messages. */
type NamedFleetType<Inputs extends object> = Pick<FleetType<Inputs>, "title" | "membersProperty" | "getId">;

/** What outputs are made of. */
type StoredFleetType<Inputs extends object> = Pick<
	FleetType<Inputs>,
	"membersProperty" | "sharedFields" | "messageLimits"
>;

/**
 * The members in state, by id; none in the outputs of a fleet that is about to be made, which has none.
 *
 * @throws ResourceOperationError LaterState, UnreadableState: a fleet of which nobody can tell the members is not an empty one
 */
export function readMembersFromState<Inputs extends object>(
	fleetType: NamedFleetType<Inputs>,
	outputs: Values,
): ReadonlyMap<string, MemberState> {
	if (Object.keys(outputs).length === 0) return new Map();
	const version = outputs[FORMAT_OUTPUT] ?? PLAIN_FORMAT;
	if (version !== PLAIN_FORMAT && version !== GZIP_FORMAT) throw createLaterStateError(fleetType, outputs);
	const text = outputs[MEMBERS_OUTPUT];
	const members = parseMembers(version === GZIP_FORMAT ? decompressMembers(text) : text);
	if (members === undefined) throw createUnreadableStateError(fleetType, outputs);
	return members;
}

/** What Pulumi keeps of a fleet: where it is and its policies, how many members there are, and what is known of each. */
export function buildFleetOutputs<Inputs extends object>(
	fleetType: StoredFleetType<Inputs>,
	inputs: Values,
	memberStates: ReadonlyMap<string, MemberState>,
): Record<string, unknown> {
	return {
		...buildOwnOutputs(fleetType, inputs, memberStates),
		...encodeMembers(fleetType, stringifyMembers(memberStates)),
	};
}

/** The same after a refresh, written as it was: another format would look like a change. */
export function buildRefreshedOutputs<Inputs extends object>(
	fleetType: StoredFleetType<Inputs>,
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
 * The outputs as an error can carry them, compressed where they would be too long; undefined where they still are.
 *
 * @param outs what {@link buildFleetOutputs} answered
 */
export function fitOutputsToError<Inputs extends object>(
	fleetType: StoredFleetType<Inputs>,
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
	fleetType: StoredFleetType<Inputs>,
	inputs: Values,
	memberStates: ReadonlyMap<string, MemberState>,
): Record<string, unknown> {
	const ownInputs = Object.entries(inputs).filter(
		([name]) =>
			![fleetType.membersProperty, FORMAT_OUTPUT, ...HIDDEN_INPUTS].includes(name) &&
			!Object.hasOwn(fleetType.sharedFields, name),
	);
	return omitNullish({ ...Object.fromEntries(ownInputs), count: memberStates.size });
}

/** Longer than foreseen it is compressed, rather than the process ending with all that was done untold. */
function encodeMembers<Inputs extends object>(
	{ messageLimits = SDK_MESSAGE_LIMITS }: StoredFleetType<Inputs>,
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
		`State of ${title} ${getId(outputs)} was written by a later release of pulumi-device-identity (format ` +
			`${JSON.stringify(outputs[FORMAT_OUTPUT])}; this release knows formats up to ${LATEST_FORMAT}). Nothing was done; install the latest release.`,
	);
}

function createUnreadableStateError<Inputs extends object>(
	{ title, membersProperty, getId }: NamedFleetType<Inputs>,
	outputs: Values,
): ResourceOperationError {
	return new ResourceOperationError(
		"UnreadableState",
		`State of ${title} ${getId(outputs)} does not tell which ${membersProperty} it has: its ${MEMBERS_OUTPUT} can't be read. Nothing was done, and ` +
			`the ${membersProperty} are as they were. Import an earlier state with \`pulumi stack import\`; if there is none, take the ` +
			"fleet out of state with `pulumi state delete` and declare it with `adopt: true`.",
	);
}
