/** What stands in a text for bytes that have no meaning in its encoding. */
const REPLACED = "\uFFFD";

/**
 * The text of a file: UTF-16 where it begins with that byte order mark, as Windows PowerShell's `Out-File` and Excel's
 * "Unicode Text" do, else UTF-8, of which ASCII is a part.
 *
 * Windows' code pages are not guessed at, since all of them give some text: see {@link isDamaged}.
 */
export function textOf(bytes: Uint8Array): string {
	return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

/** Whether the file is no text of these encodings at all: a workbook, or UTF-16 without a byte order mark. */
export function isBinary(text: string): boolean {
	return text.includes("\0");
}

/** Whether letters of a cell were lost, as in a file of another encoding with letters beyond ASCII. */
export function isDamaged(cell: string): boolean {
	return cell.includes(REPLACED);
}

function encodingOf([first, second]: Uint8Array): string {
	if (first === 0xff && second === 0xfe) return "utf-16le";
	return first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
}
