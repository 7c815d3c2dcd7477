import { printableJson } from "../http/printable.ts";
import type { AdoptedDevice } from "../iothub/adoption.ts";
import type { Values } from "../lifecycle/kind.ts";
import { identifiers } from "./identifiers.ts";
import type { Importable } from "./importFile.ts";

/** A piece of program that stands where a value does. */
class Code {
	readonly text: string;

	constructor(text: string) {
		this.text = text;
	}
}

/** Names that a program of devices has besides its gateways'. */
const TAKEN = ["DeviceIdentity", "hubHostName"];

/** The program of a fleet whose devices stand in a file. */
export function fleetProgram({
	name,
	hubHostName,
	file,
}: Record<"name" | "hubHostName" | "file", string>): string {
	return `import { DeviceFleet, readFleet } from "pulumi-device-identity";

new DeviceFleet(${printableJson(name)}, {
	hubHostName: ${printableJson(hubHostName)},
	devices: readFleet(${printableJson(file)}),
});
`;
}

/** The program of single devices, parents before their children, which name them. */
export function devicesProgram(hubHostName: string, devices: readonly AdoptedDevice[]): string {
	const parents = new Set(devices.flatMap(({ parent }) => (parent === undefined ? [] : [parent])));
	const there = devices.filter(({ id }) => parents.has(id)).map(({ id }) => id);
	const names = identifiers(there, TAKEN);
	const blocks = parentsFirst(devices).map((device) => {
		const name = names.get(device.id);
		const created = `new DeviceIdentity(${printableJson(device.id)}, ${written(argsOf(device, names))});\n`;
		return name === undefined ? created : `const ${name} = ${created}`;
	});
	return [
		'import { DeviceIdentity } from "pulumi-device-identity";\n',
		`const hubHostName = ${printableJson(hubHostName)};\n`,
		...blocks,
	].join("\n");
}

/** The program of single machines. */
export function machinesProgram(machines: readonly Importable[]): string {
	const blocks = machines.map(
		({ name, inputs }) => `new AutopilotIdentity(${printableJson(name)}, ${written(inputs)});\n`,
	);
	return ['import { AutopilotIdentity } from "pulumi-device-identity";\n', ...blocks].join("\n");
}

/** The program of a fleet whose machines stand in a JSON file, by their names. */
export function machineFleetProgram(name: string, file: string): string {
	return `import { readFileSync } from "node:fs";
import { AutopilotFleet, type FleetMachine } from "pulumi-device-identity";

const machines: Record<string, FleetMachine> = JSON.parse(readFileSync(${printableJson(file)}, "utf8"));
new AutopilotFleet(${printableJson(name)}, { machines, adopt: true });
`;
}

function argsOf({ inputs, parent }: AdoptedDevice, names: ReadonlyMap<string, string>): Values {
	// The resource has the device's id for its name, and that is the default of the id.
	const { deviceId: _, storeCredentials, ...args } = inputs;
	const declared = { ...args, hubHostName: new Code("hubHostName"), storeCredentials };
	const name = parent === undefined ? undefined : names.get(parent);
	if (name === undefined) return declared;
	const scope = new Code(`${name}.deviceScope`);
	return { ...declared, ...("parentScopes" in args ? { parentScopes: [scope] } : { deviceScope: scope }) };
}

function parentsFirst(devices: readonly AdoptedDevice[]): readonly AdoptedDevice[] {
	const byId = new Map(devices.map((device) => [device.id, device]));
	const ordered = new Set<AdoptedDevice>();
	const add = (device: AdoptedDevice, way: ReadonlySet<string>): void => {
		const parent = byId.get(device.parent ?? "");
		if (parent !== undefined && !way.has(parent.id)) add(parent, new Set([...way, parent.id]));
		ordered.add(device);
	};
	for (const device of devices) add(device, new Set([device.id]));
	return [...ordered];
}

/** A value as a program has it. */
function written(value: unknown, indent = ""): string {
	if (value instanceof Code) return value.text;
	if (Array.isArray(value)) return `[${value.map((item) => written(item, indent)).join(", ")}]`;
	if (typeof value !== "object" || value === null) return printableJson(value);
	const inner = `${indent}\t`;
	const members = Object.entries(value).map(([name, member]) => {
		const told = written(member, inner);
		return told === name ? `${inner}${name},\n` : `${inner}${name}: ${told},\n`;
	});
	return `{\n${members.join("")}${indent}}`;
}
