import * as pulumi from "@pulumi/pulumi";

/** The output in which state keeps the members. Pulumi makes an output secret where an input of its name is; this has none. */
export const MEMBERS = "__members";

/**
 * The most bytes of UTF-8 that Pulumi's SDK can send in one text: google-protobuf 3.21 encodes it as an array of its bytes,
 * and V8 ends the process of the program where such an array has to grow beyond 112,813,858 elements.
 */
export const LONGEST = 110_000_000;

/** What the text of a fleet is made of. */
export interface FleetText<Member> {
	/** The argument that holds the members: `devices`. */
	readonly name: string;
	/** The resource that takes outputs, for one member alone: `DeviceIdentity`. */
	readonly single: string;
	/** What holds for every member that does not say otherwise. */
	readonly defaults: object;
	/** Whether a member makes the fleet a secret as a whole. */
	isSecret(member: Member): boolean;
	/** The members by name, where they may be told in another way. Default: they are. */
	named?(members: unknown): unknown;
	/** The most bytes of the text. Default: {@link LONGEST}. */
	readonly longest?: number;
}

/**
 * One text for all members: a value of its own for each property of each of them would cost the engine seconds.
 *
 * @returns the text, and whether what state keeps of it must be a secret
 * @throws TypeError for what JSON would silently leave out, at the members' path, and for more members than one text can hold
 */
export function fleetText<Member>(
	members: unknown,
	fleet: FleetText<Member>,
): { text: pulumi.Input<string>; isSecret: boolean } {
	const common = saidIn(fleet.defaults, "defaults", fleet);
	if (isLater(members)) {
		const text = pulumi.output(members).apply((known) => guarded(merged(known, common, fleet), fleet));
		return { text, isSecret: true };
	}
	const whole = merged(members, common, fleet);
	return { text: guarded(whole, fleet), isSecret: hasSecrets(whole, fleet) };
}

type Members<Member> = Readonly<Record<string, Member>>;
type Path = Pick<FleetText<never>, "name" | "single">;

function guarded<Member>(members: Members<Member>, fleet: FleetText<Member>): pulumi.Output<string> {
	const text = textOf(members, fleet);
	return hasSecrets(members, fleet) ? pulumi.secret(text) : pulumi.output(text);
}

/** Without a word the process of the program would end while the text is sent. */
function textOf<Member>(members: Members<Member>, fleet: FleetText<Member>): string {
	const { longest = LONGEST } = fleet;
	const text = written(members);
	const bytes = text === undefined ? sizeOf(members) : Buffer.byteLength(text);
	if (text !== undefined && bytes <= longest) return text;
	throw new TypeError(tooLong(Object.keys(members).length, { ...fleet, bytes, longest }));
}

function tooLong(
	count: number,
	{ name, bytes, longest }: { name: string; bytes: number; longest: number },
): string {
	const fit = Math.floor((count * longest) / bytes);
	const unit = 10 ** Math.max(0, String(fit).length - 2);
	return (
		`${name} are too many for one fleet: ${shown(count)} ${name} make a text of ${sizeShown(bytes)}, and Pulumi's SDK can send at ` +
		`most ${sizeShown(longest)} at once. About ${shown(Math.floor(fit / unit) * unit)} ${name} like these fit; split them into ` +
		"several fleets."
	);
}

/** The JSON text; undefined where it is longer than any string can be. */
function written(members: object): string | undefined {
	try {
		return JSON.stringify(members);
	} catch (error) {
		if (error instanceof RangeError) return undefined;
		throw error;
	}
}

function sizeOf(members: object): number {
	return Object.entries(members).reduce(
		(sum, [name, member]) => sum + Buffer.byteLength(JSON.stringify({ [name]: member })),
		0,
	);
}

function shown(count: number): string {
	return count.toLocaleString("en-US");
}

function sizeShown(bytes: number): string {
	return bytes < 1_000_000 ? `${shown(bytes)} bytes` : `${shown(Math.round(bytes / 1_000_000))} MB`;
}

function hasSecrets<Member>(members: Members<Member>, { isSecret }: FleetText<Member>): boolean {
	return Object.values(members).some(isSecret);
}

function merged<Member>(members: unknown, defaults: object, fleet: FleetText<Member>): Members<Member> {
	const { name, named = (same) => same } = fleet;
	refuseLater(members, name, fleet);
	const entries = Object.entries(objectOf(named(members), name, fleet));
	return Object.fromEntries(
		entries.map(([key, member]) => [
			key,
			{ ...defaults, ...saidIn(member, `${name}[${JSON.stringify(key)}]`, fleet) } as Member,
		]),
	);
}

/** The properties that are not undefined, after a look for what JSON would silently leave out. */
function saidIn(value: unknown, path: string, fleet: Path): object {
	const said = Object.entries(objectOf(value, path, fleet)).filter(([, inner]) => inner !== undefined);
	for (const [name, inner] of said) refuseUnknown(inner, `${path}.${name}`, fleet);
	return Object.fromEntries(said);
}

function objectOf(value: unknown, path: string, fleet: Path): object {
	refuseLater(value, path, fleet);
	if (typeof value !== "object" || value === null || Symbol.iterator in value)
		throw new TypeError(`${path} must be an object, not a list or a single value.`);
	return value;
}

function refuseUnknown(value: unknown, path: string, fleet: Path): void {
	refuseLater(value, path, fleet);
	if (typeof value !== "object" || value === null) return;
	for (const [name, inner] of Object.entries(value)) refuseUnknown(inner, `${path}.${name}`, fleet);
}

function refuseLater(value: unknown, path: string, { name, single }: Path): void {
	if (!isLater(value)) return;
	throw new TypeError(
		`${path} is an output or a promise, but only the ${name} as a whole may be one. Hand over pulumi.output(…) of all of them, or declare this one as ${/^[AEIOU]/.test(single) ? "an" : "a"} ${single}.`,
	);
}

/** Whether a value is known at a later moment only. */
function isLater(value: unknown): value is pulumi.Output<object> | Promise<object> {
	return value instanceof Promise || pulumi.Output.isInstance(value);
}
