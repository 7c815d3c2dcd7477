/**
 * The input by which a resource's class tells the provider which resource of which stack it is:
 * `<organization>/<project>/<stack>/<Type>/<name>`. No program sets it, nothing compares it, and no output holds it.
 */
export const ORIGIN = "__origin";

/**
 * The input by which a resource's class tells that its options make a replacement create before it deletes. Like
 * {@link ORIGIN} it is no program's.
 */
export const CREATES_FIRST = "__createsFirst";

/** The inputs that a resource's class adds to those of the program. */
export const HIDDEN_INPUTS: readonly string[] = [ORIGIN, CREATES_FIRST];

/**
 * The resource that an origin names, for messages.
 *
 * @returns `DeviceFleet plant`; undefined where the text is no origin
 */
export function describeOrigin(origin: unknown): string | undefined {
	if (typeof origin !== "string") return undefined;
	// Only the last part may have a slash: Pulumi allows none in the names of organizations, projects and stacks.
	const [, type, name] = /^[^/]+\/[^/]+\/[^/]+\/([^/]+)\/(.+)$/s.exec(origin) ?? [];
	return type === undefined ? undefined : `${type} ${name}`;
}
