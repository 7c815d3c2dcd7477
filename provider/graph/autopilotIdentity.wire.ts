import type { JsonResponse } from "../http/response.ts";
import type { LiveObject } from "../resource/resourceType.ts";
import { asObject, asString, type Values } from "../values.ts";
import type { AutopilotInputs, ManagedValues } from "./autopilotIdentity.inputs.ts";
import { computeContentEtag } from "./contentEtag.ts";

/** A machine as the service has it; its id is always known. */
export type LiveMachine = LiveObject<AutopilotInputs> & { readonly id: string };

/** A status record of an import. */
export interface ImportRecord {
	readonly id: string;
	readonly importId: string;
	readonly serialNumber: string;
	/** What the import gives the machine. */
	readonly groupTag?: string | undefined;
	readonly assignedUserPrincipalName?: string | undefined;
	readonly state: ImportState;
	/** The etag that the service sent with it, if any. */
	readonly etag: string | undefined;
}

/** How far an import is, under the service's names. */
export interface ImportState {
	readonly deviceImportStatus: string;
	readonly deviceRegistrationId: string;
	readonly deviceErrorCode: number;
	readonly deviceErrorName: string;
}

/** Facts of a machine that do not move once its maker, its seller and the service have told them. */
const STABLE_FIELDS = [
	"manufacturer",
	"model",
	"systemFamily",
	"skuNumber",
	"purchaseOrderIdentifier",
] as const;

/** Facts that move by themselves: for lookups, never for outputs. */
const VOLATILE_FIELDS = ["enrollmentState", "managedDeviceId"] as const;

/** Reads a machine out of a GET of its own; undefined where the answer is none. */
export function decodeMachine({ json, headers }: JsonResponse): LiveMachine | undefined {
	const machine = asObject(json);
	const id = asString(machine["id"]);
	const serialNumber = asString(machine["serialNumber"]);
	if (id === undefined || serialNumber === undefined) return undefined;
	return {
		id,
		etag: readEtag(machine, headers) ?? computeContentEtag(machine),
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

/** The facts that outputs keep, out of a machine's facts or of outputs that kept them. */
export function pickStableFields(computed: Values): Values {
	return Object.fromEntries(STABLE_FIELDS.map((name) => [name, computed[name]]));
}

/** Whether the service means "not set": it writes an empty text, the id of zeros, or the year 1. */
export function isUnset(value: unknown): boolean {
	if (value === undefined || value === null || value === "") return true;
	return typeof value === "string" && /^(?:0001-01-01T|0{8}-(?:0{4}-){3}0{12}$)/.test(value);
}

/** Reads an import's record; undefined where the JSON value is none. */
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

/** The body that queues an import. The hash goes as it is: a text that is decoded and encoded again is refused. */
export function encodeImport(inputs: AutopilotInputs, importId: string): object {
	const { serialNumber, hardwareIdentifier, productKey, groupTag, assignedUserPrincipalName } = inputs;
	return {
		"@odata.type": "#microsoft.graph.importedWindowsAutopilotDeviceIdentity",
		serialNumber,
		hardwareIdentifier,
		importId,
		...(productKey ? { productKey } : {}),
		...(groupTag ? { groupTag } : {}),
		...(assignedUserPrincipalName ? { assignedUserPrincipalName } : {}),
	};
}

/**
 * The parameters of updateDeviceProperties: always all of them, for a change of one was seen to empty another. Without a
 * user they say nothing of users, for one is taken off by an action of its own.
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

/** The body of the PATCH by which Graph's page "Update deviceIdentities" changes an import's record; never the hash. */
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
