import type { Deployment, Outcome } from "../engine/index.ts";

/** What must be equal on both engines: steps, counts, exit code, what was said, and the state, accidents aside. */
export function normalizeRun(outcome: Outcome, { deployment }: Deployment): unknown {
	return normalizeValue({
		exitCode: outcome.exitCode,
		changes: outcome.changes,
		operations: outcome.operations.map((operation) => JSON.stringify(operation)).sort(),
		diagnostics: outcome.diagnostics.map(({ severity, message }) => `${severity} ${message.trim()}`).sort(),
		resources: (deployment.resources ?? [])
			.map(({ created: _, modified: __, sourcePosition: ___, stackTrace: ____, ...rest }) => rest)
			.sort((a, b) => a.urn.localeCompare(b.urn)),
	});
}

/** Texts that differ from run to run: ticks, times, request and tracking ids, ports, random ids, what is kept of random keys. */
const ACCIDENTS: readonly [RegExp, string][] = [
	[/\b\d{18}\b/g, "<ticks>"],
	[/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<uuid>"],
	[/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>"],
	[/key [0-9a-f]{16}/g, "key <fingerprint>"],
	[/"e":"(?:[^"\\]|\\.)*"/g, '"e":"<etag>"'],
	[/"k":"[^"]*"/g, '"k":"<fingerprints>"'],
	[/(existingVersion|newVersion):\d+/g, "$1:<n>"],
	[/(localhost|127\.0\.0\.1):\d+/g, "<loopback>"],
];

function normalizeValue(value: unknown, name = ""): unknown {
	if (name === "etag") return "<etag>";
	if (name === "__keys") return "<fingerprints>";
	if (name === "dependencies" && Array.isArray(value)) return [...value].sort();
	if (typeof value === "string")
		return ACCIDENTS.reduce((text, [pattern, instead]) => text.replace(pattern, instead), value);
	if (Array.isArray(value)) return value.map((item) => normalizeValue(item));
	if (typeof value !== "object" || value === null) return value;
	if ("ciphertext" in value) return "[secret]";
	return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, normalizeValue(inner, key)]));
}
