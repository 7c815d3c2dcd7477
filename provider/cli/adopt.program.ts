import type { AdoptedDevice } from "../iothub/adopt.ts";
import { computeFingerprint } from "../keys/fingerprint.ts";
import { toPrintableJson } from "../text/sanitize.ts";
import type { Values } from "../values.ts";
import type { ImportableResource } from "./adopt.files.ts";

/** A piece of source code in place of a value. */
class CodeFragment {
	readonly text: string;

	constructor(text: string) {
		this.text = text;
	}
}

/** Identifiers that a generated program of devices already uses. */
const PROGRAM_IDENTIFIERS = ["DeviceIdentity", "hubHostName"];

/** Generates the program of a fleet that reads its devices from a file. */
export function generateDeviceFleetProgram({
	name,
	hubHostName,
	file,
}: Record<"name" | "hubHostName" | "file", string>): string {
	return `import { DeviceFleet, readFleet } from "pulumi-device-identity";

new DeviceFleet(${toPrintableJson(name)}, {
	hubHostName: ${toPrintableJson(hubHostName)},
	devices: readFleet(${toPrintableJson(file)}),
});
`;
}

/** Generates the program of single devices. Parents come first, because their children refer to them. */
export function generateDevicesProgram(hubHostName: string, devices: readonly AdoptedDevice[]): string {
	const parents = new Set(devices.flatMap(({ parent }) => (parent === undefined ? [] : [parent])));
	const parentIds = devices.filter(({ id }) => parents.has(id)).map(({ id }) => id);
	const names = createIdentifiers(parentIds, PROGRAM_IDENTIFIERS);
	const blocks = sortParentsFirst(devices).map((device) => {
		const name = names.get(device.id);
		const statement = `new DeviceIdentity(${toPrintableJson(device.id)}, ${formatExpression(createDeviceArgs(device, names))});\n`;
		return name === undefined ? statement : `const ${name} = ${statement}`;
	});
	return [
		'import { DeviceIdentity } from "pulumi-device-identity";\n',
		`const hubHostName = ${toPrintableJson(hubHostName)};\n`,
		...blocks,
	].join("\n");
}

/** Generates the program of single machines. */
export function generateMachinesProgram(machines: readonly ImportableResource[]): string {
	const blocks = machines.map(
		({ name, inputs }) => `new AutopilotIdentity(${toPrintableJson(name)}, ${formatExpression(inputs)});\n`,
	);
	return ['import { AutopilotIdentity } from "pulumi-device-identity";\n', ...blocks].join("\n");
}

/** Generates the program of a fleet that reads its machines from a JSON file, where they are listed by name. */
export function generateMachineFleetProgram(name: string, file: string): string {
	return `import { readFileSync } from "node:fs";
import { AutopilotFleet, type FleetMachine } from "pulumi-device-identity";

const machines: Record<string, FleetMachine> = JSON.parse(readFileSync(${toPrintableJson(file)}, "utf8"));
new AutopilotFleet(${toPrintableJson(name)}, { machines, adopt: true });
`;
}

function createDeviceArgs({ inputs, parent }: AdoptedDevice, names: ReadonlyMap<string, string>): Values {
	// The device id is the resource's name, which is the default of `deviceId`.
	const { deviceId: _, storeCredentials, ...args } = inputs;
	const deviceArgs = { ...args, hubHostName: new CodeFragment("hubHostName"), storeCredentials };
	const parentName = parent === undefined ? undefined : names.get(parent);
	if (parentName === undefined) return deviceArgs;
	const scope = new CodeFragment(`${parentName}.deviceScope`);
	return { ...deviceArgs, ...("parentScopes" in args ? { parentScopes: [scope] } : { deviceScope: scope }) };
}

function sortParentsFirst(devices: readonly AdoptedDevice[]): readonly AdoptedDevice[] {
	const byId = new Map(devices.map((device) => [device.id, device]));
	const ordered = new Set<AdoptedDevice>();
	const addAfterParents = (device: AdoptedDevice, visitedIds: ReadonlySet<string>): void => {
		const parent = byId.get(device.parent ?? "");
		if (parent !== undefined && !visitedIds.has(parent.id))
			addAfterParents(parent, new Set([...visitedIds, parent.id]));
		ordered.add(device);
	};
	for (const device of devices) addAfterParents(device, new Set([device.id]));
	return [...ordered];
}

/** Formats a value as TypeScript source. */
function formatExpression(value: unknown, indent = ""): string {
	if (value instanceof CodeFragment) return value.text;
	if (Array.isArray(value)) return `[${value.map((item) => formatExpression(item, indent)).join(", ")}]`;
	if (typeof value !== "object" || value === null) return toPrintableJson(value);
	const innerIndent = `${indent}\t`;
	const properties = Object.entries(value).map(([name, propertyValue]) => {
		const text = formatExpression(propertyValue, innerIndent);
		return text === name ? `${innerIndent}${name},\n` : `${innerIndent}${name}: ${text},\n`;
	});
	return `{\n${properties.join("")}${indent}}`;
}

/** Words that cannot be the name of a module's constant. */
const RESERVED_WORDS: ReadonlySet<string> = new Set(
	(
		"arguments await break case catch class const continue debugger default delete do else enum eval export extends false " +
		"finally for function if implements import in instanceof interface let new null package private protected public return " +
		"static super switch this throw true try typeof undefined var void while with yield"
	).split(" "),
);

/**
 * Creates the name of a constant for each id: `gw-1` becomes `gw1`. If two ids would get the same name, or the name is in
 * use, a fingerprint of the id is appended to each, so that no name depends on the order of the ids.
 *
 * @param usedNames names that are already in use
 */
export function createIdentifiers(
	ids: readonly string[],
	usedNames: readonly string[],
): ReadonlyMap<string, string> {
	const counts = new Map<string, number>([...RESERVED_WORDS, ...usedNames].map((name) => [name, 1]));
	for (const id of ids) counts.set(toIdentifier(id), (counts.get(toIdentifier(id)) ?? 0) + 1);
	return new Map(
		ids.map((id) => [
			id,
			counts.get(toIdentifier(id)) === 1 ? toIdentifier(id) : `${toIdentifier(id)}_${computeFingerprint(id)}`,
		]),
	);
}

function toIdentifier(id: string): string {
	const camel = id.replace(/[^A-Za-z0-9]+(.)?/g, (_, next: string = "") => next.toUpperCase());
	if (camel === "") return "device";
	return /^\d/.test(camel) ? `device${camel}` : camel.charAt(0).toLowerCase() + camel.slice(1);
}
