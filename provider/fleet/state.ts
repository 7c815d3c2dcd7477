import { gunzipSync, gzipSync } from "node:zlib";
import { ResourceOperationError } from "../lifecycle/errors.ts";
import { HIDDEN_INPUTS } from "../lifecycle/origin.ts";
import { type Values, omitNullish } from "../lifecycle/plain.ts";
import { countBytes, SDK_MESSAGE_LIMITS } from "./capacity.ts";
import type { FleetType } from "./kind.ts";
import type { MemberState } from "./member.ts";
import { parseMembers, stringifyMembers } from "./text.ts";

/** The output that holds the members as they were deployed. */
export const MEMBERS_OUTPUT = "__members";

/** The output that tells how {@link MEMBERS_OUTPUT} is written. State of release 0.1.0 has none, and is plain. */
export const FORMAT_OUTPUT = "__membersVersion";

/** JSON text. */
const PLAIN_FORMAT = 1;
/** The same, compressed with gzip and written in base64. */
const GZIP_FORMAT = 2;
/** The latest format that this release knows. */
const LATEST_FORMAT = GZIP_FORMAT;

/** What names a fleet in messages. */
type NamedFleetType<Inputs extends object> = Pick<FleetType<Inputs>, "title" | "membersProperty" | "getId">;

/** What outputs are made of. */
type StoredFleetType<Inputs extends object> = Pick<FleetType<Inputs>, "membersProperty" | "sharedFields" | "messageLimits">;

/**
 * The members in state, by id; none in the outputs of a fleet that is about to be made, which has none.
 *
 * @throws LifecycleError LaterState, UnreadableState: a fleet of which nobody can tell the members is not an empty one
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
	return { ...buildOwnOutputs(fleetType, inputs, memberStates), ...encodeMembers(fleetType, stringifyMembers(memberStates)) };
}

/** The same after a refresh, written as it was: another format would look like a change. */
export function buildRefreshedOutputs<Inputs extends object>(
	fleetType: StoredFleetType<Inputs>,
	olds: Values,
	memberStates: ReadonlyMap<string, MemberState>,
): Record<string, unknown> {
	const ownOutputs = buildOwnOutputs(fleetType, olds, memberStates);
	const text = stringifyMembers(memberStates);
	const encoded = olds[FORMAT_OUTPUT] === GZIP_FORMAT ? compressMembers(text) : encodeMembers(fleetType, text);
	if (olds[FORMAT_OUTPUT] !== undefined || encoded[FORMAT_OUTPUT] !== PLAIN_FORMAT) return { ...ownOutputs, ...encoded };
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
	const compressed = outs[FORMAT_OUTPUT] === GZIP_FORMAT ? outs : { ...outs, ...compressMembers(String(outs[MEMBERS_OUTPUT])) };
	return fits(compressed[MEMBERS_OUTPUT]) ? compressed : undefined;
}

function buildOwnOutputs<Inputs extends object>(
	fleetType: StoredFleetType<Inputs>,
	inputs: Values,
	memberStates: ReadonlyMap<string, MemberState>,
): Record<string, unknown> {
	const ownInputs = Object.entries(inputs).filter(
		([name]) =>
			![fleetType.membersProperty, FORMAT_OUTPUT, ...HIDDEN_INPUTS].includes(name) && !Object.hasOwn(fleetType.sharedFields, name),
	);
	return omitNullish({ ...Object.fromEntries(ownInputs), count: memberStates.size });
}

/** Longer than foreseen it is compressed, rather than the process ending with all that was done untold. */
function encodeMembers<Inputs extends object>(
	{ messageLimits = SDK_MESSAGE_LIMITS }: StoredFleetType<Inputs>,
	text: string,
): Record<string, unknown> {
	return countBytes(text) <= messageLimits.maxStringBytes ? { [MEMBERS_OUTPUT]: text, [FORMAT_OUTPUT]: PLAIN_FORMAT } : compressMembers(text);
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

function createLaterStateError<Inputs extends object>({ title, getId }: NamedFleetType<Inputs>, outputs: Values): ResourceOperationError {
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
