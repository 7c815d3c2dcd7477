import { computeFingerprint } from "../../../../provider/keys/fingerprint.ts";
import type { State } from "../../../contract/harness/resource.ts";
import type { DeviceView } from "../../../emulator/emulator.ts";
import type { View } from "./place.ts";
import { normalizeProgram, type Program } from "./step.ts";

/** Values of a device by path as reports name them: of keys the fingerprints; an empty text is none. */
export type Leaves = Readonly<Record<string, string>>;

const PRIMARY = "authentication.symmetricKey.primaryKey";
const SECONDARY = "authentication.symmetricKey.secondaryKey";
const SCOPE = "deviceScope";
const PARENTS = "parentScopes";

/** What the hub gives a field that is no longer declared; what is not named here is kept. */
export const DEFAULTS: Leaves = {
	status: "enabled",
	statusReason: "",
	"capabilities.iotEdge": "",
	[SCOPE]: "",
	[PARENTS]: "",
};

/** All values that a program may declare of a device. */
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

/** The parent's scope, wherever the device has it: a leaf in one property, a gateway in another. */
export function getParent(leaves: Leaves): string {
	return (leaves[SCOPE] || leaves[PARENTS]) ?? "";
}

/** Whether a path tells the parent. */
export function isParent(path: string): boolean {
	return path === SCOPE || path === PARENTS;
}

/** A value as reports show it. */
export function formatValue(path: string, value: string): string {
	if (value === "") return "none";
	return path.includes("symmetricKey") ? `key ${value}` : JSON.stringify(value);
}

/** What a program declares of a device; undefined where it is none of its devices. A parent that is not there has no scope. */
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

/** Stands for the scope of a parent that is not there. */
export const UNKNOWN_SCOPE = "not there";

/** The keys that a letter stands for. */
export function createKeys(letter: string): { primaryKey: string; secondaryKey: string } {
	const key = (which: string) => Buffer.alloc(32, letter + which).toString("base64");
	return { primaryKey: key("1"), secondaryKey: key("2") };
}

/** A device as state has it. */
export interface Kept {
	readonly incarnation: string;
	readonly etag: string;
	/** What was declared at the last deployment, with the values that it had. */
	readonly leaves: Leaves;
	/** All of it, to compare. */
	readonly text: string;
}

/** The devices in state, by id. */
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
		// The scope that a gateway owns is no parent, though it stands in the same place.
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
