import { ConfigurationError } from "../settings/reader.ts";
import { findSuggestion } from "../text/suggestions.ts";
import { findFormProblem } from "./connectionString.forms.ts";
import { findHostProblem, findKindProblem } from "./connectionString.kinds.ts";
import { findPolicyKeyProblem, findSignatureProblem } from "./connectionString.secrets.ts";

/** The fields of a hub's connection string. */
export interface ConnectionString {
	readonly hostName: string;
	readonly access: { readonly policy: string; readonly key: string } | { readonly signature: string };
}

/** Where a connection string was found, for messages. */
export interface ConnectionStringSource {
	/** The setting's key: `iothub:connectionString`. */
	readonly key: string;
	/** A sentence that says how to set the right one. Default: the form that it must have. */
	readonly remedy?: string;
}

/** The fields of a hub's connection string, as the Azure portal writes their names. */
const FIELD_NAMES = ["HostName", "SharedAccessKeyName", "SharedAccessKey", "SharedAccessSignature"] as const;

type FieldName = (typeof FIELD_NAMES)[number];

/** A text that cannot be a connection string; its message says why, without a value of the text. */
type Problem = string;

/**
 * Parses a connection string of a hub: `Name=value` pairs in any order, separated by `;`. Names have any case, a value may contain `=`,
 * and white space around both is ignored ("Control access to IoT Hub with SAS tokens", Microsoft Learn).
 *
 * @throws ConfigurationError for anything else. Each fault has its own message, and none repeats a key, a signature or the name of an
 *   unknown field, which may be a part of a key
 */
export function parseConnectionString(
	{ key: settingKey, remedy = EXAMPLE_SENTENCE }: ConnectionStringSource,
	text: string,
): ConnectionString {
	const refuse = (problem: Problem): never => {
		throw new ConfigurationError(settingKey, `${problem}. ${remedy}`);
	};
	const trimmed = text.trim();
	const formProblem = findFormProblem(trimmed);
	if (formProblem !== undefined) return refuse(formProblem);
	const pairs = splitPairs(trimmed);
	const problem =
		findKindProblem(new Map(pairs)) ?? findFieldProblem(pairs, trimmed) ?? findValueProblem(new Map(pairs));
	if (problem !== undefined) return refuse(problem);
	const fields = new Map(pairs);
	const signature = readField(fields, "SharedAccessSignature");
	const key = readField(fields, "SharedAccessKey");
	return {
		hostName: readField(fields, "HostName"),
		access: signature === "" ? { policy: readField(fields, "SharedAccessKeyName"), key } : { signature },
	};
}

const EXAMPLE_SENTENCE =
	"It must look like 'HostName=<hub>.azure-devices.net;SharedAccessKeyName=<policy>;SharedAccessKey=<key>'";

/** The names, in lower case, and values of a connection string, in its order. A part without `=` has the name "". */
type Pairs = readonly (readonly [name: string, value: string])[];

function splitPairs(text: string): Pairs {
	return text
		.split(";")
		.map((part) => part.trim())
		.filter((part) => part !== "")
		.map((part) => {
			const separator = part.indexOf("=");
			return separator < 0
				? ["", part]
				: [part.slice(0, separator).trim().toLowerCase(), part.slice(separator + 1).trim()];
		});
}

/** Returns the problem of names that are unknown, given twice or missing. */
function findFieldProblem(pairs: Pairs, text: string): Problem | undefined {
	const names = pairs.map(([name]) => name);
	const repeated = FIELD_NAMES.find((field) => countField(names, field) > 1);
	if (repeated === "HostName")
		return "has HostName twice; write each connection string on a line of its own, or set a list of them";
	if (repeated !== undefined) return `has ${repeated} twice; keep one of them`;
	const isKnown = (name: string): boolean => FIELD_NAMES.some((field) => field.toLowerCase() === name);
	const unknown = names.findIndex((name) => !isKnown(name));
	if (unknown >= 0 && names.some(isKnown)) return describeUnknownField(names, unknown);
	if (!names.includes("hostname"))
		return "has no HostName; it does not look like a connection string of a hub";
	if (pairs.length > 1 || text.endsWith(";")) return undefined;
	return "has a HostName and nothing else: without quotes, a shell ends the value at the first `;`. Put the whole connection string in single quotes";
}

/** Describes a part with an unknown name by its position, because the name may be a part of a key. */
function describeUnknownField(names: readonly string[], index: number): Problem {
	const name = names[index] ?? "";
	const fault = name === "" ? "is not a field (Name=value)" : "has an unknown name";
	const suggestion = findSuggestion(name, FIELD_NAMES);
	const advice =
		suggestion === undefined ? `the fields are ${FIELD_NAMES.join(", ")}` : `${suggestion} resembles it`;
	return `cannot be read: part ${index + 1} of ${names.length} ${fault}; ${advice}`;
}

/** Returns the problem of values that are empty, of no hub, changed on their way, or contradictory. */
function findValueProblem(fields: ReadonlyMap<string, string>): Problem | undefined {
	const hostName = readField(fields, "HostName");
	const policy = readField(fields, "SharedAccessKeyName");
	const key = readField(fields, "SharedAccessKey");
	const signature = readField(fields, "SharedAccessSignature");
	if (hostName === "") return "has an empty HostName";
	const hostProblem = findHostProblem(hostName);
	if (hostProblem !== undefined) return hostProblem;
	if (signature !== "" && key !== "")
		return "has both a SharedAccessKey and a SharedAccessSignature; keep one of them";
	if (signature !== "") return findSignatureProblem(signature);
	if (policy === "" && key === "")
		return "has neither SharedAccessKeyName and SharedAccessKey nor a SharedAccessSignature";
	if (policy === "") return `has ${describeAbsence(fields, "SharedAccessKeyName")}, the policy of its key`;
	if (key === "") return `has ${describeAbsence(fields, "SharedAccessKey")}, the key of its policy`;
	return findPolicyKeyProblem(key);
}

function describeAbsence(fields: ReadonlyMap<string, string>, name: FieldName): string {
	return fields.has(name.toLowerCase()) ? `an empty ${name}` : `no ${name}`;
}

function readField(fields: ReadonlyMap<string, string>, name: FieldName): string {
	return fields.get(name.toLowerCase()) ?? "";
}

function countField(names: readonly string[], field: FieldName): number {
	return names.filter((name) => name === field.toLowerCase()).length;
}
