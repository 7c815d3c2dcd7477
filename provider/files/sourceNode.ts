import type { Diagnostic, SourcePosition } from "./diagnostics.ts";

/** A JSON or YAML text after parsing. */
export interface ParsedSource {
	/** The outermost value; undefined if the text could not be parsed. */
	readonly root?: SourceNode;
	/** The syntax errors; empty if there is a root. */
	readonly diagnostics: readonly Diagnostic[];
}

/** A value in a JSON or YAML text, with the position where it begins. */
export type SourceNode = ScalarNode | ListNode | MappingNode;

/** A string, a number, a boolean or null. */
export interface ScalarNode extends SourcePosition {
	readonly kind: "scalar";
	readonly value: string | number | boolean | null;
}

/** A list of values. */
export interface ListNode extends SourcePosition {
	readonly kind: "list";
	readonly items: readonly SourceNode[];
}

/** An object, its members in the text's order; a name may occur more than once. */
export interface MappingNode extends SourcePosition {
	readonly kind: "map";
	readonly members: readonly MappingMember[];
}

/** A name, its position, and its value. */
export interface MappingMember extends SourcePosition {
	readonly name: string;
	readonly value: SourceNode;
}

/** Returns the first member with a name, ignoring case; undefined without one. */
export function findMember({ members }: MappingNode, name: string): MappingMember | undefined {
	const lowerCase = name.toLowerCase();
	return members.find((member) => member.name.toLowerCase() === lowerCase);
}

/** Returns the kind of a value for a message, which does not repeat the value, since it may be a key. */
export function describeNodeKind(node: SourceNode): string {
	if (node.kind !== "scalar") return node.kind === "list" ? "a list" : "an object";
	if (node.value === null) return "nothing";
	return { string: "a string", number: "a number", boolean: "a boolean" }[
		typeof node.value as ScalarTypeName
	];
}

type ScalarTypeName = "string" | "number" | "boolean";
