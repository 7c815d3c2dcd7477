import { mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AdoptedObject } from "../resource/state.ts";
import { trampoline } from "../sdk/trampoline.ts";
import { toPrintableJson } from "../text/sanitize.ts";
import { CommandError, getErrorMessage } from "./command.ts";
import { TYPE_TOKENS } from "./stackState.ts";

/** An object for `pulumi import`. */
export interface ImportableResource extends Pick<AdoptedObject, "id" | "inputs" | "outputs"> {
	/** The resource's name in the program. */
	readonly name: string;
}

/**
 * Generates the file for `pulumi import --file`. Each entry holds the complete state, including the stored text: without it
 * Pulumi could not read a dynamic resource.
 */
export function generateImportFile(
	kind: keyof typeof TYPE_TOKENS,
	objects: readonly ImportableResource[],
): string {
	const __provider = trampoline(kind);
	const resources = objects.map(({ name, id, inputs, outputs }) => ({
		type: TYPE_TOKENS[kind],
		name,
		id,
		inputs: { ...inputs, __provider },
		outputs: { ...outputs, __provider },
	}));
	return `${toPrintableJson({ resources }, "\t")}\n`;
}

/** Contents of files by file name. */
export type TextsByFileName = Readonly<Record<string, string>>;

/**
 * Writes files into a folder, and creates the folder if it does not exist. If any of the files exists, none is written.
 *
 * @param force whether existing files are overwritten
 * @throws CommandError if a file exists or cannot be written
 */
export async function writeFiles(
	folder: string,
	files: TextsByFileName,
	{ force }: { force: boolean },
): Promise<void> {
	const names = Object.keys(files);
	const existingNames = force ? [] : await findExistingFiles(folder, names);
	if (existingNames.length > 0) {
		throw new CommandError(
			`${existingNames.map((name) => `"${join(folder, name)}"`).join(", ")} exist${existingNames.length === 1 ? "s" : ""} already; nothing ` +
				"was written. Name another folder with --out, or overwrite with --force.",
		);
	}
	try {
		await mkdir(folder, { recursive: true });
		for (const [name, text] of Object.entries(files))
			await writeFile(join(folder, name), text, { flag: force ? "w" : "wx" });
	} catch (error) {
		throw new CommandError(`The files cannot be written to "${folder}": ${getErrorMessage(error)}`, error);
	}
}

async function findExistingFiles(folder: string, names: readonly string[]): Promise<string[]> {
	const isExisting = await Promise.all(
		names.map((name) =>
			stat(join(folder, name)).then(
				() => true,
				() => false,
			),
		),
	);
	return names.filter((_, index) => isExisting[index]);
}
