import type { FleetDevice } from "../sdk/deviceFleet.ts";
import { type CsvColumnOptions, hasColumnOptions } from "./csvOptions.ts";
import { createDiagnostic, type Diagnostic, formatDiagnostics, WHOLE_FILE } from "./diagnostics.ts";
import { readChunks, readHead, readText, UnreadableFileError } from "./fileText.ts";
import { DeviceCollector } from "./fleetFile.collector.ts";
import { readDeviceRows } from "./fleetFile.csv.ts";
import { readDeviceNode, readDocument } from "./fleetFile.document.ts";
import { parseJsonText } from "./jsonParser.ts";
import type { ParsedSource } from "./sourceNode.ts";
import { parseYamlText } from "./yamlParser.ts";

/** A file of devices after reading. */
export interface FleetFile {
	/** The devices by id, in the file's order; empty if there are problems. */
	readonly devices: Record<string, FleetDevice>;
	/** All problems, in the file's order. */
	readonly diagnostics: readonly Diagnostic[];
	/** A sentence about properties that a fleet cannot declare; undefined if there are none. */
	readonly passedOver: string | undefined;
}

/** How a program reads a file of devices. */
export interface FleetFileOptions extends CsvColumnOptions {
	/** The ids of gateways outside the file that may be parents. Default: none. */
	readonly gateways?: readonly string[];
}

/** Reads a file of devices as `readFleet` does, without loading Pulumi. */
export function loadFleetFile(path: string, options: FleetFileOptions = {}): FleetFile {
	const collector = new DeviceCollector(options.gateways);
	try {
		readDeviceFile(path, collector, options);
	} catch (error) {
		if (error instanceof UnreadableFileError)
			return { devices: {}, diagnostics: [error.diagnostic], passedOver: undefined };
		throw error;
	}
	const diagnostics = collector.listDiagnostics();
	return {
		devices: diagnostics.length > 0 ? {} : collector.getDevices(),
		diagnostics,
		passedOver: collector.describeIgnored(),
	};
}

/** Returns the message for a file of devices with problems. */
export function formatFleetFileError(path: string, diagnostics: readonly Diagnostic[]): string {
	return formatDiagnostics(`"${path}" cannot be used as a fleet of devices:`, diagnostics);
}

/** Adds the devices of a file to a collector. */
type DeviceFileReader = (path: string, collector: DeviceCollector, options: CsvColumnOptions) => void;

/**
 * Adds the devices of a file to a collector. The format follows from the extension, or from the beginning of the content.
 *
 * @throws UnreadableFileError if the file cannot be opened or is not a text file
 */
function readDeviceFile(path: string, collector: DeviceCollector, options: CsvColumnOptions): void {
	const [, extension = ""] = /\.([^./\\]+)$/.exec(path.toLowerCase()) ?? [];
	const knownReader = Object.hasOwn(READERS_BY_EXTENSION, extension)
		? READERS_BY_EXTENSION[extension]
		: undefined;
	const reader = knownReader ?? detectReader(extension, path);
	if (hasColumnOptions(options) && !CSV_READERS.has(reader))
		collector.addDiagnostic({ ...WHOLE_FILE, text: NO_COLUMNS_MESSAGE });
	reader(path, collector, options);
}

/** A mapping that cannot be applied is an error, since the devices would differ from what the program specifies. */
const NO_COLUMNS_MESSAGE =
	"it has no columns; remove the options columns and ignoreColumns, which apply only to CSV and TSV files";

/** Readers by extension. `json` is not included: exports of a hub with one object per line have that extension, too. */
const READERS_BY_EXTENSION: Readonly<Record<string, DeviceFileReader>> = {
	csv: readCsv,
	tsv: readTsv,
	ndjson: readJsonLines,
	jsonl: readJsonLines,
	yaml: readYaml,
	yml: readYaml,
};

const CSV_READERS: ReadonlySet<DeviceFileReader> = new Set([readCsv, readTsv]);

function detectReader(extension: string, path: string): DeviceFileReader {
	const head = readHead(path);
	if (extension !== "json" && !/^\s*[[{]/.test(head)) return readCsv;
	return isJsonLines(head, extension === "json" ? 2 : 1) ? readJsonLines : readJson;
}

function readCsv(path: string, collector: DeviceCollector, options: CsvColumnOptions): void {
	readDeviceRows(readText(path), collector, options);
}

function readTsv(path: string, collector: DeviceCollector, options: CsvColumnOptions): void {
	readDeviceRows(readText(path), collector, { ...options, separator: "\t" });
}

function readJson(path: string, collector: DeviceCollector): void {
	readSource(parseJsonText(readText(path)), collector);
}

function readYaml(path: string, collector: DeviceCollector): void {
	readSource(parseYamlText(readText(path)), collector);
}

function readSource({ root, diagnostics }: ParsedSource, collector: DeviceCollector): void {
	if (root !== undefined) readDocument(root, collector);
	for (const diagnostic of diagnostics) collector.addDiagnostic(diagnostic);
}

/** Reads each line on its own, so that a line with a syntax error does not prevent the others from being read. */
function readJsonLines(path: string, collector: DeviceCollector): void {
	let isEmpty = true;
	for (const { text, line } of splitLines(readChunks(path))) {
		if (text === "") continue;
		isEmpty = false;
		const { root, diagnostics } = parseJsonText(text, {
			line,
			canSkip: isTwinProperty,
			unreadPart: "of the line",
		});
		if (root !== undefined) readDeviceNode(root, collector);
		for (const diagnostic of diagnostics) collector.addDiagnostic(diagnostic);
	}
	if (isEmpty) collector.addDiagnostic(createDiagnostic(WHOLE_FILE, EMPTY_FILE_MESSAGE));
}

/** An empty file is an error, since it may have been truncated, and would delete every device. */
const EMPTY_FILE_MESSAGE = "it is empty; for a fleet without devices, use a .json file that contains []";

/** Whether each of the first `count` lines is a complete JSON object. */
function isJsonLines(head: string, count: number): boolean {
	let found = 0;
	for (const { text } of splitLines([head])) {
		if (text === "") continue;
		if (!/^\s*\{/.test(text)) return false;
		if (parseJsonText(text, { canSkip: isTwinProperty }).root === undefined) return false;
		if (++found === count) return true;
	}
	return false;
}

/** Whether a property belongs to the device twin, which is most of an export. */
function isTwinProperty(name: string): boolean {
	return name === "tags" || name === "properties";
}

/** Returns the lines of a file without trailing white space. */
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
