import { printable, printableJson } from "../http/printable.ts";

/** One thing that is wrong with a file. */
export interface FileFault extends Place {
	readonly text: string;
}

/** A place in a file, both counted from 1; 0 for the file as a whole. */
export interface Place {
	readonly line: number;
	readonly column: number;
}

/** The file as a whole. */
export const WHOLE: Place = { line: 0, column: 0 };

/** How many faults a message tells. */
const TOLD = 20;

/** An error's message: what can't be done, and the first faults; nothing in it that a terminal would obey. */
export function messageOf(failure: string, faults: readonly FileFault[]): string {
	const told = faults.slice(0, TOLD).map(({ line, column, text }) => {
		return line === 0 ? text : `line ${line}, column ${column}: ${text}`;
	});
	if (faults.length > TOLD) told.push(`and ${faults.length - TOLD} more`);
	return printable([failure, ...told].join("\n- "));
}

/** What an error may repeat of a name or an id: not what is long, and nothing that may be a key, since cells get shifted. */
export function quoted(name: string): string {
	const isKey = name.length >= KEY && /^[A-Za-z0-9+/]+={1,2}$/.test(name.trim());
	return name.length > QUOTABLE || isKey ? `a text of ${name.length} characters` : printableJson(name.trim());
}

/** The longest id that a device may have. */
const QUOTABLE = 128;

/** The shortest key, 16 bytes in base64. */
const KEY = 24;
