/** The key and the value that mark a secret in a stack's state (pulumi/pulumi `sdk/go/common/resource/sig`). */
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** Minimum length of a secret that is redacted. Shorter ones are parts of ordinary words. */
const MIN_SECRET_LENGTH = 4;

/** Properties with their secrets unwrapped. */
export interface DecryptedProperties {
	/** The properties, without those that are still encrypted. */
	readonly values: Readonly<Record<string, unknown>>;
	/** Dotted paths of the secrets among them. */
	readonly secretPaths: readonly string[];
	/** Dotted paths of the encrypted ones. */
	readonly encryptedPaths: readonly string[];
	/** All texts in the secrets. */
	readonly secretTexts: readonly string[];
}

interface SecretFindings {
	readonly secretPaths: string[];
	readonly encryptedPaths: string[];
	readonly secretTexts: string[];
}

/** Unwraps the secrets in properties from `pulumi stack export`; with `--show-secrets` they are plain JSON. */
export function unwrapSecrets(properties: object): DecryptedProperties {
	const findings: SecretFindings = { secretPaths: [], encryptedPaths: [], secretTexts: [] };
	const values = unwrapMembers(properties, "", findings);
	return { values, ...findings };
}

function unwrapMembers(value: object, path: string, findings: SecretFindings): Record<string, unknown> {
	const joinPath = (name: string): string => (path === "" ? name : `${path}.${name}`);
	return Object.fromEntries(
		Object.entries(value)
			.map(([name, inner]) => [name, unwrapValue(inner, joinPath(name), findings)] as const)
			.filter(([, inner]) => inner !== undefined),
	);
}

/** Returns the plain value, or undefined if it is encrypted. */
function unwrapValue(value: unknown, path: string, findings: SecretFindings): unknown {
	if (typeof value !== "object" || value === null) return value;
	if (Array.isArray(value))
		return value.map((item, index) => unwrapValue(item, `${path}.${index}`, findings));
	if (!(SIGNATURE_KEY in value) || value[SIGNATURE_KEY] !== SECRET_SIGNATURE)
		return unwrapMembers(value, path, findings);
	const json = "plaintext" in value ? parsePlaintext(value.plaintext) : undefined;
	if (json === undefined) {
		findings.encryptedPaths.push(path);
		return undefined;
	}
	const plain = unwrapValue(json, path, findings);
	findings.secretPaths.push(path);
	findings.secretTexts.push(...collectTexts(plain));
	return plain;
}

/** Parses a secret; undefined if it is invalid. The parser's message is dropped, because it would repeat part of the secret. */
function parsePlaintext(text: unknown): unknown {
	try {
		return typeof text === "string" ? JSON.parse(text) : undefined;
	} catch {
		return undefined;
	}
}

function collectTexts(value: unknown): string[] {
	if (typeof value === "string") return [value];
	return typeof value === "object" && value !== null ? Object.values(value).flatMap(collectTexts) : [];
}

/** Returns a function that removes these secrets from a text. It is the last defense: values are never put into messages. */
export function createSecretRedactor(secrets: readonly string[]): (text: string) => string {
	const knownSecrets = [...new Set(secrets)]
		.filter(({ length }) => length >= MIN_SECRET_LENGTH)
		.sort((a, b) => b.length - a.length);
	return (text) => knownSecrets.reduce((current, secret) => current.replaceAll(secret, "[secret]"), text);
}
