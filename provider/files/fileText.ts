import { closeSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { type FileFault, WHOLE } from "./fileFault.ts";

/** What stands in a text for bytes that have no meaning in its encoding. */
const REPLACED = "\uFFFD";

const BINARY = `it is no text in UTF-8, nor in UTF-16 with a byte order mark; save it as such (Excel: "CSV UTF-8")`;

/** A cell or a value with letters that were lost. */
export const DAMAGED = `holds letters that are no UTF-8; save the file as UTF-8 (Excel: "CSV UTF-8") and write them anew`;

/** How much of a file is read at a time, in bytes. Longer strings are collected late, and a file's would add up. */
const CHUNK = 1 << 16;

/** Why a file gives no text. */
export class NoText extends Error {
	readonly fault: FileFault;

	constructor(text: string) {
		super(text);
		this.fault = { ...WHOLE, text };
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
export function* chunksOf(path: string): Generator<string> {
	let decoder: Decoder | undefined;
	for (const bytes of bytesOf(path)) {
		const first = decoder === undefined;
		decoder ??= decoderFor(bytes);
		const text = decoder.write(bytes);
		yield checked(first ? text.replace(/^\uFEFF/, "") : text);
	}
	if (decoder !== undefined) yield decoder.end();
}

/** What makes text of bytes that come in pieces. */
interface Decoder {
	write(bytes: Buffer): string;
	end(): string;
}

/** Strings of ASCII take half the memory where they come from this decoder of UTF-8 instead of the other. */
function decoderFor([first, second]: Uint8Array): Decoder {
	const isLittle = first === 0xff && second === 0xfe;
	if (!isLittle && !(first === 0xfe && second === 0xff)) return new StringDecoder("utf8");
	const decoder = new TextDecoder(isLittle ? "utf-16le" : "utf-16be");
	return { write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
}

/** The whole text of a file, as {@link chunksOf} has it. */
export function textOf(path: string): string {
	return [...chunksOf(path)].join("");
}

/** How a file begins: enough of it for the first lines, whatever they say. */
export function headOf(path: string): string {
	let head = "";
	for (const chunk of chunksOf(path)) {
		head += chunk;
		if (head.length > 4 * CHUNK) break;
	}
	return head;
}

/** A workbook, or UTF-16 without a byte order mark, is no text of these encodings at all. */
function checked(text: string): string {
	if (text.includes("\0")) throw new NoText(BINARY);
	return text;
}

/** Whether letters of a cell were lost, as in a file of another encoding with letters beyond ASCII. */
export function isDamaged(cell: string): boolean {
	return cell.includes(REPLACED);
}

function* bytesOf(path: string): Generator<Buffer> {
	const file = opened(() => openSync(path, "r"));
	try {
		for (;;) {
			const chunk = Buffer.allocUnsafe(CHUNK);
			const length = opened(() => readSync(file, chunk));
			if (length === 0) return;
			yield chunk.subarray(0, length);
		}
	} finally {
		closeSync(file);
	}
}

function opened<Result>(action: () => Result): Result {
	try {
		return action();
	} catch (error) {
		const code = error instanceof Error && "code" in error ? error.code : error;
		throw new NoText(`it can't be opened (${code}); a relative path begins at ${process.cwd()}`);
	}
}
