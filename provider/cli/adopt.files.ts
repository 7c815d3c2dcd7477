import { mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AdoptedObject } from "../resource/state.ts";
import { trampoline } from "../sdk/trampoline.ts";
import { toPrintableJson } from "../text/sanitize.ts";
import { CommandError, getErrorMessage } from "./command.ts";
import { TYPE_TOKENS } from "./stackState.ts";

/** An object that `pulumi import` takes into state. */
export interface ImportableResource extends Pick<AdoptedObject, "id" | "inputs" | "outputs"> {
	/** What the program calls it. */
	readonly name: string;
}

/**
 * The file that `pulumi import --file` takes. Every entry brings its whole state, the stored text among it: Pulumi could not
 * read a dynamic resource of which it has none.
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

/** Texts by the names of the files to write them to. */
export type TextsByFileName = Readonly<Record<string, string>>;

/**
 * Writes files into a folder, which is made where there is none. None is written where one is there already.
 *
 * @param force whether files that are there are overwritten
 * @throws CommandError where a file is there, or can't be written
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
		throw new CommandError(`The files can't be written to "${folder}": ${getErrorMessage(error)}`, error);
	}
}

async function findExistingFiles(folder: string, names: readonly string[]): Promise<string[]> {
	const areExisting = await Promise.all(
		names.map((name) =>
			stat(join(folder, name)).then(
				() => true,
				() => false,
			),
		),
	);
	return names.filter((_, at) => areExisting[at]);
}
