import { printableJson } from "../http/printable.ts";
import type { AdoptedObject } from "../lifecycle/adopted.ts";
import { trampoline } from "../trampoline.ts";
import { TYPE_OF } from "./deployment.ts";

/** An object that `pulumi import` takes into state. */
export interface Importable extends Pick<AdoptedObject, "id" | "inputs" | "outputs"> {
	/** What the program calls it. */
	readonly name: string;
}

/**
 * The file that `pulumi import --file` takes. Every entry brings its whole state, the stored text among it: Pulumi could not
 * read a dynamic resource of which it has none.
 */
export function importFile(kind: keyof typeof TYPE_OF, objects: readonly Importable[]): string {
	const __provider = trampoline(kind);
	const resources = objects.map(({ name, id, inputs, outputs }) => ({
		type: TYPE_OF[kind],
		name,
		id,
		inputs: { ...inputs, __provider },
		outputs: { ...outputs, __provider },
	}));
	return `${printableJson({ resources }, "\t")}\n`;
}
