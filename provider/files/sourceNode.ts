import type { SourcePosition } from "./diagnostics.ts";

/** A value of a JSON or YAML text, and where it begins. */
export type SourceNode = ScalarNode | ListNode | MappingNode;

/** A text, a number, a truth or nothing. */
export interface ScalarNode extends SourcePosition {
	readonly kind: "scalar";
	readonly value: string | number | boolean | null;
}

/** Values in a row. */
export interface ListNode extends SourcePosition {
	readonly kind: "list";
	readonly items: readonly SourceNode[];
}

/** Values by name, in the text's order; a name may stand there twice. */
export interface MappingNode extends SourcePosition {
	readonly kind: "map";
	readonly members: readonly MappingMember[];
}

/** A name, where it stands, and its value. */
export interface MappingMember extends SourcePosition {
	readonly name: string;
	readonly value: SourceNode;
}

/** What a value is, for errors: they don't repeat values, which may be keys. */
export function describeNodeKind(node: SourceNode): string {
	if (node.kind !== "scalar") return node.kind === "list" ? "a list" : "an object";
	if (node.value === null) return "nothing";
	return { string: "a text", number: "a number", boolean: "true or false" }[
		typeof node.value as ScalarTypeName
	];
}

type ScalarTypeName = "string" | "number" | "boolean";
