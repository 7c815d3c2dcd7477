import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import type { AutopilotCsvRow } from "../../../provider/files/autopilotCsv.columns.ts";
import { AutopilotCsvError } from "../../../provider/files/autopilotCsv.errors.ts";
import { readAutopilotCsv } from "../../../provider/files/readAutopilotCsv.ts";

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
