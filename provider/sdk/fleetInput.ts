import * as pulumi from "@pulumi/pulumi";

/**
 * The most bytes of UTF-8 that Pulumi's SDK can send in one text: google-protobuf 3.21 encodes it as an array of its bytes,
 * and V8 ends the process of the program where such an array has to grow beyond 112,813,858 elements.
 */
export const MAX_TEXT_BYTES = 110_000_000;

/** What the text of a fleet is made of. */
export interface FleetInputOptions<Member> {
	/** The argument that holds the members: `devices`. */
	readonly name: string;
	/** The resource that takes outputs, for one member alone: `DeviceIdentity`. */
	readonly single: string;
	/** What holds for every member that does not say otherwise. */
	readonly defaults: object;
	/** Whether a member makes the fleet a secret as a whole. */
	isSecret(member: Member): boolean;
	/** The members by name, where they may be told in another way. Default: they are. */
	keyMembers?(members: unknown): unknown;
	/** The most bytes of the text. Default: {@link MAX_TEXT_BYTES}. */
	readonly maxBytes?: number;
}

/**
 * One text for all members: a value of its own for each property of each of them would cost the engine seconds.
 *
 * @returns the text, and whether what state keeps of it must be a secret
 * @throws TypeError for what JSON would silently leave out, at the members' path, and for more members than one text can hold
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
type ArgumentInfo = Pick<FleetInputOptions<never>, "name" | "single">;

function createTextOutput<Member>(
	members: MembersByName<Member>,
	options: FleetInputOptions<Member>,
): pulumi.Output<string> {
	const text = serializeMembers(members, options);
	return hasSecretMember(members, options) ? pulumi.secret(text) : pulumi.output(text);
}

/** Without a word the process of the program would end while the text is sent. */
function serializeMembers<Member>(
	members: MembersByName<Member>,
	options: FleetInputOptions<Member>,
): string {
	const { maxBytes = MAX_TEXT_BYTES } = options;
	const text = tryStringify(members);
	const bytes = text === undefined ? measureTextBytes(members) : Buffer.byteLength(text);
	if (text !== undefined && bytes <= maxBytes) return text;
	throw new TypeError(
		formatTooManyMembers(Object.keys(members).length, { ...options, bytes, longest: maxBytes }),
	);
}

function formatTooManyMembers(
	count: number,
	{ name, bytes, longest: maxBytes }: { name: string; bytes: number; longest: number },
): string {
	const fittingCount = Math.floor((count * maxBytes) / bytes);
	const roundingUnit = 10 ** Math.max(0, String(fittingCount).length - 2);
	return (
		`${name} are too many for one fleet: ${formatCount(count)} ${name} make a text of ${formatBytes(bytes)}, and Pulumi's SDK can send at ` +
		`most ${formatBytes(maxBytes)} at once. About ${formatCount(Math.floor(fittingCount / roundingUnit) * roundingUnit)} ${name} like these fit; split them into ` +
		"several fleets."
	);
}

/** The JSON text; undefined where it is longer than any string can be. */
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

function formatCount(count: number): string {
	return count.toLocaleString("en-US");
}

function formatBytes(bytes: number): string {
	return bytes < 1_000_000
		? `${formatCount(bytes)} bytes`
		: `${formatCount(Math.round(bytes / 1_000_000))} MB`;
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

/** The properties that are not undefined, after a look for what JSON would silently leave out. */
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

function rejectOutput(value: unknown, path: string, { name, single }: ArgumentInfo): void {
	if (!isOutputOrPromise(value)) return;
	throw new TypeError(
		`${path} is an output or a promise, but only the ${name} as a whole may be one. Hand over pulumi.output(…) of all of them, or declare this one as ${/^[AEIOU]/.test(single) ? "an" : "a"} ${single}.`,
	);
}

/** Whether a value is known at a later moment only. */
function isOutputOrPromise(value: unknown): value is pulumi.Output<object> | Promise<object> {
	return value instanceof Promise || pulumi.Output.isInstance(value);
}
