import { createHash } from "node:crypto";
import type { Answer } from "../http/answer.ts";
import { type Call, getHeader } from "../http/call.ts";
import { GraphError } from "./graphError.ts";
import type { AutopilotSwitches } from "./switches.ts";

/** An entity that has an etag if etags are switched on. */
export interface Revised {
	readonly id: string;
	readonly revision: number;
}

/** Returns the current weak etag of an entity. */
export function formatEtag({ id, revision }: Revised): string {
	return `W/"${createHash("sha256").update(`${id} ${revision}`).digest("base64url").slice(0, 22)}"`;
}

/** Returns whether etags are sent and required. */
export function hasEtags({ profile, etags }: AutopilotSwitches): boolean {
	return profile === "seed" && etags;
}

/** Adds the entity's etag to a response as a header, if etags are switched on. */
export function withEtag(answer: Answer, entity: Revised, switches: AutopilotSwitches): Answer {
	if (!hasEtags(switches)) return answer;
	return { ...answer, headers: { ...answer.headers, etag: formatEtag(entity) } };
}

/**
 * Throws if `If-Match` has another etag than the entity ("Microsoft Graph error responses", 412). Without the header
 * there is no condition.
 */
export function requireMatch(call: Call, entity: Revised, switches: AutopilotSwitches): void {
	const condition = getHeader(call, "if-match");
	if (!hasEtags(switches) || condition === undefined || condition.trim() === "*") return;
	const tags = condition.split(",").map((tag) => tag.trim());
	if (!tags.every((tag) => /^(?:W\/)?"[^"]*"$/.test(tag))) {
		throw new GraphError(400, "malformedEntityTag", "ETags must be quoted strings.");
	}
	if (tags.includes(formatEtag(entity))) return;
	throw new GraphError(
		412,
		"resourceModified",
		"A precondition provided in the request (such as an if-match header) does not match the resource's current state.",
	);
}
