import type { JsonResponse } from "../http/response.ts";
import type { LiveObject } from "../resource/resourceType.ts";
import { completeBase64Padding } from "../rules/hardwareHash.ts";
import { asObject, asString, type Values } from "../values.ts";
import type { AutopilotInputs, ManagedValues } from "./autopilotIdentity.inputs.ts";
import { computeContentEtag } from "./contentEtag.ts";

/** A machine as the service returned it; its id is always known. */
export type LiveMachine = LiveObject<AutopilotInputs> & { readonly id: string };

/** The status record of an import. */
export interface ImportRecord {
	readonly id: string;
	readonly importId: string;
	readonly serialNumber: string;
	/** The values that the import sets on the machine. */
	readonly groupTag?: string | undefined;
	readonly assignedUserPrincipalName?: string | undefined;
	readonly state: ImportState;
	/** The etag that the service sent with it, if any. */
	readonly etag: string | undefined;
}

/** The state of an import, with the service's names. */
export interface ImportState {
	readonly deviceImportStatus: string;
	readonly deviceRegistrationId: string;
	readonly deviceErrorCode: number;
	readonly deviceErrorName: string;
}

/** Computed members that do not change once the manufacturer, the reseller and the service have set them. */
const STABLE_FIELDS = [
	"manufacturer",
	"model",
	"systemFamily",
	"skuNumber",
	"purchaseOrderIdentifier",
] as const;

/** Computed members that change on their own: for provider functions, never for outputs. */
const VOLATILE_FIELDS = ["enrollmentState", "managedDeviceId"] as const;

/** Decodes the response to a GET of one machine; undefined if it is not a machine. */
export function decodeMachine({ json, headers }: JsonResponse): LiveMachine | undefined {
	const machine = asObject(json);
	const id = asString(machine["id"]);
	if (id === undefined || !("serialNumber" in machine)) return undefined;
	// A machine without a serial number is listed, too, with null.
	const serialNumber = asString(machine["serialNumber"]) ?? "";
	return {
		id,
		etag: readEtag(machine, headers) ?? computeContentEtag(machine),
		// A registration id is never reused, so no later machine can have it, and there is no `uid`.
		values: {
			serialNumber,
			...pickText("productKey", machine["productKey"]),
			...pickText("groupTag", machine["groupTag"]),
			...pickText("assignedUserPrincipalName", machine["userPrincipalName"]),
			...pickText("addressableUserName", machine["addressableUserName"]),
			...pickText("displayName", machine["displayName"]),
		},
		computed: Object.fromEntries(
			[...STABLE_FIELDS, ...VOLATILE_FIELDS].map((name) => [
				name,
				isUnset(machine[name]) ? undefined : machine[name],
			]),
		),
	};
}

/** Picks the computed members that outputs keep, from a live machine or from outputs. */
export function pickStableFields(computed: Values): Values {
	return Object.fromEntries(STABLE_FIELDS.map((name) => [name, computed[name]]));
}

/** Whether a value means "not set": the service sends an empty string, an id of zeros, or a date in the year 1 for that. */
export function isUnset(value: unknown): boolean {
	if (value === undefined || value === null || value === "") return true;
	return typeof value === "string" && /^(?:0001-01-01T|0{8}-(?:0{4}-){3}0{12}$)/.test(value);
}

/** Decodes an import record; undefined if the JSON value is not one. */
export function decodeImportRecord(
	json: unknown,
	headers: JsonResponse["headers"] = {},
): ImportRecord | undefined {
	const record = asObject(json);
	const id = asString(record["id"]);
	if (id === undefined) return undefined;
	const state = asObject(record["state"]);
	return {
		id,
		importId: asString(record["importId"]) ?? "",
		serialNumber: asString(record["serialNumber"]) ?? "",
		groupTag: asString(record["groupTag"]),
		assignedUserPrincipalName: asString(record["assignedUserPrincipalName"]),
		etag: readEtag(record, headers),
		state: {
			deviceImportStatus: asString(state["deviceImportStatus"]) ?? "unknown",
			deviceRegistrationId: asString(state["deviceRegistrationId"]) ?? "",
			deviceErrorCode: Number(state["deviceErrorCode"] ?? 0),
			deviceErrorName: asString(state["deviceErrorName"]) ?? "",
		},
	};
}

/**
 * Encodes the body that queues an import. The hash is sent with its padding but otherwise unchanged: one that was decoded and
 * encoded again is refused.
 */
export function encodeImport(inputs: AutopilotInputs, importId: string): object {
	const { serialNumber, hardwareIdentifier, productKey, groupTag, assignedUserPrincipalName } = inputs;
	return {
		"@odata.type": "#microsoft.graph.importedWindowsAutopilotDeviceIdentity",
		serialNumber,
		hardwareIdentifier: hardwareIdentifier && completeBase64Padding(hardwareIdentifier),
		importId,
		...(productKey ? { productKey } : {}),
		...(groupTag ? { groupTag } : {}),
		...(assignedUserPrincipalName ? { assignedUserPrincipalName } : {}),
	};
}

/**
 * Encodes the parameters of updateDeviceProperties: always all of them (observed: a change of one emptied another). Without a
 * user, the members for users are omitted, because a separate action removes the user.
 */
export function encodeMachineProperties(desired: ManagedValues): object {
	const {
		assignedUserPrincipalName: userPrincipalName,
		addressableUserName,
		groupTag,
		displayName,
	} = desired;
	const userProperties = userPrincipalName
		? { userPrincipalName, addressableUserName }
		: addressableUserName && { addressableUserName };
	return { ...(userProperties || {}), groupTag, displayName };
}

/** Encodes the body of the PATCH of an import record (Graph's page "Update deviceIdentities"). It never contains the hash. */
export function encodeRecordPatch(record: ImportRecord, desired: ManagedValues): object {
	const { groupTag, assignedUserPrincipalName } = desired;
	return {
		"@odata.type": "#microsoft.graph.importedWindowsAutopilotDeviceIdentity",
		id: record.id,
		orderIdentifier: groupTag,
		groupTag,
		serialNumber: record.serialNumber,
		importId: record.importId,
		assignedUserPrincipalName,
	};
}

function readEtag(entity: Values, headers: JsonResponse["headers"]): string | undefined {
	return asString(entity["@odata.etag"]) || headers["etag"] || undefined;
}

function pickText(name: string, value: unknown): Values {
	const text = asString(value);
	return text ? { [name]: text } : {};
}
