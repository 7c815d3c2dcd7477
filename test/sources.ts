import { readdirSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import * as ts from "typescript";

const ROOT = resolve(__dirname, "..");

/** One import or re-export of a source file. */
export interface Import {
	/** `provider/http/retry.ts:3` */
	readonly at: string;
	/** The importing file: `provider/http/retry.ts`. */
	readonly from: string;
	/** The imported file, such as `provider/http/clock.ts`, or the specifier of another module, such as `undici`. */
	readonly to: string;
	/** `type` if the import is erased with the types, `dynamic` if it is loaded after the file, else `value`. */
	readonly kind: "value" | "type" | "dynamic";
}

/** A source file, parsed. */
export interface Source {
	/** `provider/http/retry.ts` */
	readonly path: string;
	readonly tree: ts.SourceFile;
	readonly imports: readonly Import[];
}

/** Returns all TypeScript files below a folder of the project. */
export function readSources(folder: string): readonly Source[] {
	return readdirSync(resolve(ROOT, folder), { recursive: true, encoding: "utf8" })
		.filter((path) => path.endsWith(".ts"))
		.map((path) => relative(ROOT, resolve(ROOT, folder, path)))
		.sort()
		.map(source);
}

/** Returns the complaints of a function about the nodes of the tree, as `file:line complaint`. */
export function collectComplaints(
	{ path, tree }: Source,
	complaint: (node: ts.Node) => string | undefined,
): string[] {
	const found: string[] = [];
	const visit = (node: ts.Node): void => {
		const text = complaint(node);
		if (text !== undefined) found.push(`${path}:${getLine(tree, node.getStart(tree))} ${text}`);
		ts.forEachChild(node, visit);
	};
	visit(tree);
	return found;
}

/** Counts the lines with code, that is without blank lines and lines with only comments. */
export function countCodeLines({ tree }: Source): number {
	const lines = new Set<number>();
	const visit = (node: ts.Node): void => {
		const first = getLine(tree, node.getStart(tree));
		const last = getLine(tree, node.getEnd());
		if (node.getChildCount(tree) > 0)
			for (const child of node.getChildren(tree)) visitUnlessDoc(child, visit);
		else if (node.getWidth(tree) > 0) for (let line = first; line <= last; line++) lines.add(line);
	};
	visit(tree);
	return lines.size;
}

/** Returns the line of a position, counted from 1. */
export function getLine(tree: ts.SourceFile, position: number): number {
	return tree.getLineAndCharacterOfPosition(position).line + 1;
}

function visitUnlessDoc(node: ts.Node, visit: (node: ts.Node) => void): void {
	if (!ts.isJSDoc(node)) visit(node);
}

function source(path: string): Source {
	const text = readFileSync(resolve(ROOT, path), "utf8");
	const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
	return { path, tree, imports: importsOf(path, tree) };
}

function importsOf(path: string, tree: ts.SourceFile): Import[] {
	const found: Import[] = [];
	const add = (node: ts.Node, specifier: ts.Expression, kind: Import["kind"]): void => {
		if (!ts.isStringLiteralLike(specifier)) return;
		const at = `${path}:${getLine(tree, node.getStart(tree))}`;
		found.push({ at, from: path, to: targetOf(path, specifier.text), kind });
	};
	const visit = (node: ts.Node): void => {
		if (ts.isImportDeclaration(node)) {
			add(node, node.moduleSpecifier, isErased(node.importClause) ? "type" : "value");
		} else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
			add(node, node.moduleSpecifier, isErasedExport(node) ? "type" : "value");
		} else if (ts.isCallExpression(node) && isLoading(node.expression)) {
			for (const argument of node.arguments) add(node, argument, "dynamic");
		} else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
			add(node, node.argument.literal as ts.Expression, "type");
		}
		ts.forEachChild(node, visit);
	};
	visit(tree);
	return found;
}

/** Whether a call is `import("…")` or `require("…")`. */
function isLoading(callee: ts.Expression): boolean {
	return (
		callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === "require")
	);
}

function isErased(clause: ts.ImportClause | undefined): boolean {
	if (clause === undefined) return false;
	if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
	const { name, namedBindings } = clause;
	if (name !== undefined || namedBindings === undefined || ts.isNamespaceImport(namedBindings)) return false;
	return namedBindings.elements.length > 0 && namedBindings.elements.every((element) => element.isTypeOnly);
}

function isErasedExport({ isTypeOnly, exportClause }: ts.ExportDeclaration): boolean {
	if (isTypeOnly) return true;
	if (exportClause === undefined || !ts.isNamedExports(exportClause)) return false;
	return exportClause.elements.length > 0 && exportClause.elements.every((element) => element.isTypeOnly);
}

function targetOf(path: string, specifier: string): string {
	return specifier.startsWith(".") ? relative(ROOT, resolve(ROOT, dirname(path), specifier)) : specifier;
}
