/** A value in a query or in a twin; undefined where a twin has none. */
export type Scalar = string | number | boolean | null;

/** The collections that can be queried. */
export type Collection = "devices" | "devices.modules";

/** The names that lead to a value in a twin, without the name of the collection. */
export type Path = readonly string[];

/** A condition, or a value in one. */
export type Expression =
	| { readonly kind: "literal"; readonly value: Scalar }
	| { readonly kind: "path"; readonly path: Path }
	| { readonly kind: "not"; readonly of: Expression }
	| { readonly kind: "all" | "any"; readonly of: readonly Expression[] }
	| { readonly kind: "compare"; readonly sign: Sign; readonly left: Expression; readonly right: Expression }
	| { readonly kind: "in"; readonly value: Expression; readonly list: readonly Expression[] }
	| { readonly kind: "call"; readonly name: FunctionName; readonly of: readonly Expression[] };

/** A comparison operator. */
export type Sign = "=" | "!=" | "<" | "<=" | ">" | ">=";

/** The functions in conditions, in lower case. */
export const FUNCTION_NAMES = [
	"is_defined",
	"is_null",
	"is_string",
	"is_number",
	"is_bool",
	"is_object",
	"startswith",
	"endswith",
	"contains",
	"array_contains",
] as const;

/** The name of a function in lower case. */
export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** One column of a projection: a path, or the number of rows. */
export interface Column {
	readonly name: string;
	readonly path: Path | "count()";
}

/** A parsed query. */
export interface Query {
	/** "*" for whole twins. */
	readonly columns: readonly Column[] | "*";
	readonly from: Collection;
	readonly where: Expression | undefined;
	readonly groupBy: readonly Path[];
	readonly top: number | undefined;
}
