import { createBadRequestError, createMalformedError } from "./graphError.ts";
import type { Machine } from "./machine.ts";
import type { AutopilotSwitches } from "./switches.ts";

type Test<Item> = (item: Item) => boolean;

/** Parses the `$filter` of identities: `contains` on serial numbers, and equality of the directory's device id. */
export function parseMachineFilter(text: string | undefined, switches: AutopilotSwitches): Test<Machine> {
	if (text === undefined) return () => true;
	if (switches.identityFilter === "none") throw createBadRequestError("Filter is not supported");
	const deviceId = unquote(/^azureActiveDirectoryDeviceId\s+eq\s+'((?:[^']|'')*)'$/i.exec(text.trim()));
	if (deviceId !== undefined)
		return (machine) => equalsIgnoringCase(machine.azureActiveDirectoryDeviceId, deviceId);
	const part = parseSerialPart(text);
	if (part === undefined) throw createBadRequestError("Filter is not supported");
	if (switches.hyphenFilter === "reject" && part.includes("-")) throw createBadRequestError();
	if (switches.blankFilter === "reject" && part.includes(" ")) throw createBadRequestError();
	return containsPart(part);
}

/** Parses the `$filter` of import records: `contains` on serial numbers, and equality of the import id. */
export function recordFilter(
	text: string | undefined,
	switches: AutopilotSwitches,
): Test<{ readonly serialNumber: string; readonly importId: string }> {
	if (text === undefined) return () => true;
	const wanted = unquote(/^importId\s+eq\s+'((?:[^']|'')*)'$/i.exec(text.trim()));
	if (wanted !== undefined) {
		if (switches.importIdFilter === "reject") throw createBadRequestError("Filter is not supported");
		return ({ importId }) => equalsIgnoringCase(importId, wanted);
	}
	const part = parseSerialPart(text);
	if (part === undefined) throw createMalformedError("Invalid filter clause");
	return containsPart(part);
}

function parseSerialPart(text: string): string | undefined {
	return unquote(/^contains\(\s*serialNumber\s*,\s*'((?:[^']|'')*)'\s*\)$/i.exec(text.trim()));
}

function unquote(match: RegExpExecArray | null): string | undefined {
	return match?.[1]?.replaceAll("''", "'");
}

function containsPart(part: string): Test<{ readonly serialNumber: string }> {
	const wanted = part.toLowerCase();
	return ({ serialNumber }) => serialNumber.toLowerCase().includes(wanted);
}

function equalsIgnoringCase(one: string, other: string): boolean {
	return one.toLowerCase() === other.toLowerCase();
}
