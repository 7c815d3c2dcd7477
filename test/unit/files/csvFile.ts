import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import fc from "fast-check";
import type { AutopilotCsvRow } from "../../../provider/files/autopilotCsv.ts";
import { AutopilotCsvError, readAutopilotCsv } from "../../../provider/files/readAutopilotCsv.ts";

/** How a text becomes bytes, by the name of its encoding. */
export const ENCODINGS: Readonly<Record<string, (text: string) => Buffer>> = {
	"UTF-8": (text) => Buffer.from(text, "utf8"),
	"UTF-8 with a byte order mark": (text) => Buffer.from(`\uFEFF${text}`, "utf8"),
	"UTF-16 LE": (text) => Buffer.from(`\uFEFF${text}`, "utf16le"),
	"UTF-16 BE": (text) => Buffer.from(`\uFEFF${text}`, "utf16le").swap16(),
};

/** The columns of the portal. */
export const HEADER = "Device Serial Number,Windows Product ID,Hardware Hash,Group Tag,Assigned User";

const folder = mkdtempSync(join(tmpdir(), "lists-"));
after(() => rmSync(folder, { recursive: true }));

/** Writes a list and gives its path. */
export function writeCsv(bytes: Uint8Array | string): string {
	const path = join(folder, "machines.csv");
	writeFileSync(path, bytes);
	return path;
}

/** Reads a list that is in order, in each encoding. */
export function readInAllEncodings(text: string): AutopilotCsvRow[] {
	const [first = [], ...others] = Object.values(ENCODINGS).map((encode) =>
		readAutopilotCsv(writeCsv(encode(text))),
	);
	for (const other of others) assert.deepEqual(other, first);
	return first;
}

/** Reads a list that is not in order, in each encoding, and gives the error of the last one. */
export function readRefusedInAllEncodings(text: string): AutopilotCsvError {
	const errors = Object.values(ENCODINGS).map((encode) => readRefusedCsv(encode(text)));
	const [first, ...others] = errors;
	for (const other of others) assert.deepEqual(other.faults, first?.faults);
	assert.ok(first instanceof AutopilotCsvError);
	return first;
}

/** The error for a list that is not in order. */
export function readRefusedCsv(bytes: Uint8Array | string): AutopilotCsvError {
	const path = writeCsv(bytes);
	try {
		readAutopilotCsv(path);
	} catch (error) {
		assert.ok(error instanceof AutopilotCsvError, String(error));
		assert.equal(error.path, path);
		return error;
	}
	return assert.fail("the list was taken");
}

/** The faults of a list as `line:column text`. */
export function listCsvFaults(text: string): string[] {
	return readRefusedInAllEncodings(text).faults.map(({ line, column, text }) => `${line}:${column} ${text}`);
}

/** What separates, quotes, ends lines, or begins what a spreadsheet or a terminal takes for a command. */
const SPECIAL = [
	",",
	";",
	"\t",
	'"',
	"'",
	"\n",
	"\r\n",
	" ",
	"-",
	"=",
	"@",
	"\u001b",
	"\u009b",
	"\u202e",
] as const;

/**
 * Whole characters, with those that files are made of among them; none that stands for a lost letter or for no text.
 *
 * @param own the characters that the form at hand is made of besides
 */
export function generateHardText(own: readonly string[]): fc.Arbitrary<string> {
	const unit = fc.oneof(
		{ weight: 3, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }) },
		fc.constantFrom(...SPECIAL, ...own),
	);
	return fc
		.string({ unit, minLength: 1, maxLength: 12 })
		.filter((value) => value.trim() !== "" && !/[\0\uFFFD]/.test(value));
}
