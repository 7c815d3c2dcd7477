import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAutopilotCsv } from "../files/autopilotCsv.ts";
import { loadFleetFile } from "../files/fleetFile.ts";
import { formatQuantity, listFirst } from "../text/quantities.ts";
import { isObject } from "../values.ts";
import { CommandError } from "./command.ts";

/** The file of the program that `adopt` writes. */
export const PROGRAM_FILE = "index.ts";

/** Matches the names of files of devices or machines that `adopt` writes. */
const MEMBERS_FILE = /^(devices\.(csv|ndjson)|machines\.json)$/;

/** Maximum number of declarations that a message lists. */
const MAX_LISTED_REMOVALS = 20;

/** A program that `adopt` generated. */
export interface GeneratedProgram {
	readonly files: Readonly<Record<string, string>>;
	/** Names of the devices or machines that it declares, in a fleet or as resources. */
	readonly declaredNames: readonly string[];
}

/**
 * Lists what the files in a folder declare and the generated ones, which replace them, do not: `DeviceIdentity pump-1`,
 * `dev-7 of devices.csv`. A declaration whose name is computed counts as missing, because nothing can be compared.
 */
export function listRemovals(folder: string, generated: GeneratedProgram): readonly string[] {
	const oldProgram = readIfExists(join(folder, PROGRAM_FILE)) ?? "";
	const kept = new Set(listResources(generated.files[PROGRAM_FILE] ?? ""));
	const keptNames = new Set(generated.declaredNames);
	const overwritten = Object.keys(generated.files).filter((name) => MEMBERS_FILE.test(name));
	const memberFiles = [...new Set([...overwritten, ...listReadFiles(oldProgram)])].filter((name) =>
		existsSync(join(folder, name)),
	);
	return [
		...listResources(oldProgram).filter((resource) => !kept.has(resource)),
		...listLocalModules(oldProgram).map((path) => `what "${path}" declares`),
		...memberFiles.flatMap((file) => listMissingMembers(folder, file, keptNames)),
	];
}

/** Throws a CommandError that lists the removals, if there are any. */
export function refuseRemovals(folder: string, removals: readonly string[]): void {
	if (removals.length === 0) return;
	throw new CommandError(
		`The program in "${folder}" declares ${formatQuantity(removals.length, "object")} that the new program would not declare, so ` +
			`the next \`pulumi up\` would delete what Pulumi manages of them:\n${formatRemovals(removals)}` +
			"Nothing was written. Write to another folder with --out, select more with --where, --query or --filter, or add " +
			"--allow-removals if this is meant.",
	);
}

/** Formats a line for each of the first removals, and the number of the others. */
export function formatRemovals(removals: readonly string[]): string {
	return listFirst(removals, MAX_LISTED_REMOVALS, (removal) => removal)
		.map((line) => `- ${line}\n`)
		.join("");
}

/** Matches `new Type("name"` or `new module.Type(`, with the name if it is a plain string. */
const CONSTRUCTOR_CALL =
	/\bnew\s+([A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)\s*\(\s*(?:(["'`])((?:\\.|(?!\2)[^\\])*)\2|(?=[^)\s]))/g;

/** Classes of Pulumi that declare no resource. */
const OTHER_CLASSES: ReadonlySet<string> = new Set(["Config", "StackReference"]);

/** Lists the resources that a program declares, by type and name. */
function listResources(program: string): string[] {
	return [...removeComments(program).matchAll(CONSTRUCTOR_CALL)]
		.map(([, path = "", quote, name = ""]) => ({ type: path.split(".").at(-1) ?? path, quote, name }))
		.filter(({ type }) => !OTHER_CLASSES.has(type) && !(type in globalThis))
		.map(({ type, quote, name }) => {
			const isComputed = quote === undefined || (quote === "`" && name.includes("${"));
			return isComputed ? `${type} with a computed name` : `${type} ${resolveEscapes(name)}`;
		});
}

function resolveEscapes(name: string): string {
	return name.replaceAll(/\\u([0-9a-f]{4})|\\(.)/gi, (_, point: string | undefined, character: string) =>
		point === undefined ? character : String.fromCharCode(Number.parseInt(point, 16)),
	);
}

function removeComments(program: string): string {
	return program.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/(^|\s)\/\/.*$/gm, "");
}

/** Lists the files that a program reads by our readers or with `readFileSync`. */
function listReadFiles(program: string): string[] {
	const calls = removeComments(program).matchAll(
		/\b(?:readFleet|readAutopilotCsv|readFileSync)\s*\(\s*(["'`])([^"'`]+)\1/g,
	);
	return [...calls].map(([, , file = ""]) => file);
}

/** Lists the modules of the same project that a program imports. */
function listLocalModules(program: string): string[] {
	const imports = removeComments(program).matchAll(
		/\b(?:from|import|require\s*\()\s*(["'])(\.{1,2}\/[^"']+)\1/g,
	);
	return [...imports].map(([, , path = ""]) => path);
}

function listMissingMembers(folder: string, file: string, keptNames: ReadonlySet<string>): string[] {
	const names = readMemberNames(join(folder, file));
	if (names === undefined) return [`what "${file}" declares, which cannot be read`];
	return names.filter((name) => !keptNames.has(name)).map((name) => `${name} of ${file}`);
}

/** Returns the names of the devices or machines in a file; undefined if it holds neither. */
function readMemberNames(path: string): readonly string[] | undefined {
	if (readIfExists(path)?.trim() === "") return [];
	const fleet = loadFleetFile(path);
	if (fleet.diagnostics.length === 0) return Object.keys(fleet.devices);
	const { machines, diagnostics } = loadAutopilotCsv(path);
	if (diagnostics.length === 0) return machines.map(({ serialNumber }) => serialNumber);
	return readObjectKeys(path);
}

/** Returns the names in a JSON file of machines by name. */
function readObjectKeys(path: string): readonly string[] | undefined {
	try {
		const json: unknown = JSON.parse(readIfExists(path) ?? "");
		return isObject(json) ? Object.keys(json) : undefined;
	} catch {
		return undefined;
	}
}

function readIfExists(path: string): string | undefined {
	return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
