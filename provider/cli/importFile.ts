import { toPrintableJson } from "../http/printable.ts";
import type { AdoptedObject } from "../lifecycle/adopted.ts";
import { trampoline } from "../trampoline.ts";
import { TYPE_TOKENS } from "./deployment.ts";

/** An object that `pulumi import` takes into state. */
export interface ImportableResource extends Pick<AdoptedObject, "id" | "inputs" | "outputs"> {
	/** What the program calls it. */
	readonly name: string;
}

/**
 * The file that `pulumi import --file` takes. Every entry brings its whole state, the stored text among it: Pulumi could not
 * read a dynamic resource of which it has none.
 */
export function generateImportFile(kind: keyof typeof TYPE_TOKENS, objects: readonly ImportableResource[]): string {
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
