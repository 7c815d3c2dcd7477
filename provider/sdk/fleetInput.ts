import * as pulumi from "@pulumi/pulumi";
import { formatBytes, formatCount, formatTooManyMembers } from "../text/quantities.ts";

/**
 * Maximum number of UTF-8 bytes that Pulumi's SDK can send in one string: google-protobuf 3.21 encodes a string as an array of
 * bytes, and V8 terminates the program's process if such an array has to grow beyond 112,813,858 elements.
 */
export const MAX_TEXT_BYTES = 110_000_000;

/** How the members of a fleet are serialized. */
export interface FleetInputOptions<Member> {
	/** The name of the argument with the members, for example `devices`. */
	readonly name: string;
	/** The resource class for a single member, which accepts outputs, for example `DeviceIdentity`. */
	readonly memberType: string;
	/** What to do with an output inside a member, for members that often need one: a sentence for the error. Default: general advice only. */
	readonly outputRemedy?: string;
	/** Defaults for the properties that a member does not declare. */
	readonly defaults: object;
	/** Whether a member makes the whole fleet a secret. */
	isSecret(member: Member): boolean;
	/** Converts other forms of the members to a map by name. Default: returns them unchanged. */
	keyMembers?(members: unknown): unknown;
	/** Maximum length of the string in bytes. Default: {@link MAX_TEXT_BYTES}. */
	readonly maxBytes?: number;
}

/**
 * Serializes all members to one string: a separate value for each property of each member would cost the engine seconds.
 *
 * @returns the string, and whether its members must be a secret in state
 * @throws TypeError for a value that JSON would silently drop, with its path, and for more members than one string can hold
 */
export function createFleetInput<Member>(
	members: unknown,
	options: FleetInputOptions<Member>,
): { text: pulumi.Input<string>; isSecret: boolean } {
	const defaults = pickDefined(options.defaults, "defaults", options);
	if (isOutputOrPromise(members)) {
		const text = pulumi
			.output(members)
			.apply((resolved) => createTextOutput(mergeDefaults(resolved, defaults, options), options));
		return { text, isSecret: true };
	}
	const merged = mergeDefaults(members, defaults, options);
	return { text: createTextOutput(merged, options), isSecret: hasSecretMember(merged, options) };
}

type MembersByName<Member> = Readonly<Record<string, Member>>;
type ArgumentInfo = Pick<FleetInputOptions<never>, "name" | "memberType" | "outputRemedy">;

function createTextOutput<Member>(
	members: MembersByName<Member>,
	options: FleetInputOptions<Member>,
): pulumi.Output<string> {
	const text = serializeMembers(members, options);
	return hasSecretMember(members, options) ? pulumi.secret(text) : pulumi.output(text);
}

/**
 * Returns the members as JSON. Throws a TypeError if it is too long to send: the program's process would end without a message.
 */
function serializeMembers<Member>(
	members: MembersByName<Member>,
	options: FleetInputOptions<Member>,
): string {
	const { maxBytes = MAX_TEXT_BYTES } = options;
	const text = tryStringify(members);
	const bytes = text === undefined ? measureTextBytes(members) : Buffer.byteLength(text);
	if (text !== undefined && bytes <= maxBytes) return text;
	const count = Object.keys(members).length;
	const { name } = options;
	throw new TypeError(
		formatTooManyMembers(
			{ membersProperty: name, count, bytes, maxBytes },
			{ subject: name, measured: `${formatCount(count)} ${name} serialize to ${formatBytes(bytes)}` },
		),
	);
}

/** Returns the members as JSON; undefined if it exceeds the maximum length of a string. */
function tryStringify(members: object): string | undefined {
	try {
		return JSON.stringify(members);
	} catch (error) {
		if (error instanceof RangeError) return undefined;
		throw error;
	}
}

function measureTextBytes(members: object): number {
	return Object.entries(members).reduce(
		(sum, [name, member]) => sum + Buffer.byteLength(JSON.stringify({ [name]: member })),
		0,
	);
}

function hasSecretMember<Member>(
	members: MembersByName<Member>,
	{ isSecret }: FleetInputOptions<Member>,
): boolean {
	return Object.values(members).some(isSecret);
}

function mergeDefaults<Member>(
	members: unknown,
	defaults: object,
	options: FleetInputOptions<Member>,
): MembersByName<Member> {
	const { name, keyMembers = (same) => same } = options;
	rejectOutput(members, name, options);
	const entries = Object.entries(requireObject(keyMembers(members), name, options));
	return Object.fromEntries(
		entries.map(([key, member]) => [
			key,
			{ ...defaults, ...pickDefined(member, `${name}[${JSON.stringify(key)}]`, options) } as Member,
		]),
	);
}

/** Returns the properties that are not undefined. Throws for an output or a promise, which JSON would silently drop. */
function pickDefined(value: unknown, path: string, argument: ArgumentInfo): object {
	const defined = Object.entries(requireObject(value, path, argument)).filter(
		([, inner]) => inner !== undefined,
	);
	for (const [name, inner] of defined) rejectNestedOutputs(inner, `${path}.${name}`, argument);
	return Object.fromEntries(defined);
}

function requireObject(value: unknown, path: string, argument: ArgumentInfo): object {
	rejectOutput(value, path, argument);
	if (typeof value !== "object" || value === null || Symbol.iterator in value)
		throw new TypeError(`${path} must be an object, not a list or a single value.`);
	return value;
}

function rejectNestedOutputs(value: unknown, path: string, argument: ArgumentInfo): void {
	rejectOutput(value, path, argument);
	if (typeof value !== "object" || value === null) return;
	for (const [name, inner] of Object.entries(value)) rejectNestedOutputs(inner, `${path}.${name}`, argument);
}

function rejectOutput(value: unknown, path: string, { name, memberType, outputRemedy }: ArgumentInfo): void {
	if (!isOutputOrPromise(value)) return;
	throw new TypeError(
		`${path} is an output or a promise, but only the ${name} as a whole may be one. Pass pulumi.output(…) of all of them, or declare this one as ${/^[AEIOU]/.test(memberType) ? "an" : "a"} ${memberType}.${outputRemedy === undefined ? "" : ` ${outputRemedy}`}`,
	);
}

/** Whether a value is an output or a promise. */
function isOutputOrPromise(value: unknown): value is pulumi.Output<object> | Promise<object> {
	return value instanceof Promise || pulumi.Output.isInstance(value);
}
