import * as pulumi from "@pulumi/pulumi";

/** The output in which state keeps the members. Pulumi makes an output secret where an input of its name is; this has none. */
export const MEMBERS = "__members";

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
}

/**
 * One text for all members: a value of its own for each property of each of them would cost the engine seconds.
 *
 * @returns the text, and whether what state keeps of it must be a secret
 * @throws TypeError for what JSON would silently leave out, at the members' path
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
	const text = JSON.stringify(members);
	return hasSecrets(members, fleet) ? pulumi.secret(text) : pulumi.output(text);
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
