import { readFileSync } from "node:fs";
import { type FileFault, WHOLE } from "./fileFault.ts";

/** What stands in a text for bytes that have no meaning in its encoding. */
const REPLACED = "\uFFFD";

const BINARY = `it is no text in UTF-8, nor in UTF-16 with a byte order mark; save it as such (Excel: "CSV UTF-8")`;

/** A cell or a value with letters that were lost. */
export const DAMAGED = `holds letters that are no UTF-8; save the file as UTF-8 (Excel: "CSV UTF-8") and write them anew`;

/**
 * The text of a file: UTF-16 where it begins with that byte order mark, as Windows PowerShell's `Out-File` and Excel's
 * "Unicode Text" do, else UTF-8, of which ASCII is a part.
 *
 * Windows' code pages are not guessed at, since all of them give some text: see {@link isDamaged}.
 */
export function textOf(path: string): string | FileFault {
	const bytes = bytesOf(path);
	if (!(bytes instanceof Uint8Array)) return bytes;
	const text = new TextDecoder(encodingOf(bytes)).decode(bytes);
	return isBinary(text) ? { ...WHOLE, text: BINARY } : text;
}

/** Whether letters of a cell were lost, as in a file of another encoding with letters beyond ASCII. */
export function isDamaged(cell: string): boolean {
	return cell.includes(REPLACED);
}

/** Whether the file is no text of these encodings at all: a workbook, or UTF-16 without a byte order mark. */
function isBinary(text: string): boolean {
	return text.includes("\0");
}

function encodingOf([first, second]: Uint8Array): string {
	if (first === 0xff && second === 0xfe) return "utf-16le";
	return first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
}

function bytesOf(path: string): Uint8Array | FileFault {
	try {
		return readFileSync(path);
	} catch (error) {
		const code = error instanceof Error && "code" in error ? error.code : error;
		return {
			...WHOLE,
			text: `it can't be opened (${code}); a relative path begins at ${process.cwd()}`,
		};
	}
}
