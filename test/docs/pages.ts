import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "typescript";
import { readSources } from "../sources.ts";

export const ROOT = join(__dirname, "../..");

/** A page that users read. */
export interface Page {
	/** `docs/drift.md` */
	readonly path: string;
	readonly text: string;
}

/** A program in the documentation that users may copy. */
export interface Program {
	/** `docs/drift.md:40`, or `provider/deviceFleet.ts DeviceFleet` */
	readonly at: string;
	readonly text: string;
}

/** Returns README and the guides. */
export function readPages(): readonly Page[] {
	const guides = readdirSync(join(ROOT, "docs")).filter((name) => name.endsWith(".md"));
	return ["README.md", ...guides.map((name) => `docs/${name}`)].map((path) => ({
		path,
		text: readFileSync(join(ROOT, path), "utf8"),
	}));
}

/** Returns the programs of a page: the code between ```ts and ```. */
export function parsePrograms({ path, text }: Page): readonly Program[] {
	return [...text.matchAll(FENCED)].map(({ index, groups }) => ({
		at: `${path}:${text.slice(0, index).split("\n").length}`,
		text: groups?.["program"] ?? "",
	}));
}

const FENCED = /^```ts\n(?<program>[\s\S]*?)^```$/gm;

/** An export of the package, with the programs in its docstring. */
export interface Documented {
	readonly name: string;
	readonly isType: boolean;
	readonly programs: readonly Program[];
}

/** Returns every export of `provider/index.ts`, with the programs in its docstring. */
export function readExports(): readonly Documented[] {
	const sources = new Map(readSources("provider").map((source) => [source.path, source.tree]));
	const door = sources.get("provider/index.ts");
	if (door === undefined) throw new Error("there is no provider/index.ts");
	return door.statements.filter(ts.isExportDeclaration).flatMap((statement) => {
		const { exportClause, moduleSpecifier } = statement;
		if (!exportClause || !ts.isNamedExports(exportClause) || !moduleSpecifier) return [];
		if (!ts.isStringLiteral(moduleSpecifier)) return [];
		const path = `provider/${moduleSpecifier.text.replace(/^\.\//, "")}`;
		return exportClause.elements.map((element) => {
			const name = element.name.text;
			const tree = sources.get(path);
			const programs =
				tree === undefined ? [] : shownBy(tree, name).map((text) => ({ at: `${path} ${name}`, text }));
			return { name, isType: statement.isTypeOnly || element.isTypeOnly, programs };
		});
	});
}

/** Returns the programs in the docstring of a declaration. */
function shownBy(tree: ts.SourceFile, name: string): readonly string[] {
	const declarations = tree.statements.filter(
		(statement): statement is ts.ClassDeclaration | ts.FunctionDeclaration =>
			(ts.isClassDeclaration(statement) || ts.isFunctionDeclaration(statement)) &&
			statement.name?.text === name,
	);
	return declarations.flatMap((declaration) => {
		const comments = ts.getLeadingCommentRanges(tree.text, declaration.pos) ?? [];
		const text = comments
			.map(({ pos, end }) => tree.text.slice(pos, end).replace(/^[ \t]*\* ?/gm, ""))
			.join("\n");
		return parsePrograms({ path: tree.fileName, text }).map((program) => program.text);
	});
}

/** Returns the codes of errors that users may get. */
export function readErrorCodes(): ReadonlySet<string> {
	const texts = readSources("provider").map(({ tree }) => tree.text);
	const single = texts.flatMap((text) =>
		[...text.matchAll(/readonly code = "(\w+)"/g)].map(([, code]) => code),
	);
	const several = texts
		.flatMap((text) => [...text.matchAll(/type \w+Code =([^;]+);/g)].map(([, union]) => union ?? ""))
		.flatMap((union) => [...union.matchAll(/"(\w+)"/g)].map(([, code]) => code));
	return new Set([...single, ...several].filter((code) => code !== undefined));
}

/** Returns the anchors of a page's headings. */
export function parseAnchors({ text }: Page): ReadonlySet<string> {
	const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading ?? "");
	return new Set(
		headings.map((heading) =>
			heading
				.toLowerCase()
				.replace(/[^\w\- ]/g, "")
				.replaceAll(" ", "-"),
		),
	);
}
