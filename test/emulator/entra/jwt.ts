import { createHmac } from "node:crypto";
import { isObject, type JsonObject, parseJson } from "../json.ts";

/** A signed token with the given claims. */
export function signJwt(claims: JsonObject, secret: Buffer): string {
	const unsigned = [{ typ: "JWT", alg: "HS256", kid: "emulator" }, claims]
		.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
		.join(".");
	return `${unsigned}.${signatureOf(unsigned, secret)}`;
}

/** The claims of a token signed with the secret, or undefined. */
export function verifyJwt(token: string, secret: Buffer): JsonObject | undefined {
	const dot = token.lastIndexOf(".");
	if (dot < 0 || token.slice(dot + 1) !== signatureOf(token.slice(0, dot), secret)) return undefined;
	return readClaims(token);
}

/** The claims of a token whoever signed it, or undefined when it is none. */
export function readClaims(token: string): JsonObject | undefined {
	const parts = token.split(".");
	if (parts.length !== 3) return undefined;
	const claims = parseJson(Buffer.from(parts[1] ?? "", "base64url").toString("utf8"));
	return isObject(claims) ? claims : undefined;
}

function signatureOf(unsigned: string, secret: Buffer): string {
	return createHmac("sha256", secret).update(unsigned).digest("base64url");
}
