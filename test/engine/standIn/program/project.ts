import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { parse } from "yaml";

/** A project as the engine runs it. */
export interface Project {
	readonly name: string;
	/** The folder with Pulumi.yaml. */
	readonly root: string;
	/** The working folder of the program and its provider. */
	readonly folder: string;
	/** The file to run, or "." for the entry point of the folder's package. */
	readonly entry: string;
	readonly runtime: RuntimeOptions;
}

/** The `runtime.options` of Pulumi.yaml (sdk/nodejs/cmd/pulumi-language-nodejs/main.go, `parseOptions`). */
export interface RuntimeOptions {
	readonly typescript: boolean;
	readonly tsconfig: string | undefined;
	readonly nodeArguments: readonly string[];
}

/** Reads Pulumi.yaml. */
export async function readProject(root: string): Promise<Project> {
	const file: unknown = parse(await readFile(join(root, "Pulumi.yaml"), "utf8"));
	const name = getField(file, "name");
	if (typeof name !== "string") throw new Error(`${join(root, "Pulumi.yaml")} must name the project`);
	const main = getField(file, "main");
	const program = await locate(root, typeof main === "string" ? main : "");
	return { name, root: resolve(root), ...program, runtime: readRuntimeOptions(getField(file, "runtime")) };
}

/** Resolves `main`: the folder of a file, or a folder with a package (pkg/engine/project.go). */
async function locate(
	root: string,
	main: string,
): Promise<{ readonly folder: string; readonly entry: string }> {
	const path = resolve(root, main);
	if (main === "") return { folder: path, entry: "." };
	const found = await stat(path).catch((error: Error) => {
		throw new Error(`project 'main' could not be read: ${error.message}`);
	});
	return found.isDirectory()
		? { folder: path, entry: "." }
		: { folder: dirname(path), entry: basename(path) };
}

function readRuntimeOptions(runtime: unknown): RuntimeOptions {
	const name = typeof runtime === "string" ? runtime : getField(runtime, "name");
	if (name !== "nodejs") throw new Error(`the stand-in runs only the nodejs runtime, not ${String(name)}`);
	const options = getField(runtime, "options");
	const [typescript, tsconfig, args] = [
		getField(options, "typescript"),
		getField(options, "tsconfig"),
		getField(options, "nodeargs"),
	];
	return {
		typescript: typescript !== false,
		tsconfig: typeof tsconfig === "string" ? tsconfig : undefined,
		nodeArguments: typeof args === "string" ? args.split(/\s+/u).filter((arg) => arg !== "") : [],
	};
}

const getField = (object: unknown, name: string): unknown =>
	typeof object === "object" && object !== null ? new Map(Object.entries(object)).get(name) : undefined;
