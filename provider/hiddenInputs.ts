import { createHash } from "node:crypto";

/** Returns the resource that an origin names, for messages: `DeviceFleet plant`; undefined if the text is not an origin. */
export function describeOrigin(origin: unknown): string | undefined {
	const [type, name] = parseOrigin(origin) ?? [];
	return type === undefined ? undefined : `${type.replace(/~.*/s, "")} ${name}`;
}

/** Returns the {@link hashResource} of an origin's resource; empty if the text is not an origin. */
export function hashOrigin(origin: unknown): string {
	const [type = "", name = ""] = parseOrigin(origin) ?? [];
	return type === "" ? "" : hashResource(type, name);
}

/**
 * Returns eight hexadecimal digits that stand for a resource where its name would be too long.
 *
 * @param type as an origin has it: `DeviceFleet`, with `~` and a digest behind it below a component
 */
export function hashResource(type: string, name: string): string {
	return createHash("sha256").update(`${type} ${name}`).digest("hex").slice(0, 8);
}

/** Returns type and name. Only the name may have a slash: Pulumi forbids it in names of organizations, projects and stacks. */
function parseOrigin(origin: unknown): readonly [string, string] | undefined {
	if (typeof origin !== "string") return undefined;
	const [, type, name] = /^[^/]+\/[^/]+\/[^/]+\/([^/]+)\/(.+)$/s.exec(origin) ?? [];
	return type === undefined || name === undefined ? undefined : [type, name];
}
