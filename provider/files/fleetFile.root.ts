import { quoted } from "./fileFault.ts";
import { isEdgeConfiguration, readEdgeConfiguration } from "./fleetFile.edge.ts";
import { DEVICE, type DeviceFacts } from "./fleetFile.facts.ts";
import type { Roll } from "./fleetFile.roll.ts";
import { kindOf, type Located, type Mapping, type Member } from "./located.ts";
import { factsIn } from "./shape.ts";

/** Reads a whole JSON or YAML text: devices by id, a list of them, or the configuration of IoT Edge devices. */
export function readRoot(root: Located, roll: Roll): void {
	if (root.kind === "list") for (const item of root.items) readDevice(item, roll);
	else if (root.kind === "map") readMapping(root, roll);
	else {
		const { line, column } = root;
		roll.fault({
			line,
			column,
			text: `must be an object with devices by id, or a list, not ${kindOf(root)}`,
		});
	}
}

function readMapping(root: Mapping, roll: Roll): void {
	if (isEdgeConfiguration(root)) readEdgeConfiguration(root, roll);
	else for (const member of root.members) readNamed(member, roll);
}

/** Reads a device that says its id itself. */
export function readDevice(node: Located, roll: Roll): void {
	const { line, column } = node;
	if (node.kind === "map") roll.enter(factsIn(node, DEVICE, { findings: roll }), { line, column });
	else
		roll.fault({ line, column, text: `is ${kindOf(node)}; a device of a list is an object with deviceId` });
}

/** Reads a device below its id. It may repeat the id, and need not say anything. */
function readNamed({ name, line, column, value }: Member, roll: Roll): void {
	const place = { line, column };
	const id = { name: "the id", value: { ...place, kind: "scalar", value: name } } as const;
	const facts: DeviceFacts = new Map();
	if (value.kind === "map") factsIn(value, DEVICE, { findings: roll, facts });
	else if (value.kind === "list" || value.value !== null) {
		const text = `${quoted(name)} is ${kindOf(value)}; a device is an object: { "status": "enabled" }`;
		roll.fault({ ...place, text });
	}
	const repeated = facts.get("deviceId");
	if (repeated !== undefined && !(repeated.value.kind === "scalar" && repeated.value.value === name)) {
		const text = `${repeated.name} is another id than the one above, by which the file has the device; leave it out`;
		roll.fault({ line: repeated.value.line, column: repeated.value.column, text });
	}
	roll.enter(facts.set("deviceId", id), place);
}
