import { createHash } from "node:crypto";

/**
 * The input by which a resource's class tells the provider which resource of which stack it is:
 * `<organization>/<project>/<stack>/<Type>/<name>`, the type with `~` and a digest of the components' types behind it for a resource
 * below components, as a URN has them. No program sets it, nothing compares it, and no output holds it.
 */
export const ORIGIN_INPUT = "__origin";

/**
 * The input by which a resource's class tells that its options make a replacement create before it deletes. Like
 * {@link ORIGIN_INPUT} it is no program's.
 */
export const CREATES_FIRST_INPUT = "__createsFirst";

/**
 * The input by which a resource's class tells which resources of ours it depends on, each by its {@link hashResource}, with a space between
 * them: only these are sure to be registered before it. Absent where nobody can tell. Like {@link ORIGIN_INPUT} it is no program's.
 */
export const AFTER_INPUT = "__after";

/** The inputs that a resource's class adds to those of the program. */
export const HIDDEN_INPUTS: readonly string[] = [ORIGIN_INPUT, CREATES_FIRST_INPUT, AFTER_INPUT];

/**
 * The resource that an origin names, for messages.
 *
 * @returns `DeviceFleet plant`; undefined where the text is no origin
 */
export function describeOrigin(origin: unknown): string | undefined {
	const [type, name] = parseOrigin(origin) ?? [];
	return type === undefined ? undefined : `${type.replace(/~.*/s, "")} ${name}`;
}

/** What stands for the resource of an origin where its name would be too long; empty where the text is no origin. */
export function hashOrigin(origin: unknown): string {
	const [type = "", name = ""] = parseOrigin(origin) ?? [];
	return type === "" ? "" : hashResource(type, name);
}

/**
 * Eight hexadecimal digits for a resource.
 *
 * @param type as an origin has it: `DeviceFleet`, with `~` and a digest behind it below a component
 */
export function hashResource(type: string, name: string): string {
	return createHash("sha256").update(`${type} ${name}`).digest("hex").slice(0, 8);
}

/** Type and name. Only the name may have a slash: Pulumi allows none in the names of organizations, projects and stacks. */
function parseOrigin(origin: unknown): readonly [string, string] | undefined {
	if (typeof origin !== "string") return undefined;
	const [, type, name] = /^[^/]+\/[^/]+\/[^/]+\/([^/]+)\/(.+)$/s.exec(origin) ?? [];
	return type === undefined || name === undefined ? undefined : [type, name];
}
