import { gunzipSync, gzipSync } from "node:zlib";
import { LifecycleError } from "../lifecycle/errors.ts";
import type { Values } from "../lifecycle/kind.ts";
import { ORIGIN } from "../lifecycle/origin.ts";
import { plain } from "../lifecycle/plain.ts";
import { bytesOf, CAPACITY } from "./capacity.ts";
import type { FleetKind } from "./kind.ts";
import type { Kept } from "./member.ts";
import { membersIn, textOf } from "./text.ts";

/** The output that holds the members as they were deployed. */
export const STATE = "__members";

/** The output that tells how {@link STATE} is written. State of release 0.1.0 has none, and is plain. */
export const VERSION = "__membersVersion";

/** JSON text. */
const PLAIN = 1;
/** The same, compressed with gzip and written in base64. */
const PACKED = 2;
/** The latest format that this release knows. */
const LATEST = PACKED;

/** What names a fleet in messages. */
type Named<Inputs extends object> = Pick<FleetKind<Inputs>, "title" | "members" | "id">;

/** What outputs are made of. */
type Written<Inputs extends object> = Pick<FleetKind<Inputs>, "members" | "common" | "capacity">;

/**
 * The members in state, by id; none in the outputs of a fleet that is about to be made, which has none.
 *
 * @throws LifecycleError LaterState, UnreadableState: a fleet of which nobody can tell the members is not an empty one
 */
export function keptIn<Inputs extends object>(
	kind: Named<Inputs>,
	outputs: Values,
): ReadonlyMap<string, Kept> {
	if (Object.keys(outputs).length === 0) return new Map();
	const version = outputs[VERSION] ?? PLAIN;
	if (version !== PLAIN && version !== PACKED) throw later(kind, outputs);
	const text = outputs[STATE];
	const members = membersIn(version === PACKED ? unpacked(text) : text);
	if (members === undefined) throw unreadable(kind, outputs);
	return members;
}

/** What Pulumi keeps of a fleet: where it is and its policies, how many members there are, and what is known of each. */
export function outputsOf<Inputs extends object>(
	kind: Written<Inputs>,
	inputs: Values,
	kept: ReadonlyMap<string, Kept>,
): Record<string, unknown> {
	return { ...ownOutputs(kind, inputs, kept), ...written(kind, textOf(kept)) };
}

/** The same after a refresh, written as it was: another format would look like a change. */
export function refreshedOutputs<Inputs extends object>(
	kind: Written<Inputs>,
	olds: Values,
	kept: ReadonlyMap<string, Kept>,
): Record<string, unknown> {
	const own = ownOutputs(kind, olds, kept);
	const text = textOf(kept);
	const now = olds[VERSION] === PACKED ? packed(text) : written(kind, text);
	if (olds[VERSION] !== undefined || now[VERSION] !== PLAIN) return { ...own, ...now };
	return { ...own, [STATE]: text };
}

/**
 * The outputs as an error can carry them, compressed where they would be too long; undefined where they still are.
 *
 * @param outs what {@link outputsOf} answered
 */
export function outputsOfError<Inputs extends object>(
	kind: Written<Inputs>,
	outs: Record<string, unknown>,
): Record<string, unknown> | undefined {
	const { error: most } = kind.capacity ?? CAPACITY;
	const fits = (text: unknown): boolean => typeof text === "string" && bytesOf(text) <= most;
	if (fits(outs[STATE])) return outs;
	const smaller = outs[VERSION] === PACKED ? outs : { ...outs, ...packed(String(outs[STATE])) };
	return fits(smaller[STATE]) ? smaller : undefined;
}

function ownOutputs<Inputs extends object>(
	kind: Written<Inputs>,
	inputs: Values,
	kept: ReadonlyMap<string, Kept>,
): Record<string, unknown> {
	const own = Object.entries(inputs).filter(
		([name]) =>
			name !== kind.members && name !== ORIGIN && name !== VERSION && !Object.hasOwn(kind.common, name),
	);
	return plain({ ...Object.fromEntries(own), count: kept.size });
}

/** Longer than foreseen it is compressed, rather than the process ending with all that was done untold. */
function written<Inputs extends object>(
	{ capacity = CAPACITY }: Written<Inputs>,
	text: string,
): Record<string, unknown> {
	return bytesOf(text) <= capacity.text ? { [STATE]: text, [VERSION]: PLAIN } : packed(text);
}

function packed(text: string): Record<string, unknown> {
	return { [STATE]: gzipSync(text).toString("base64"), [VERSION]: PACKED };
}

function unpacked(text: unknown): string | undefined {
	try {
		return typeof text === "string" ? gunzipSync(Buffer.from(text, "base64")).toString() : undefined;
	} catch {
		return undefined;
	}
}

function later<Inputs extends object>({ title, id }: Named<Inputs>, outputs: Values): LifecycleError {
	return new LifecycleError(
		"LaterState",
		`State of ${title} ${id(outputs)} was written by a later release of pulumi-device-identity (format ` +
			`${JSON.stringify(outputs[VERSION])}; this release knows formats up to ${LATEST}). Nothing was done; install the latest release.`,
	);
}

function unreadable<Inputs extends object>(
	{ title, members, id }: Named<Inputs>,
	outputs: Values,
): LifecycleError {
	return new LifecycleError(
		"UnreadableState",
		`State of ${title} ${id(outputs)} does not tell which ${members} it has: its ${STATE} can't be read. Nothing was done, and ` +
			`the ${members} are as they were. Import an earlier state with \`pulumi stack import\`; if there is none, take the ` +
			"fleet out of state with `pulumi state delete` and declare it with `adopt: true`.",
	);
}
