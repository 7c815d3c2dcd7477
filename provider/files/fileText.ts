import { closeSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { type Diagnostic, WHOLE_FILE } from "./diagnostics.ts";

/** What stands in a text for bytes that have no meaning in its encoding. */
const REPLACEMENT_CHARACTER = "\uFFFD";

const NOT_TEXT_MESSAGE = `it is no text in UTF-8, nor in UTF-16 with a byte order mark; save it as such (Excel: "CSV UTF-8")`;

/** A cell or a value with letters that were lost. */
export const DAMAGED_TEXT_MESSAGE = `holds letters that are no UTF-8; save the file as UTF-8 (Excel: "CSV UTF-8") and write them anew`;

/** How much of a file is read at a time, in bytes. Longer strings are collected late, and a file's would add up. */
const CHUNK_BYTES = 1 << 16;

/** Why a file gives no text. */
export class UnreadableFileError extends Error {
	readonly diagnostic: Diagnostic;

	constructor(text: string) {
		super(text);
		this.diagnostic = { ...WHOLE_FILE, text };
	}
}

/**
 * The text of a file, in chunks: UTF-16 where it begins with that byte order mark, as Windows PowerShell's `Out-File` and
 * Excel's "Unicode Text" do, else UTF-8, of which ASCII is a part.
 *
 * Windows' code pages are not guessed at, since all of them give some text: see {@link isDamaged}.
 *
 * @throws NoText where the file can't be opened, or is none
 */
export function* readChunks(path: string): Generator<string> {
	let decoder: TextStreamDecoder | undefined;
	for (const bytes of readBytes(path)) {
		const isFirst = decoder === undefined;
		decoder ??= createDecoder(bytes);
		const text = decoder.write(bytes);
		yield requireText(isFirst ? text.replace(/^\uFEFF/, "") : text);
	}
	if (decoder !== undefined) yield decoder.end();
}

/** What makes text of bytes that come in pieces. */
interface TextStreamDecoder {
	write(bytes: Buffer): string;
	end(): string;
}

/** Strings of ASCII take half the memory where they come from this decoder of UTF-8 instead of the other. */
function createDecoder([first, second]: Uint8Array): TextStreamDecoder {
	const isLittleEndian = first === 0xff && second === 0xfe;
	if (!isLittleEndian && !(first === 0xfe && second === 0xff)) return new StringDecoder("utf8");
	const decoder = new TextDecoder(isLittleEndian ? "utf-16le" : "utf-16be");
	return { write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
}

/** The whole text of a file, as {@link readChunks} has it. */
export function readText(path: string): string {
	return [...readChunks(path)].join("");
}

/** How a file begins: enough of it for the first lines, whatever they say. */
export function readHead(path: string): string {
	let head = "";
	for (const chunk of readChunks(path)) {
		head += chunk;
		if (head.length > 4 * CHUNK_BYTES) break;
	}
	return head;
}

/** A workbook, or UTF-16 without a byte order mark, is no text of these encodings at all. */
function requireText(text: string): string {
	if (text.includes("\0")) throw new UnreadableFileError(NOT_TEXT_MESSAGE);
	return text;
}

/** Whether letters of a cell were lost, as in a file of another encoding with letters beyond ASCII. */
export function isDamaged(cell: string): boolean {
	return cell.includes(REPLACEMENT_CHARACTER);
}

function* readBytes(path: string): Generator<Buffer> {
	const file = tryFileOperation(() => openSync(path, "r"));
	try {
		for (;;) {
			const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
			const length = tryFileOperation(() => readSync(file, chunk));
			if (length === 0) return;
			yield chunk.subarray(0, length);
		}
	} finally {
		closeSync(file);
	}
}

function tryFileOperation<Result>(operation: () => Result): Result {
	try {
		return operation();
	} catch (error) {
		const code = error instanceof Error && "code" in error ? error.code : error;
		throw new UnreadableFileError(`it can't be opened (${code}); a relative path begins at ${process.cwd()}`);
	}
}
