import { quoteName } from "../text/quotedNames.ts";
import { createDiagnostic } from "./diagnostics.ts";
import type { DeviceCollector } from "./fleetFile.collector.ts";
import { isEdgeConfiguration, readEdgeConfiguration } from "./fleetFile.edge.ts";
import { describeForeignDevice, describeForeignDocument } from "./fleetFile.foreign.ts";
import { DEVICE_SCHEMA, type DeviceValues, isServiceRecord } from "./fleetFile.schema.ts";
import { readValues } from "./objectSchema.ts";
import {
	describeNodeKind,
	findMember,
	type ListNode,
	type MappingMember,
	type MappingNode,
	type SourceNode,
} from "./sourceNode.ts";

/**
 * Reads a JSON or YAML document: devices by id, a list of devices, one device as the hub returns it, an object around devices, a
 * saved state of a hub, or the configuration of IoT Edge devices.
 */
export function readDocument(root: SourceNode, collector: DeviceCollector): void {
	if (root.kind === "list") readDeviceList(root, collector);
	else if (root.kind === "map") readMapping(root, collector);
	else {
		const text = `the document must be an object with devices by id, or a list, got ${describeNodeKind(root)}`;
		collector.addDiagnostic(createDiagnostic(root, text));
	}
}

function readMapping(root: MappingNode, collector: DeviceCollector): void {
	const foreign = describeForeignDocument(root);
	const wrapped = findWrapped(root);
	if (foreign !== undefined) collector.addDiagnostic(createDiagnostic(root, foreign));
	else if (isEdgeConfiguration(root)) readEdgeConfiguration(root, collector);
	else if (wrapped?.kind === "list") readDeviceList(wrapped, collector);
	else if (wrapped?.kind === "map") readSavedDevices(root, wrapped, collector);
	else if (isSingleDevice(root)) readDeviceNode(root, collector);
	else for (const member of root.members) readKeyedDevice(member, collector);
}

/** The names of objects around devices: of the Azure CLI's saved state, and of responses and PowerShell's `ConvertTo-Json`. */
const WRAPPERS = ["devices", "value"];

/**
 * Returns the list of an object such as `{ "devices": [ … ] }`, or the object by id of a hub's saved state; undefined for devices by
 * id. A device that is called "devices" is an object with properties of a device.
 */
function findWrapped(root: MappingNode): ListNode | MappingNode | undefined {
	for (const name of WRAPPERS) {
		const value = findMember(root, name)?.value;
		if (value?.kind === "list") return value;
		if (value?.kind === "map" && value.members.some(isSavedDevice)) return value;
	}
	return undefined;
}

function isSavedDevice({ value }: MappingMember): boolean {
	return value.kind === "map" && findMember(value, "identity")?.value.kind === "map";
}

/** Whether an object is one device: its id is a string, whereas a device by id is an object. */
function isSingleDevice(root: MappingNode): boolean {
	return ["deviceId", "id"].some((name) => {
		const value = findMember(root, name)?.value;
		return value?.kind === "scalar" && typeof value.value === "string";
	});
}

function readDeviceList({ items }: ListNode, collector: DeviceCollector): void {
	const [first] = items;
	const foreign = first?.kind === "map" ? describeForeignDevice(first) : undefined;
	if (first !== undefined && foreign !== undefined) collector.addDiagnostic(createDiagnostic(first, foreign));
	else for (const item of items) readDeviceNode(item, collector);
}

/** Reads a device that contains its id: an item of a list, or a line. */
export function readDeviceNode(node: SourceNode, collector: DeviceCollector): void {
	if (node.kind === "map")
		collector.addDevice(
			readValues(node, DEVICE_SCHEMA, { findings: collector, isServiceRecord: isServiceRecord(node) }),
			node,
		);
	else {
		const text = `a device in a list must be an object with deviceId, got ${describeNodeKind(node)}`;
		collector.addDiagnostic(createDiagnostic(node, text));
	}
}

/** Reads the devices of `az iot hub state export`: by id, each with its identity, its twin, its modules and its parent. */
function readSavedDevices(root: MappingNode, devices: MappingNode, collector: DeviceCollector): void {
	for (const { name, value } of root.members) if (value !== devices) collector.addIgnored(name);
	for (const member of devices.members) {
		const saved = member.value.kind === "map" ? member.value : undefined;
		const identity = saved && findMember(saved, "identity")?.value;
		if (saved === undefined || identity?.kind !== "map") {
			readKeyedDevice(member, collector);
			continue;
		}
		const parent = findMember(saved, "parent");
		for (const { name } of saved.members)
			if (!["identity", "parent"].includes(name.toLowerCase())) collector.addIgnored(name);
		const members = parent === undefined ? identity.members : [...identity.members, parent];
		readKeyedDevice({ ...member, value: { ...identity, members } }, collector, true);
	}
}

/** Reads a device under its id. It may repeat the id, and may be null. */
function readKeyedDevice(
	{ name, line, column, value }: MappingMember,
	collector: DeviceCollector,
	isSaved = false,
): void {
	const position = { line, column };
	const id = { name: "the id", value: { ...position, kind: "scalar", value: name } } as const;
	const values: DeviceValues = new Map();
	if (value.kind === "map") {
		const isService = isSaved || isServiceRecord(value);
		readValues(value, DEVICE_SCHEMA, { findings: collector, values, isServiceRecord: isService });
	} else if (value.kind === "list" || value.value !== null) {
		const text = `${quoteName(name)} must be an object such as { "status": "enabled" }, got ${describeNodeKind(value)}`;
		collector.addDiagnostic(createDiagnostic(position, text));
	}
	const repeatedId = values.get("deviceId");
	if (repeatedId !== undefined && !(repeatedId.value.kind === "scalar" && repeatedId.value.value === name)) {
		const text = `${repeatedId.name} differs from the id above, under which the file declares the device; remove it`;
		collector.addDiagnostic(createDiagnostic(repeatedId.value, text));
	}
	collector.addDevice(values.set("deviceId", id), position);
}
