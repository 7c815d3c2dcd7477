import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import fc from "fast-check";
import type { AutopilotCsvRow } from "../../../provider/files/autopilotCsv.schema.ts";
import { AutopilotCsvError, readAutopilotCsv } from "../../../provider/files/readAutopilotCsv.ts";
import { generateHardwareHash } from "../../emulator/graph/hardwareHash.ts";

/** Functions that encode a text, by the name of the encoding. */
export const ENCODINGS: Readonly<Record<string, (text: string) => Buffer>> = {
	"UTF-8": (text) => Buffer.from(text, "utf8"),
	"UTF-8 with a byte order mark": (text) => Buffer.from(`\uFEFF${text}`, "utf8"),
	"UTF-16 LE": (text) => Buffer.from(`\uFEFF${text}`, "utf16le"),
	"UTF-16 BE": (text) => Buffer.from(`\uFEFF${text}`, "utf16le").swap16(),
};

/** The columns of the portal. */
export const HEADER = "Device Serial Number,Windows Product ID,Hardware Hash,Group Tag,Assigned User";

/** The hashes that texts of tests abbreviate as `{1}` to `{9}`, each of another machine, without a serial number. */
const HASHES: readonly string[] = [...Array(10).keys()].map((number) =>
	generateHardwareHash("", { uuid: Buffer.from(`board ${number}`.padEnd(16)) }),
);

/**
 * Returns the text with hashes in the place of their abbreviations. `{S-1}` is a hash with the serial number `S-1`, and `{S-1@2}` the hash
 * of the same machine, collected at another time.
 */
export function expandHashes(text: string): string {
	return text
		.replace(/\{(\d)\}/g, (_, number) => HASHES[number] ?? "")
		.replace(/\{([^{}@]+)(?:@(\d+))?\}/g, (_, serial: string, time?: string) =>
			generateHardwareHash(serial, time === undefined ? {} : { collectedAt: Number(time) }),
		);
}

/** Returns machines with abbreviations in the place of hashes. */
export function abbreviateHashes(machines: readonly AutopilotCsvRow[]): AutopilotCsvRow[] {
	return machines.map((machine) => {
		const number = HASHES.indexOf(machine.hardwareIdentifier);
		return number === -1 ? machine : { ...machine, hardwareIdentifier: `{${number}}` };
	});
}

const folder = mkdtempSync(join(tmpdir(), "lists-"));
after(() => rmSync(folder, { recursive: true }));

/** Writes a list and returns its path. */
export function writeCsv(bytes: Uint8Array | string): string {
	const path = join(folder, "machines.csv");
	writeFileSync(path, bytes);
	return path;
}

/** Reads a valid list in each encoding, with abbreviations in the place of hashes. */
export function readInAllEncodings(text: string): AutopilotCsvRow[] {
	const [first = [], ...others] = Object.values(ENCODINGS).map((encode) =>
		abbreviateHashes(readAutopilotCsv(writeCsv(encode(expandHashes(text))))),
	);
	for (const other of others) assert.deepEqual(other, first);
	return first;
}

/** Reads an invalid list in each encoding, and returns the error, which is the same for all. */
export function readRefusedInAllEncodings(text: string): AutopilotCsvError {
	const errors = Object.values(ENCODINGS).map((encode) => readRefusedCsv(encode(expandHashes(text))));
	const [first, ...others] = errors;
	for (const other of others) assert.deepEqual(other.faults, first?.faults);
	assert.ok(first instanceof AutopilotCsvError);
	return first;
}

/** Returns the error for an invalid list. */
export function readRefusedCsv(bytes: Uint8Array | string): AutopilotCsvError {
	const path = writeCsv(bytes);
	try {
		readAutopilotCsv(path);
	} catch (error) {
		assert.ok(error instanceof AutopilotCsvError, String(error));
		assert.equal(error.path, path);
		return error;
	}
	return assert.fail("the list was accepted");
}

/** Returns the problems of a list as `line:column text`. */
export function listCsvFaults(text: string): string[] {
	return readRefusedInAllEncodings(text).faults.map(({ line, column, text }) => `${line}:${column} ${text}`);
}

/** Separators, quotes, line breaks, and characters with which a formula or a terminal command begins. */
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
 * Returns strings of whole characters, among them those with a meaning in files, without the replacement and the null character.
 *
 * @param own further characters with a meaning in the file format
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
