import { createHash } from "node:crypto";

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
