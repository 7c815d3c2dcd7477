import type { Place } from "./fileFault.ts";

/** A value of a JSON or YAML text, and where it begins. */
export type Located = Scalar | List | Mapping;

/** A text, a number, a truth or nothing. */
export interface Scalar extends Place {
	readonly kind: "scalar";
	readonly value: string | number | boolean | null;
}

/** Values in a row. */
export interface List extends Place {
	readonly kind: "list";
	readonly items: readonly Located[];
}

/** Values by name, in the text's order; a name may stand there twice. */
export interface Mapping extends Place {
	readonly kind: "map";
	readonly members: readonly Member[];
}

/** A name, where it stands, and its value. */
export interface Member extends Place {
	readonly name: string;
	readonly value: Located;
}

/** What a value is, for errors: they don't repeat values, which may be keys. */
export function kindOf(node: Located): string {
	if (node.kind !== "scalar") return node.kind === "list" ? "a list" : "an object";
	if (node.value === null) return "nothing";
	return { string: "a text", number: "a number", boolean: "true or false" }[typeof node.value as Simple];
}

type Simple = "string" | "number" | "boolean";
