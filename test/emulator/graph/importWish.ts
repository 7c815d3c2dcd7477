import type { JsonObject } from "../json.ts";
import { readTextMember, requireGroupTag, requireProperties } from "./body.ts";
import { createMalformedError } from "./graphError.ts";
import { isBinary } from "./hardwareReport.ts";
import type { ImportWish } from "./importRecord.ts";
import type { AutopilotSwitches } from "./switches.ts";

/** The members of `importedWindowsAutopilotDeviceIdentity`. */
const MEMBERS = [
	"id",
	"groupTag",
	"serialNumber",
	"productKey",
	"importId",
	"hardwareIdentifier",
	"assignedUserPrincipalName",
	"state",
];

/** Returns the strings of an import body; omitted members are omitted here too. Its `state` is ignored. */
export function readWish(body: JsonObject, switches: AutopilotSwitches): Partial<ImportWish> {
	const isSeed = switches.profile === "seed";
	const names = isSeed ? [...MEMBERS, "orderIdentifier"] : MEMBERS;
	requireProperties(body, names, { type: "importedWindowsAutopilotDeviceIdentity", switches });
	const orderIdentifier = isSeed ? readTextMember(body, "orderIdentifier") : undefined;
	const entries = {
		groupTag: readTextMember(body, "groupTag") ?? orderIdentifier,
		serialNumber: readTextMember(body, "serialNumber"),
		productKey: readTextMember(body, "productKey"),
		importId: readTextMember(body, "importId") || undefined,
		hardwareIdentifier: readBinaryMember(body),
		assignedUserPrincipalName: readTextMember(body, "assignedUserPrincipalName"),
		orderIdentifier,
	};
	requireGroupTag(entries.groupTag ?? "", switches);
	return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));
}

/** Completes an import body; omitted members are blank. */
export function completeWish(wish: Partial<ImportWish>): ImportWish {
	return {
		groupTag: "",
		serialNumber: "",
		productKey: "",
		importId: undefined,
		hardwareIdentifier: "",
		assignedUserPrincipalName: "",
		orderIdentifier: "",
		...wish,
	};
}

function readBinaryMember(body: JsonObject): string | undefined {
	const value = body["hardwareIdentifier"] ?? undefined;
	if (value === undefined || (typeof value === "string" && isBinary(value))) return value;
	throw createMalformedError(
		`Cannot convert the literal '${String(value)}' to the expected type 'Edm.Binary'.`,
	);
}
