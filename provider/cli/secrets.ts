/** What marks a secret in a stack's state (pulumi/pulumi `sdk/go/common/resource/sig`). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** Shorter texts are part of ordinary words, and too short to be worth much. */
const SHORTEST = 4;

/** Properties with their secrets taken out of their wrapping. */
export interface Opened {
	/** The properties, without those that nobody could decrypt. */
	readonly values: Readonly<Record<string, unknown>>;
	/** Dotted paths of the secrets among them. */
	readonly secret: readonly string[];
	/** Dotted paths of what is left out. */
	readonly withheld: readonly string[];
	/** Every text in the secrets. */
	readonly texts: readonly string[];
}

interface Finds {
	readonly secret: string[];
	readonly withheld: string[];
	readonly texts: string[];
}

/** Opens what `pulumi stack export` wrote of a resource's properties: with `--show-secrets` secrets are plain JSON. */
export function opened(properties: object): Opened {
	const finds: Finds = { secret: [], withheld: [], texts: [] };
	const values = openedMembers(properties, "", finds);
	return { values, ...finds };
}

function openedMembers(value: object, path: string, finds: Finds): Record<string, unknown> {
	const at = (name: string): string => (path === "" ? name : `${path}.${name}`);
	return Object.fromEntries(
		Object.entries(value)
			.map(([name, inner]) => [name, openedValue(inner, at(name), finds)] as const)
			.filter(([, inner]) => inner !== undefined),
	);
}

/** The value in plain; undefined where nobody could decrypt it. */
function openedValue(value: unknown, path: string, finds: Finds): unknown {
	if (typeof value !== "object" || value === null) return value;
	if (Array.isArray(value)) return value.map((item, index) => openedValue(item, `${path}.${index}`, finds));
	if (!(SIGNATURE in value) || value[SIGNATURE] !== SECRET) return openedMembers(value, path, finds);
	const json = "plaintext" in value ? jsonIn(value.plaintext) : undefined;
	if (json === undefined) {
		finds.withheld.push(path);
		return undefined;
	}
	const plain = openedValue(json, path, finds);
	finds.secret.push(path);
	finds.texts.push(...textsIn(plain));
	return plain;
}

/** What the parser says of a broken text would repeat a piece of the secret. */
function jsonIn(text: unknown): unknown {
	try {
		return typeof text === "string" ? JSON.parse(text) : undefined;
	} catch {
		return undefined;
	}
}

function textsIn(value: unknown): string[] {
	if (typeof value === "string") return [value];
	return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** Takes secrets out of texts: the last net, under values that are never put into them. */
export function without(secrets: readonly string[]): (text: string) => string {
	const known = [...new Set(secrets)]
		.filter(({ length }) => length >= SHORTEST)
		.sort((a, b) => b.length - a.length);
	return (text) => known.reduce((current, secret) => current.replaceAll(secret, "[secret]"), text);
}
