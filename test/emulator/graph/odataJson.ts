import { parseJson } from "../json.ts";

/** A string in double quotes, one in single quotes, or a member name without quotes. */
const PIECES = /"(?:[^"\\]|\\[\s\S])*"|'((?:[^'\\]|\\[\s\S])*)'|([\p{L}\p{Nd}_$]+)(?=\s*:)/gu;

/**
 * Parses JSON as Microsoft's OData library does: strings may have single quotes, and member names may have none if they
 * consist of letters, digits, underscores and dollar signs (OData/odata.net, `JsonReader.ParseName`). Tools such as
 * WindowsAutopilotIntune send `{ groupTag: "x" }`. Returns undefined if it is invalid.
 */
export function parseODataJson(text: string): unknown {
	return parseJson(
		text.replace(PIECES, (piece, single: string | undefined, name: string | undefined) => {
			if (name !== undefined) return `"${name}"`;
			return single === undefined ? piece : `"${single.replace(/\\[\s\S]|"/g, quoteDouble)}"`;
		}),
	);
}

function quoteDouble(piece: string): string {
	if (piece === '"') return '\\"';
	return piece === "\\'" ? "'" : piece;
}
