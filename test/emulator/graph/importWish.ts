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

/** The texts of an import body; members that it leaves out are left out here too. Its `state` counts for nothing. */
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

/** A wish in full; what was not said is blank. */
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
