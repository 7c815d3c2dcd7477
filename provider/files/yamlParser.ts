import type * as yaml from "yaml";
import type { Diagnostic, SourcePosition } from "./diagnostics.ts";
import type { MappingMember, ParsedSource, SourceNode } from "./sourceNode.ts";

/** Loads the library on first use: it takes about 45 ms, and most programs read no YAML. */
function loadYaml(): typeof yaml {
	return require("yaml");
}

/** Parses a YAML text (1.2.2, core schema), with anchors, aliases and the merge keys of 1.1. */
export function parseYamlText(text: string): ParsedSource {
	const { LineCounter, parseDocument } = loadYaml();
	const lineCounter = new LineCounter();
	// Repeated names are reported by the readers of the schema; the library would compare each name with all others.
	const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: false });
	const positionAt = (offset: number): SourcePosition => {
		const { line, col } = lineCounter.linePos(offset);
		return { line, column: col };
	};
	const reader = new YamlConverter(positionAt);
	const root = reader.toSourceNode(document.contents, positionAt(0));
	const diagnostics = [
		...document.errors.map(({ code, pos }) => ({ ...positionAt(pos[0]), text: describeYamlError(code) })),
		...(document.errors.length === 0 ? reader.diagnostics : []),
	];
	return diagnostics.length > 0 ? { diagnostics } : { root, diagnostics };
}

/** Returns a message without the library's own, which repeats the text. */
function describeYamlError(code: yaml.ErrorCode): string {
	return `invalid YAML: ${YAML_PROBLEMS[code] ?? code}`;
}

const YAML_PROBLEMS: { readonly [Code in yaml.ErrorCode]?: string } = {
	BAD_ALIAS: "the name of an anchor is missing",
	BAD_DQ_ESCAPE:
		"the escape after a backslash in double quotes is unknown; write the backslash twice, or use single quotes",
	BAD_INDENT: "the indentation does not match the lines above, or a bracket above is not closed",
	BAD_SCALAR_START: "a string that begins with this character must be in quotes",
	BLOCK_AS_IMPLICIT_KEY: 'a string that contains ": " must be in quotes',
	BLOCK_IN_FLOW: "a list or object within brackets cannot use indentation",
	MISSING_CHAR: "a quote, a bracket, a comma or a colon is missing",
	MULTILINE_IMPLICIT_KEY: "a name must end on its line, followed by a colon",
	MULTIPLE_DOCS: "a second document begins here, but a fleet must be a single document",
	RESOURCE_EXHAUSTION: "the values are nested too deeply",
	TAB_AS_INDENT: "lines must be indented with spaces, not with tabs",
	UNEXPECTED_TOKEN: "this is unexpected here; check the quotes, brackets and indentation above",
};

class YamlConverter {
	readonly diagnostics: Diagnostic[] = [];
	readonly #anchors = new Map<string, SourceNode>();
	readonly #positionAt: (offset: number) => SourcePosition;
	readonly #yaml = loadYaml();

	constructor(positionAt: (offset: number) => SourcePosition) {
		this.#positionAt = positionAt;
	}

	/**
	 * Converts a node of the library. An alias shares the value of its anchor, so that neither nested aliases ("billion laughs")
	 * nor circular ones need memory or time.
	 *
	 * @param fallback the position for a value that is not written
	 */
	toSourceNode(node: unknown, fallback: SourcePosition): SourceNode {
		const { isAlias, isMap, isScalar, isSeq } = this.#yaml;
		const position = this.#findPosition(node) ?? fallback;
		if (isAlias(node)) return { ...this.#resolveAlias(node, position), ...position };
		if (isMap(node)) {
			const members: MappingMember[] = [];
			const mapping = this.#storeAnchor(node, { ...position, kind: "map", members });
			for (const pair of node.items) members.push(...this.#toMembers(pair, position));
			applyMergeKeys(members);
			return mapping;
		}
		if (isSeq(node)) {
			const items: SourceNode[] = [];
			const list = this.#storeAnchor(node, { ...position, kind: "list", items });
			for (const item of node.items) items.push(this.toSourceNode(item, position));
			return list;
		}
		const value = isScalar(node) ? node.value : null;
		return this.#storeAnchor(node, {
			...position,
			kind: "scalar",
			value: isScalarValue(value) ? value : String(value),
		});
	}

	#toMembers({ key, value }: yaml.Pair, fallback: SourcePosition): MappingMember[] {
		const { isScalar } = this.#yaml;
		const name = this.toSourceNode(key, fallback);
		const { line, column } = name;
		if (name.kind !== "scalar") {
			this.diagnostics.push({ line, column, text: "a name must be a string" });
			return [];
		}
		// The name as it is written: 0042 and null, not 42 and an empty name.
		const text = typeof name.value !== "string" && isScalar(key) ? key.source : undefined;
		return [{ line, column, name: text ?? String(name.value ?? ""), value: this.toSourceNode(value, name) }];
	}

	#storeAnchor<Value extends SourceNode>(node: unknown, value: Value): Value {
		const { isNode } = this.#yaml;
		if (isNode(node) && "anchor" in node && node.anchor !== undefined) this.#anchors.set(node.anchor, value);
		return value;
	}

	#resolveAlias({ source }: yaml.Alias, position: SourcePosition): SourceNode {
		const target = this.#anchors.get(source);
		if (target !== undefined) return target;
		this.diagnostics.push({ ...position, text: "the alias has no anchor above it" });
		return { ...position, kind: "scalar", value: null };
	}

	#findPosition(node: unknown): SourcePosition | undefined {
		const { isNode } = this.#yaml;
		const [start] = (isNode(node) && node.range) || [];
		return start === undefined ? undefined : this.#positionAt(start);
	}
}

/** Replaces merge keys (`<<`) by the members of their values, except names that the object has already. */
function applyMergeKeys(members: MappingMember[]): void {
	if (!members.some(({ name }) => name === MERGE_KEY)) return;
	const allMembers = members.splice(0);
	const names = new Set(allMembers.map(({ name }) => name));
	const sources = allMembers.filter(({ name }) => name === MERGE_KEY).flatMap(({ value }) => value);
	for (const member of allMembers) if (member.name !== MERGE_KEY) members.push(member);
	for (const source of sources.flatMap((value) => (value.kind === "list" ? value.items : value)))
		for (const member of source.kind === "map" ? source.members : []) {
			if (!names.has(member.name)) members.push(member);
			names.add(member.name);
		}
}

const MERGE_KEY = "<<";

function isScalarValue(value: unknown): value is string | number | boolean | null {
	return value === null || ["string", "number", "boolean"].includes(typeof value);
}
