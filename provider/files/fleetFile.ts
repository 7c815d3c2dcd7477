import type { FleetDevice } from "../sdk/deviceFleet.ts";
import { type Diagnostic, formatDiagnostics, quoteName, WHOLE_FILE } from "./diagnostics.ts";
import { readChunks, readHead, readText, UnreadableFileError } from "./fileText.ts";
import { DeviceCollector } from "./fleetFile.collector.ts";
import { readDeviceRows } from "./fleetFile.csv.ts";
import { isEdgeConfiguration, readEdgeConfiguration } from "./fleetFile.edge.ts";
import { DEVICE_SCHEMA, type DeviceValues } from "./fleetFile.schema.ts";
import { parseJsonText } from "./jsonParser.ts";
import { readValues } from "./objectSchema.ts";
import { describeNodeKind, type MappingMember, type MappingNode, type SourceNode } from "./sourceNode.ts";
import { parseYamlText } from "./yamlParser.ts";

/** What a file of devices holds. */
export interface FleetFile {
	/** The devices by id, in the file's order; none where there are faults. */
	readonly devices: Record<string, FleetDevice>;
	/** All that is wrong, in the file's order. */
	readonly diagnostics: readonly Diagnostic[];
	/** What the file says more than a fleet declares, in a sentence; undefined where it says nothing more. */
	readonly passedOver: string | undefined;
}

/** Reads a file of devices as `readFleet` does, without Pulumi. */
export function loadFleetFile(path: string): FleetFile {
	const collector = new DeviceCollector();
	try {
		readDeviceFile(path, collector);
	} catch (error) {
		if (error instanceof UnreadableFileError)
			return { devices: {}, diagnostics: [error.diagnostic], passedOver: undefined };
		throw error;
	}
	const diagnostics = collector.faults();
	return {
		devices: diagnostics.length > 0 ? {} : collector.getDevices(),
		diagnostics,
		passedOver: collector.passedOver(),
	};
}

/** What to say of a file of devices that can't be used. */
export function formatFleetFileError(path: string, diagnostics: readonly Diagnostic[]): string {
	return formatDiagnostics(`"${path}" can't be used as a fleet of devices:`, diagnostics);
}

/** Enters the devices of a file. */
type DeviceFileReader = (path: string, collector: DeviceCollector) => void;

/**
 * Enters the devices of a file, whose form its name tells, and its beginning where that does not.
 *
 * @throws NoText where the file can't be opened, or is none
 */
export function readDeviceFile(path: string, collector: DeviceCollector): void {
	const [, extension = ""] = /\.([^./\\]+)$/.exec(path.toLowerCase()) ?? [];
	const knownReader = Object.hasOwn(READERS_BY_EXTENSION, extension)
		? READERS_BY_EXTENSION[extension]
		: undefined;
	(knownReader ?? detectReader(extension, path))(path, collector);
}

/** By the ending of the name. `json` is not among them: exports of a hub, one object a line, get that name too. */
const READERS_BY_EXTENSION: Readonly<Record<string, DeviceFileReader>> = {
	csv: readCsv,
	tsv: (path, collector) => readDeviceRows(readText(path), collector, "\t"),
	ndjson: readJsonLines,
	jsonl: readJsonLines,
	yaml: readYaml,
	yml: readYaml,
};

function detectReader(extension: string, path: string): DeviceFileReader {
	const head = readHead(path);
	if (extension !== "json" && !/^\s*[[{]/.test(head)) return readCsv;
	return isJsonLines(head, extension === "json" ? 2 : 1) ? readJsonLines : readJson;
}

function readCsv(path: string, collector: DeviceCollector): void {
	readDeviceRows(readText(path), collector);
}

function readJson(path: string, collector: DeviceCollector): void {
	const root = parseJsonText(readText(path));
	if ("kind" in root) readDocument(root, collector);
	else collector.addDiagnostic(root);
}

function readYaml(path: string, collector: DeviceCollector): void {
	const root = parseYamlText(readText(path));
	if ("kind" in root) readDocument(root, collector);
	else for (const diagnostic of root) collector.addDiagnostic(diagnostic);
}

/** A line that is no JSON does not keep the others from being read. */
function readJsonLines(path: string, collector: DeviceCollector): void {
	let isEmpty = true;
	for (const { text, line } of splitLines(readChunks(path))) {
		if (text === "") continue;
		isEmpty = false;
		const node = parseJsonText(text, { line, canSkip: isTwinProperty });
		if ("kind" in node) readDeviceNode(node, collector);
		else collector.addDiagnostic({ ...node, text: node.text.replace("below", "of the line") });
	}
	if (isEmpty) collector.addDiagnostic({ ...WHOLE_FILE, text: EMPTY_FILE_MESSAGE });
}

/** A file that was cut off would delete every device. */
const EMPTY_FILE_MESSAGE = "it is empty; a fleet without devices is written [], with the ending json";

/** Whether the first lines are objects of their own: as many as asked for. */
function isJsonLines(head: string, count: number): boolean {
	let found = 0;
	for (const { text } of splitLines([head])) {
		if (text === "") continue;
		if (!/^\s*\{/.test(text) || !("kind" in parseJsonText(text, { canSkip: isTwinProperty }))) return false;
		if (++found === count) return true;
	}
	return false;
}

/** Twins are most of an export. */
function isTwinProperty(name: string): boolean {
	return name === "tags" || name === "properties";
}

/** The lines of a file, without the blanks at their ends. */
function* splitLines(chunks: Iterable<string>): Generator<{ text: string; line: number }> {
	let rest = "";
	let line = 0;
	for (const chunk of chunks) {
		let start = 0;
		for (let end = chunk.indexOf("\n"); end !== -1; end = chunk.indexOf("\n", start)) {
			yield { text: (rest + chunk.slice(start, end)).trimEnd(), line: ++line };
			rest = "";
			start = end + 1;
		}
		rest += chunk.slice(start);
	}
	if (rest !== "") yield { text: rest.trimEnd(), line: ++line };
}

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
	if (node.kind === "map")
		collector.addDevice(readValues(node, DEVICE_SCHEMA, { findings: collector }), { line, column });
	else
		collector.addDiagnostic({
			line,
			column,
			text: `is ${describeNodeKind(node)}; a device of a list is an object with deviceId`,
		});
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
