import { quoteName } from "./fileFault.ts";
import { isEdgeConfiguration, readEdgeConfiguration } from "./fleetFile.edge.ts";
import { DEVICE_SCHEMA, type DeviceValues } from "./fleetFile.facts.ts";
import type { DeviceCollector } from "./fleetFile.roll.ts";
import { describeNodeKind, type SourceNode, type MappingNode, type MappingMember } from "./located.ts";
import { readValues } from "./shape.ts";

/** Reads a whole JSON or YAML text: devices by id, a list of them, or the configuration of IoT Edge devices. */
export function readDocument(root: SourceNode, collector: DeviceCollector): void {
	if (root.kind === "list") for (const item of root.items) readDeviceNode(item, collector);
	else if (root.kind === "map") readDeviceMap(root, collector);
	else {
		const { line, column } = root;
		collector.addDiagnostic({
			line,
			column,
			text: `must be an object with devices by id, or a list, not ${describeNodeKind(root)}`,
		});
	}
}

function readDeviceMap(root: MappingNode, collector: DeviceCollector): void {
	if (isEdgeConfiguration(root)) readEdgeConfiguration(root, collector);
	else for (const member of root.members) readKeyedDevice(member, collector);
}

/** Reads a device that says its id itself. */
export function readDeviceNode(node: SourceNode, collector: DeviceCollector): void {
	const { line, column } = node;
	if (node.kind === "map") collector.addDevice(readValues(node, DEVICE_SCHEMA, { findings: collector }), { line, column });
	else
		collector.addDiagnostic({ line, column, text: `is ${describeNodeKind(node)}; a device of a list is an object with deviceId` });
}

/** Reads a device below its id. It may repeat the id, and need not say anything. */
function readKeyedDevice({ name, line, column, value }: MappingMember, collector: DeviceCollector): void {
	const position = { line, column };
	const id = { name: "the id", value: { ...position, kind: "scalar", value: name } } as const;
	const values: DeviceValues = new Map();
	if (value.kind === "map") readValues(value, DEVICE_SCHEMA, { findings: collector, values });
	else if (value.kind === "list" || value.value !== null) {
		const text = `${quoteName(name)} is ${describeNodeKind(value)}; a device is an object: { "status": "enabled" }`;
		collector.addDiagnostic({ ...position, text });
	}
	const repeatedId = values.get("deviceId");
	if (repeatedId !== undefined && !(repeatedId.value.kind === "scalar" && repeatedId.value.value === name)) {
		const text = `${repeatedId.name} is another id than the one above, by which the file has the device; leave it out`;
		collector.addDiagnostic({ line: repeatedId.value.line, column: repeatedId.value.column, text });
	}
	collector.addDevice(values.set("deviceId", id), position);
}
