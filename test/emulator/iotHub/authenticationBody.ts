import { randomBytes } from "node:crypto";
import type { JsonObject } from "../json.ts";
import { readChoiceField, readObjectField, readTextField } from "./bodyFields.ts";
import { createArgumentError } from "./hubError.ts";
import type { Authentication } from "./identity.ts";

const TYPES = ["sas", "selfSigned", "certificateAuthority", "none"] as const;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const THUMBPRINT = /^(?:[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})$/;

/** The minimum and maximum length of a symmetric key, in bytes. */
const KEY_BYTES = { least: 16, most: 64 };

/** Generates a key like the hub's: 32 random bytes in base64. */
export function generateKey(): string {
	return randomBytes(32).toString("base64");
}

/** Creates a shared access credential; keys are generated unless both are given. */
export function createSharedAccess(primaryKey = generateKey(), secondaryKey = generateKey()): Authentication {
	return { type: "sas", primaryKey, secondaryKey, primaryThumbprint: null, secondaryThumbprint: null };
}

/** Creates a credential that is not a shared key. */
function createCertificates(
	type: "selfSigned" | "certificateAuthority" | "none",
	primaryThumbprint: string | null = null,
	secondaryThumbprint: string | null = null,
): Authentication {
	return { type, primaryKey: null, secondaryKey: null, primaryThumbprint, secondaryThumbprint };
}

/** The credential of a module of the edge runtime. */
export const NO_CREDENTIAL: Authentication = createCertificates("none");

/**
 * Returns the credential of a body. If it is missing it is shared access with new keys, on every PUT: a full replace
 * without `authentication` rotates the keys. `noneMeans` is the meaning of type `none`: 400 for a device, shared access
 * for a module.
 */
export function readAuthentication(body: JsonObject, noneMeans: "refused" | "sas"): Authentication {
	const given = readObjectField(body, "authentication");
	if (given === undefined) return createSharedAccess();
	const [primaryKey, secondaryKey] = readPair(given, "symmetricKey", ["primaryKey", "secondaryKey"]);
	const [primary, secondary] = readPair(given, "x509Thumbprint", [
		"primaryThumbprint",
		"secondaryThumbprint",
	]);
	if ((primaryKey || secondaryKey) && (primary || secondary)) {
		throw createArgumentError("DeviceAuthenticationInvalid: keys and thumbprints cannot be set together");
	}
	const type = readChoiceField(given, "type", TYPES) ?? "sas";
	if (type === "none" && noneMeans === "refused")
		throw createArgumentError("DeviceAuthenticationTypeIsMissing");
	if (type === "certificateAuthority") return createCertificates(type);
	if (type === "selfSigned")
		return createCertificates(type, readThumbprint(primary), readThumbprint(secondary));
	return readKeys(primaryKey, secondaryKey);
}

/** Returns two keys as sent, or two generated ones if neither was sent. */
export function readKeys(primary: string | undefined, secondary: string | undefined): Authentication {
	if (!primary && !secondary) return createSharedAccess();
	if (!primary || !secondary) throw createArgumentError("Either no keys or both keys can be set");
	return createSharedAccess(requireKey(primary), requireKey(secondary));
}

function requireKey(key: string): string {
	if (!BASE64.test(key)) throw createArgumentError("The device key is not a valid base64 string");
	const bytes = Buffer.from(key, "base64").length;
	if (bytes < KEY_BYTES.least || bytes > KEY_BYTES.most)
		throw createArgumentError("Invalid device key length");
	return key;
}

function readThumbprint(text: string | undefined): string | null {
	if (!text) return null;
	if (!THUMBPRINT.test(text)) throw createArgumentError(`StringIsNotThumbprint: '${text.slice(0, 200)}'`);
	return text;
}

type Pair = readonly [string | undefined, string | undefined];

function readPair(given: JsonObject, name: string, [first, second]: readonly [string, string]): Pair {
	const holder = readObjectField(given, name) ?? {};
	return [readTextField(holder, first), readTextField(holder, second)];
}
