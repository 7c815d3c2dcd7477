import { closeSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { type Diagnostic, WHOLE_FILE } from "./diagnostics.ts";

/** The character that decoders write for bytes that are invalid in the encoding. */
const REPLACEMENT_CHARACTER = "\uFFFD";

const NOT_TEXT_MESSAGE = `it is not text in UTF-8, or in UTF-16 with a byte order mark; save it in one of these encodings (Excel: "CSV UTF-8")`;

/** The message for a cell or a value with characters that could not be decoded. */
export const DAMAGED_TEXT_MESSAGE = `contains characters that are not valid UTF-8; save the file as UTF-8 (Excel: "CSV UTF-8") and enter them again`;

/** Size of a chunk in bytes. V8 frees longer strings late, so that those of a large file would add up. */
const CHUNK_BYTES = 1 << 16;

/** An error for a file that cannot be opened or is not a text file. */
export class UnreadableFileError extends Error {
	readonly diagnostic: Diagnostic;

	constructor(text: string) {
		super(text);
		this.diagnostic = { ...WHOLE_FILE, text };
	}
}

/**
 * Returns the text of a file in chunks: UTF-16 if it begins with that byte order mark, as files of Windows PowerShell's
 * `Out-File` and Excel's "Unicode Text" do; otherwise UTF-8, which includes ASCII.
 *
 * Code pages of Windows are not detected, since any bytes are valid in each of them: see {@link isDamaged}.
 *
 * @throws UnreadableFileError if the file cannot be opened or is not a text file
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

/** A decoder for bytes in chunks. */
interface TextStreamDecoder {
	write(bytes: Buffer): string;
	end(): string;
}

/** Returns a decoder by the byte order mark. Strings of ASCII from StringDecoder need half the memory of those from TextDecoder. */
function createDecoder([first, second]: Uint8Array): TextStreamDecoder {
	const isLittleEndian = first === 0xff && second === 0xfe;
	if (!isLittleEndian && !(first === 0xfe && second === 0xff)) return new StringDecoder("utf8");
	const decoder = new TextDecoder(isLittleEndian ? "utf-16le" : "utf-16be");
	return { write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
}

/** Returns the whole text of a file, decoded as in {@link readChunks}. */
export function readText(path: string): string {
	return [...readChunks(path)].join("");
}

/** Returns the beginning of a file, long enough for its first lines. */
export function readHead(path: string): string {
	let head = "";
	for (const chunk of readChunks(path)) {
		head += chunk;
		if (head.length > 4 * CHUNK_BYTES) break;
	}
	return head;
}

/** Throws for a text with null characters: a workbook, or UTF-16 without a byte order mark. */
function requireText(text: string): string {
	if (text.includes("\0")) throw new UnreadableFileError(NOT_TEXT_MESSAGE);
	return text;
}

/** Whether a cell has characters that could not be decoded, as in a file of another encoding with characters beyond ASCII. */
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
		throw new UnreadableFileError(`it cannot be opened (${code}); relative paths start at ${process.cwd()}`);
	}
}
