import { HubError } from "./hubError.ts";
import type { Switches } from "./switches.ts";

/** The condition of an `If-Match` header. */
export type Condition =
	| { readonly kind: "absent" }
	| { readonly kind: "empty" }
	| { readonly kind: "any" }
	| { readonly kind: "etag"; readonly etag: string; readonly quoted: boolean };

/**
 * Reads an `If-Match` header. `*` and `"*"` are both the wildcard (the official clients send it in quotes); `""` is
 * what an old .NET client sends for a create.
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
	if (condition.etag !== current) throw createPreconditionFailed(current, condition.etag);
}

/** Creates a 412 with both versions, as recorded, if both etags contain one. */
export function createPreconditionFailed(current: string, sent: string): HubError {
	const [existing, received] = [parseCounter(current), parseCounter(sent)];
	if (existing === undefined || received === undefined) {
		return new HubError("PreconditionFailed", "PreconditionFailed");
	}
	const versions = `existingVersion:${existing} newVersion:${received}`;
	return new HubError("PreconditionFailed", `Precondition failed: Device version did not match, ${versions}`);
}

/** Creates a 412 for a DELETE without an etag. */
export function createEtagMissing(): HubError {
	return new HubError("PreconditionFailed", "Precondition failed: Etag missing");
}

/**
 * Returns the etag of an identity: base64 of a decimal counter, without quotes, as recorded by azure-sdk-for-net
 * DevicesClientTests.
 */
export function formatIdentityEtag(counter: number): string {
	return Buffer.from(String(counter), "ascii").toString("base64");
}

/** Returns the counter in an identity etag, or undefined if it is not one. */
export function parseCounter(etag: string): string | undefined {
	const text = Buffer.from(etag, "base64").toString("latin1");
	return /^\d{1,20}$/.test(text) ? text : undefined;
}

/** Returns an initial counter for a new identity: any nine digits. */
export function generateCounter(): number {
	return 100_000_000 + Math.floor(Math.random() * 899_000_000);
}

/** Returns the etag of a twin: base64 of an 8-byte big-endian counter, such as `AAAAAAAAAAE=`. */
export function formatTwinEtag(counter: number): string {
	const bytes = Buffer.alloc(8);
	bytes.writeBigUInt64BE(BigInt(counter));
	return bytes.toString("base64");
}
