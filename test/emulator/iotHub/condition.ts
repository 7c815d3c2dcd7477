import { parseCounter } from "./etag.ts";
import { HubError } from "./hubError.ts";
import type { Switches } from "./switches.ts";

/** What an `If-Match` header asks for. */
export type Condition =
	| { readonly kind: "absent" }
	| { readonly kind: "empty" }
	| { readonly kind: "any" }
	| { readonly kind: "etag"; readonly etag: string; readonly quoted: boolean };

/**
 * Reads an `If-Match` header. `*` and `"*"` are both the wildcard (the official clients send it in quotes), `""` is what an
 * old .NET client sends when it means to create.
 */
export function readCondition(value: string | undefined): Condition {
	const text = (value ?? "").trim().replace(/^W\//, "");
	if (text === "") return { kind: "absent" };
	const quoted = /^"[^"]*"$/.test(text);
	const etag = quoted ? text.slice(1, -1) : text;
	if (etag === "") return { kind: "empty" };
	return etag === "*" ? { kind: "any" } : { kind: "etag", etag, quoted };
}

/** Throws 412 unless the condition holds for the current etag. */
export function requireMatch(
	condition: Condition,
	current: string,
	unquoted: Switches["unquotedIfMatch"],
): void {
	if (condition.kind !== "etag") return;
	if (!condition.quoted && unquoted === "ignore") return;
	if (!condition.quoted && unquoted === "reject") {
		throw new HubError("PreconditionFailed", "Precondition failed: Invalid ETag");
	}
	if (condition.etag !== current) throw preconditionFailed(current, condition.etag);
}

/** 412 with both versions, as recorded, where both etags hold one. */
export function preconditionFailed(current: string, sent: string): HubError {
	const [existing, received] = [parseCounter(current), parseCounter(sent)];
	if (existing === undefined || received === undefined) {
		return new HubError("PreconditionFailed", "PreconditionFailed");
	}
	const versions = `existingVersion:${existing} newVersion:${received}`;
	return new HubError("PreconditionFailed", `Precondition failed: Device version did not match, ${versions}`);
}

/** 412 for a DELETE that names no etag at all. */
export function etagMissing(): HubError {
	return new HubError("PreconditionFailed", "Precondition failed: Etag missing");
}
