import { computeFingerprint } from "../../../../provider/keys/fingerprint.ts";
import type { State } from "../../../contract/harness/resource.ts";
import type { DeviceView } from "../../../emulator/emulator.ts";
import type { View } from "./place.ts";
import { normalizeProgram, type Program } from "./step.ts";

/** Values of a device by the paths that reports use. Keys are fingerprints; an empty string means no value. */
export type Leaves = Readonly<Record<string, string>>;

const PRIMARY = "authentication.symmetricKey.primaryKey";
const SECONDARY = "authentication.symmetricKey.secondaryKey";
const SCOPE = "deviceScope";
const PARENTS = "parentScopes";

/** The hub's values for fields that are no longer declared; fields that are not listed here keep theirs. */
export const DEFAULTS: Leaves = {
	status: "enabled",
	statusReason: "",
	"capabilities.iotEdge": "",
	[SCOPE]: "",
	[PARENTS]: "",
};

/** Lists all values of a device that a program may declare. */
export function listDeviceLeaves(device: DeviceView): Leaves {
	const { status, statusReason, authentication, capabilities, deviceScope, parentScopes } = device;
	const { primaryKey, secondaryKey } = authentication.symmetricKey;
	const isEdge = capabilities.iotEdge;
	return {
		status,
		statusReason: statusReason ?? "",
		"authentication.type": authentication.type,
		[PRIMARY]: formatKey(primaryKey),
		[SECONDARY]: formatKey(secondaryKey),
		"capabilities.iotEdge": isEdge ? "true" : "",
		[SCOPE]: isEdge ? "" : (deviceScope ?? ""),
		[PARENTS]: isEdge ? parentScopes.join(" ") : "",
	};
}

/** Returns the parent's scope, which a leaf and a gateway have in different properties. */
export function getParent(leaves: Leaves): string {
	return (leaves[SCOPE] || leaves[PARENTS]) ?? "";
}

/** Returns whether a path is that of the parent. */
export function isParent(path: string): boolean {
	return path === SCOPE || path === PARENTS;
}

/** Formats a value as reports show it. */
export function formatValue(path: string, value: string): string {
	if (value === "") return "none";
	return path.includes("symmetricKey") ? `key ${value}` : JSON.stringify(value);
}

/**
 * Returns the values that a program declares for a device, or undefined if it does not declare the device. A parent
 * that does not exist has no scope.
 */
export function readDeclared(program: Program, id: string, view: View): Leaves | undefined {
	const device = normalizeProgram(program)[id];
	if (device === undefined) return undefined;
	const { status, statusReason, keys, edge, parent } = device;
	const { primaryKey, secondaryKey } =
		keys === undefined ? { primaryKey: "", secondaryKey: "" } : createKeys(keys);
	return {
		...(status === undefined ? {} : { status }),
		...(statusReason === undefined ? {} : { statusReason }),
		...(keys && {
			"authentication.type": "sas",
			[PRIMARY]: formatKey(primaryKey),
			[SECONDARY]: formatKey(secondaryKey),
		}),
		...(edge === undefined ? {} : { "capabilities.iotEdge": edge }),
		...(parent && { [edge === "true" ? PARENTS : SCOPE]: view.get(parent)?.scope ?? UNKNOWN_SCOPE }),
	};
}

/** Stands for the scope of a parent that does not exist. */
export const UNKNOWN_SCOPE = "not there";

/** Creates the keys for a letter. */
export function createKeys(letter: string): { primaryKey: string; secondaryKey: string } {
	const key = (which: string) => Buffer.alloc(32, letter + which).toString("base64");
	return { primaryKey: key("1"), secondaryKey: key("2") };
}

/** A device in state. */
export interface Kept {
	readonly incarnation: string;
	readonly etag: string;
	/** The declared values of the last deployment. */
	readonly leaves: Leaves;
	/** The whole entry as JSON, for comparisons. */
	readonly text: string;
}

/** Returns the devices in state, by id. */
export function readMembers(state: State | undefined): ReadonlyMap<string, Kept> {
	const members = JSON.parse(String(state?.outputs["__members"] ?? "{}")) as Record<
		string,
		Record<string, unknown>
	>;
	return new Map(Object.entries(members).map(([id, member]) => [id, readKept(id, member)]));
}

function readKept(id: string, member: Readonly<Record<string, unknown>>): Kept {
	const { e, g, d = "", v = {} } = member;
	const entries = String(d)
		.split(" ")
		.filter((entry) => entry !== "")
		.map((entry) => entry.split("=", 2))
		.map(([path = "", key]) => [path, key ?? getValueAt(v, path)])
		// A gateway's own scope is in the same property as a parent's, but is not a parent.
		.map(([path = "", value = ""]) => [path, value.startsWith(`ms-azure-iot-edge://${id}-`) ? "" : value]);
	return {
		incarnation: String(g),
		etag: String(e),
		leaves: Object.fromEntries(entries),
		text: JSON.stringify(member),
	};
}

function getValueAt(value: unknown, path: string): string {
	const found = path.split(".").reduce((at: unknown, name) => Object(at)[name], value);
	if (Array.isArray(found)) return found.join(" ");
	return found === true ? "true" : typeof found === "string" ? found : "";
}

function formatKey(key: string | null): string {
	return key === null || key === "" ? "" : computeFingerprint(key);
}
