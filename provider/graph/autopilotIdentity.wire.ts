import type { Answer } from "../http/answer.ts";
import { members, textOf } from "../http/json.ts";
import type { Live, Values } from "../lifecycle/kind.ts";
import type { AutopilotInputs, ManagedSet } from "./autopilotIdentity.inputs.ts";
import { contentEtag } from "./contentEtag.ts";

/** A machine as the service has it; its id is always known. */
export type LiveMachine = Live<AutopilotInputs> & { readonly id: string };

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
const STANDING = ["manufacturer", "model", "systemFamily", "skuNumber", "purchaseOrderIdentifier"] as const;

/** Facts that move by themselves: for lookups, never for outputs. */
const MOVING = ["enrollmentState", "managedDeviceId"] as const;

/** Reads a machine out of a GET of its own; undefined where the answer is none. */
export function decodeMachine({ json, headers }: Answer): LiveMachine | undefined {
	const machine = members(json);
	const id = textOf(machine["id"]);
	const serialNumber = textOf(machine["serialNumber"]);
	if (id === undefined || serialNumber === undefined) return undefined;
	return {
		id,
		etag: etagIn(machine, headers) ?? contentEtag(machine),
		// A registration id is never given twice, so there is no later machine under it to be told apart.
		incarnation: "",
		values: {
			serialNumber,
			...present("productKey", machine["productKey"]),
			...present("groupTag", machine["groupTag"]),
			...present("assignedUserPrincipalName", machine["userPrincipalName"]),
			...present("addressableUserName", machine["addressableUserName"]),
			...present("displayName", machine["displayName"]),
		},
		facts: Object.fromEntries(
			[...STANDING, ...MOVING].map((name) => [name, isUnset(machine[name]) ? undefined : machine[name]]),
		),
	};
}

/** The facts that outputs keep, out of a machine's facts or of outputs that kept them. */
export function standingFacts(facts: Values): Values {
	return Object.fromEntries(STANDING.map((name) => [name, facts[name]]));
}

/** Whether the service means "not set": it writes an empty text, the id of zeros, or the year 1. */
export function isUnset(value: unknown): boolean {
	if (value === undefined || value === null || value === "") return true;
	return typeof value === "string" && /^(?:0001-01-01T|0{8}-(?:0{4}-){3}0{12}$)/.test(value);
}

/** Reads an import's record; undefined where the JSON value is none. */
export function decodeRecord(json: unknown, headers: Answer["headers"] = {}): ImportRecord | undefined {
	const record = members(json);
	const id = textOf(record["id"]);
	if (id === undefined) return undefined;
	const state = members(record["state"]);
	return {
		id,
		importId: textOf(record["importId"]) ?? "",
		serialNumber: textOf(record["serialNumber"]) ?? "",
		groupTag: textOf(record["groupTag"]),
		assignedUserPrincipalName: textOf(record["assignedUserPrincipalName"]),
		etag: etagIn(record, headers),
		state: {
			deviceImportStatus: textOf(state["deviceImportStatus"]) ?? "unknown",
			deviceRegistrationId: textOf(state["deviceRegistrationId"]) ?? "",
			deviceErrorCode: Number(state["deviceErrorCode"] ?? 0),
			deviceErrorName: textOf(state["deviceErrorName"]) ?? "",
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
export function encodeProperties(desired: ManagedSet): object {
	const {
		assignedUserPrincipalName: userPrincipalName,
		addressableUserName,
		groupTag,
		displayName,
	} = desired;
	const user = userPrincipalName
		? { userPrincipalName, addressableUserName }
		: addressableUserName && { addressableUserName };
	return { ...(user || {}), groupTag, displayName };
}

/** The body of the PATCH by which Graph's page "Update deviceIdentities" changes an import's record; never the hash. */
export function encodePatch(record: ImportRecord, desired: ManagedSet): object {
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

function etagIn(entity: Values, headers: Answer["headers"]): string | undefined {
	return textOf(entity["@odata.etag"]) || headers["etag"] || undefined;
}

function present(name: string, value: unknown): Values {
	const text = textOf(value);
	return text ? { [name]: text } : {};
}
