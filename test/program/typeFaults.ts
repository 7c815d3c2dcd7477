import { basename, join } from "node:path";
import * as ts from "typescript";

/** A type error in a program. */
export interface TypeFault {
	/** The program's file. */
	readonly name: string;
	readonly text: string;
}

/**
 * Type-checks programs with the types of the built package.
 *
 * @param root the folder that `writeProgram` created
 * @param names the programs' files in it
 */
export function findTypeFaults(root: string, names: readonly string[]): TypeFault[] {
	const program = ts.createProgram(
		names.map((name) => join(root, name)),
		{
			strict: true,
			noEmit: true,
			skipLibCheck: true,
			esModuleInterop: true,
			target: ts.ScriptTarget.ES2022,
			module: ts.ModuleKind.Node16,
			moduleResolution: ts.ModuleResolutionKind.Node16,
			types: ["node"],
			typeRoots: [join(root, "node_modules/@types")],
		},
	);
	return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => ({
		name: basename(file?.fileName ?? ""),
		text: ts.flattenDiagnosticMessageText(messageText, "\n"),
	}));
}
