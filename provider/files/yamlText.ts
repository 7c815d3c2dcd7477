import type * as yaml from "yaml";
import type { FileFault, Place } from "./fileFault.ts";
import type { Located, Member } from "./located.ts";

/** The library takes some 45 ms to load, which programs without such a file need not wait for. */
function library(): typeof yaml {
	return require("yaml");
}

/**
 * Takes a YAML text apart (1.2.2, core schema), with anchors, aliases and, from 1.1, merge keys.
 *
 * @returns the root, or why it can't be read
 */
export function yamlIn(text: string): Located | readonly FileFault[] {
	const { LineCounter, parseDocument } = library();
	const lines = new LineCounter();
	// Names that stand twice are told by those who know what they mean; the library would compare each with each.
	const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
	const placeAt = (offset: number): Place => {
		const { line, col } = lines.linePos(offset);
		return { line, column: col };
	};
	const reader = new YamlReader(placeAt);
	const root = reader.located(document.contents, placeAt(0));
	const faults = [
		...document.errors.map(({ code, pos }) => ({ ...placeAt(pos[0]), text: unreadable(code) })),
		...(document.errors.length === 0 ? reader.faults : []),
	];
	return faults.length > 0 ? faults : root;
}

/** The library's own words are left out: they hold what stands there. */
function unreadable(code: yaml.ErrorCode): string {
	return `is no YAML: ${WORDS[code] ?? code}`;
}

const WORDS: { readonly [Code in yaml.ErrorCode]?: string } = {
	BAD_ALIAS: "the name of an anchor is missing",
	BAD_DQ_ESCAPE:
		"a backslash within double quotes begins what YAML does not know; write it twice, or use single quotes",
	BAD_INDENT: "the indentation does not fit to what stands above, or a bracket is still open there",
	BAD_SCALAR_START: "a text that begins with this character must stand in quotes",
	BLOCK_AS_IMPLICIT_KEY: 'a text with ": " in it must stand in quotes',
	BLOCK_IN_FLOW: "within brackets no list or object goes by indentation",
	MISSING_CHAR: "a quote, a bracket, a comma or a colon is missing",
	MULTILINE_IMPLICIT_KEY: "a name ends on its line, with a colon behind it",
	MULTIPLE_DOCS: "a second document begins here; a fleet is one",
	RESOURCE_EXHAUSTION: "its values are nested too deeply",
	TAB_AS_INDENT: "lines are indented with spaces, not with tabs",
	UNEXPECTED_TOKEN: "this can't stand here; is a quote, a bracket or an indentation amiss above?",
};

class YamlReader {
	readonly faults: FileFault[] = [];
	readonly #anchors = new Map<string, Located>();
	readonly #placeAt: (offset: number) => Place;
	readonly #yaml = library();

	constructor(placeAt: (offset: number) => Place) {
		this.#placeAt = placeAt;
	}

	/**
	 * A node as a value. An alias shares what it stands for, so that neither those that multiply nor those that go in a
	 * circle cost anything here.
	 *
	 * @param otherwise where a value stands that is not written
	 */
	located(node: unknown, otherwise: Place): Located {
		const { isAlias, isMap, isScalar, isSeq } = this.#yaml;
		const place = this.#placeOf(node) ?? otherwise;
		if (isAlias(node)) return { ...this.#meant(node, place), ...place };
		if (isMap(node)) {
			const members: Member[] = [];
			const mapping = this.#anchored(node, { ...place, kind: "map", members });
			for (const pair of node.items) members.push(...this.#member(pair, place));
			merge(members);
			return mapping;
		}
		if (isSeq(node)) {
			const items: Located[] = [];
			const list = this.#anchored(node, { ...place, kind: "list", items });
			for (const item of node.items) items.push(this.located(item, place));
			return list;
		}
		const value = isScalar(node) ? node.value : null;
		return this.#anchored(node, { ...place, kind: "scalar", value: isSimple(value) ? value : String(value) });
	}

	#member({ key, value }: yaml.Pair, around: Place): Member[] {
		const { isScalar } = this.#yaml;
		const name = this.located(key, around);
		const { line, column } = name;
		if (name.kind !== "scalar") {
			this.faults.push({ line, column, text: "a name is a text" });
			return [];
		}
		// A name is what is written: 0042 and null, not 42 and nothing.
		const text = typeof name.value !== "string" && isScalar(key) ? key.source : undefined;
		return [{ line, column, name: text ?? String(name.value ?? ""), value: this.located(value, name) }];
	}

	#anchored<Value extends Located>(node: unknown, value: Value): Value {
		const { isNode } = this.#yaml;
		if (isNode(node) && "anchor" in node && node.anchor !== undefined) this.#anchors.set(node.anchor, value);
		return value;
	}

	#meant({ source }: yaml.Alias, place: Place): Located {
		const meant = this.#anchors.get(source);
		if (meant !== undefined) return meant;
		this.faults.push({ ...place, text: "is an alias for which there is no anchor above" });
		return { ...place, kind: "scalar", value: null };
	}

	#placeOf(node: unknown): Place | undefined {
		const { isNode } = this.#yaml;
		const [start] = (isNode(node) && node.range) || [];
		return start === undefined ? undefined : this.#placeAt(start);
	}
}

/** What `<<` names is there as well, unless the object says otherwise. */
function merge(members: Member[]): void {
	if (!members.some(({ name }) => name === MERGE)) return;
	const all = members.splice(0);
	const names = new Set(all.map(({ name }) => name));
	const sources = all.filter(({ name }) => name === MERGE).flatMap(({ value }) => value);
	for (const member of all) if (member.name !== MERGE) members.push(member);
	for (const source of sources.flatMap((value) => (value.kind === "list" ? value.items : value)))
		for (const member of source.kind === "map" ? source.members : []) {
			if (!names.has(member.name)) members.push(member);
			names.add(member.name);
		}
}

const MERGE = "<<";

function isSimple(value: unknown): value is string | number | boolean | null {
	return value === null || ["string", "number", "boolean"].includes(typeof value);
}
