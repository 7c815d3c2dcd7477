import { jsonOf } from "./format.json.ts";
import { markdownOf } from "./format.markdown.ts";
import { sarifOf } from "./format.sarif.ts";
import { tableOf } from "./format.table.ts";
import type { Format } from "./format.ts";

/** The formats of a drift report by name. */
export const FORMATS = {
	table: tableOf,
	json: jsonOf,
	sarif: sarifOf,
	markdown: markdownOf,
} as const satisfies Record<string, Format>;

/** The name of a format. */
export type FormatName = keyof typeof FORMATS;
