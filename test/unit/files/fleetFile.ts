import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { FleetFileError, readFleet } from "../../../provider/files/readFleet.ts";
import type { FleetDevice } from "../../../provider/sdk/deviceFleet.ts";
import { ENCODINGS } from "./csvFile.ts";

const folder = mkdtempSync(join(tmpdir(), "fleets-"));
after(() => rmSync(folder, { recursive: true }));

/** What was read, and what the reader said of it. */
export interface Read {
	readonly devices: Record<string, FleetDevice>;
	readonly passedOver: readonly string[];
}

/** Writes a file and gives its path. */
export function writeFleetText(name: string, bytes: Uint8Array | string): string {
	const path = join(folder, name);
	writeFileSync(path, bytes);
	return path;
}

/** Reads a file that is in order, in each encoding. */
export function readFleetText(name: string, text: string): Read {
	const [first, ...others] = Object.values(ENCODINGS).map((encode) => readBytes(name, encode(text)));
	for (const other of others) assert.deepEqual(other, first);
	assert.ok(first);
	return first;
}

/** The devices of a file that is in order and holds nothing else. */
export function readDevices(name: string, text: string): Record<string, FleetDevice> {
	const { devices, passedOver } = readFleetText(name, text);
	assert.deepEqual(passedOver, []);
	return devices;
}

/** The error for a file that is not in order, in each encoding the same. */
export function readRefusedFleet(name: string, text: string): FleetFileError {
	const [first, ...others] = Object.values(ENCODINGS).map((encode) => readRefusedBytes(name, encode(text)));
	for (const other of others) assert.deepEqual(other.faults, first?.faults);
	assert.ok(first);
	return first;
}

/** The error for a file that is not in order. */
export function readRefusedBytes(name: string, bytes: Uint8Array | string): FleetFileError {
	const path = writeFleetText(name, bytes);
	try {
		readFleet(path, { onPassedOver: () => {} });
	} catch (error) {
		assert.ok(error instanceof FleetFileError, String(error));
		assert.equal(error.path, path);
		return error;
	}
	return assert.fail("the file was taken");
}

/** The faults of a file as `line:column text`. */
export function listFleetFaults(name: string, text: string): string[] {
	return readRefusedFleet(name, text).faults.map(({ line, column, text }) => `${line}:${column} ${text}`);
}

function readBytes(name: string, bytes: Uint8Array): Read {
	const passedOver: string[] = [];
	const path = writeFleetText(name, bytes);
	const devices = readFleet(path, {
		onPassedOver: (text) => passedOver.push(text.replace(path, name)),
	});
	return { devices, passedOver };
}
