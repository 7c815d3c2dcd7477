import { describeInvisibleCharacter } from "../text/invisibleCharacters.ts";

/** A fault of a secret, and its description, which begins after the field's name. */
type SecretFault = readonly [pattern: RegExp, problem: string];

/** Faults that a key and a signature can have alike, because somebody hid, wrapped or quoted it. */
const SHARED_FAULTS: readonly SecretFault[] = [
	[
		/\*{2}|[\u2022\u25CF\u2026]|\.{3}/,
		"is masked (as `****`), as logs and pages show it; copy the secret itself",
	],
	[/^[<[{(]|[>\]})]$/, "is a placeholder; put the real one in its place"],
	[/["'`\u2018\u2019\u201C\u201D]/, "contains a quotation mark, which is not part of it"],
];

/** Faults of a key in base64 (RFC 4648 §4), in the order in which they are reported. */
const KEY_FAULTS: readonly SecretFault[] = [
	...SHARED_FAULTS,
	[/%[0-9A-Fa-f]{2}/, "is URL-encoded; decode it: %2B is +, %2F is / and %3D is ="],
	[
		/\s/,
		"contains white space; base64 has none. A space may have been a + before, and a line break must be removed",
	],
	[/[-_]/, "is base64 for URLs (with - or _); write + for - and / for _"],
	[
		/[^A-Za-z0-9+/=]/,
		"is not base64: it contains other characters than letters, digits, + and /, with = only at the end",
	],
	[
		/=[^=]|={3}/,
		"is not base64: it has = elsewhere than at its end, or more than two. Something was joined to it",
	],
];

/**
 * Returns what is wrong with the key of a policy, which is base64 with its padding; undefined if nothing is visibly wrong. The key is not
 * repeated.
 */
export function findPolicyKeyProblem(key: string): string | undefined {
	const invisible = describeInvisibleCharacter(key.replace(/\s/g, " "));
	if (invisible !== undefined)
		return `has a SharedAccessKey that contains ${invisible}; type or copy it again`;
	const [, fault] = KEY_FAULTS.find(([pattern]) => pattern.test(key)) ?? [];
	if (fault !== undefined) return `has a SharedAccessKey that ${fault}`;
	if (key.length % 4 === 0) return undefined;
	const remainder = key.replace(/=+$/, "").length % 4;
	return (
		`has a SharedAccessKey of ${key.length} characters, which is not a multiple of 4, so a part of it is missing` +
		(remainder === 2 || remainder === 3 ? "; often the = at its end" : "")
	);
}

/** Returns what is wrong with a signature; undefined if nothing is visibly wrong. The signature is not repeated. */
export function findSignatureProblem(signature: string): string | undefined {
	const [, fault] = SHARED_FAULTS.find(([pattern]) => pattern.test(signature)) ?? [];
	if (fault !== undefined) return `has a SharedAccessSignature that ${fault}`;
	const token = /^SharedAccessSignature\s+(.*)$/s.exec(signature)?.[1];
	if (token === undefined)
		return "has a SharedAccessSignature that does not begin with `SharedAccessSignature sr=`; copy the whole token (`az iot hub generate-sas-token`)";
	if (/(?:^|&)sig=[^&]/.test(token)) return undefined;
	return "has a SharedAccessSignature without its signature (sig): without quotes, a shell ends the value at the first `&`. Put the whole connection string in single quotes";
}
