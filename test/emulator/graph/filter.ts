import { createBadRequestError, createMalformedError } from "./graphError.ts";
import type { Machine } from "./machine.ts";
import type { AutopilotSwitches } from "./switches.ts";

type Test<Item> = (item: Item) => boolean;

/** The `$filter` of identities: `contains` on serial numbers, and equality of the directory's device id. */
export function machineFilter(text: string | undefined, switches: AutopilotSwitches): Test<Machine> {
	if (text === undefined) return () => true;
	if (switches.identityFilter === "none") throw createBadRequestError("Filter is not supported");
	const deviceId = quoted(/^azureActiveDirectoryDeviceId\s+eq\s+'((?:[^']|'')*)'$/i.exec(text.trim()));
	if (deviceId !== undefined) return (machine) => same(machine.azureActiveDirectoryDeviceId, deviceId);
	const part = serialPart(text);
	if (part === undefined) throw createBadRequestError("Filter is not supported");
	if (switches.hyphenFilter === "reject" && part.includes("-")) throw createBadRequestError();
	if (switches.blankFilter === "reject" && part.includes(" ")) throw createBadRequestError();
	return containsPart(part);
}

/** The `$filter` of import records. */
export function recordFilter(text: string | undefined): Test<{ readonly serialNumber: string }> {
	if (text === undefined) return () => true;
	const part = serialPart(text);
	if (part === undefined) throw createMalformedError("Invalid filter clause");
	return containsPart(part);
}

function serialPart(text: string): string | undefined {
	return quoted(/^contains\(\s*serialNumber\s*,\s*'((?:[^']|'')*)'\s*\)$/i.exec(text.trim()));
}

function quoted(match: RegExpExecArray | null): string | undefined {
	return match?.[1]?.replaceAll("''", "'");
}

function containsPart(part: string): Test<{ readonly serialNumber: string }> {
	const wanted = part.toLowerCase();
	return ({ serialNumber }) => serialNumber.toLowerCase().includes(wanted);
}

function same(one: string, other: string): boolean {
	return one.toLowerCase() === other.toLowerCase();
}
