import { createSyntaxError } from "./syntaxError.ts";

/** A piece of a query. */
export type Token =
	| { readonly kind: "word"; readonly text: string }
	| { readonly kind: "value"; readonly value: string | number }
	| { readonly kind: "sign"; readonly text: string };

const PIECES =
	/\s+|(?<word>[A-Za-z_$][\w$-]*(?:\.[\w$-]+)*)|(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|'(?<single>(?:[^']|'')*)'|"(?<double>(?:[^"]|"")*)"|(?<sign><>|!=|<=|>=|[=<>()[\],*])/gy;

/** The longest query, in characters ("IoT Hub query language"). */
const LONGEST = 8192;

/** Cuts a query into its pieces; a quote inside a text is written twice. */
export function tokensOf(query: string): Token[] {
	if (query.length > LONGEST) throw createSyntaxError();
	const pieces = [...query.matchAll(PIECES)];
	if (pieces.reduce((length, [piece]) => length + piece.length, 0) !== query.length) throw createSyntaxError();
	return pieces.map(tokenOf).filter((token) => token !== undefined);
}

function tokenOf({ groups = {} }: RegExpExecArray): Token | undefined {
	const { word, number, single, double, sign } = groups;
	if (word !== undefined) return { kind: "word", text: word };
	if (number !== undefined) return { kind: "value", value: Number(number) };
	if (single !== undefined) return { kind: "value", value: single.replaceAll("''", "'") };
	if (double !== undefined) return { kind: "value", value: double.replaceAll('""', '"') };
	return sign === undefined ? undefined : { kind: "sign", text: sign };
}
