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

/** The devices that were read, and the notices of the reader. */
export interface Read {
	readonly devices: Record<string, FleetDevice>;
	readonly passedOver: readonly string[];
}

/** Writes a file and returns its path. */
export function writeFleetText(name: string, bytes: Uint8Array | string): string {
	const path = join(folder, name);
	writeFileSync(path, bytes);
	return path;
}

/** Reads a valid file in each encoding. */
export function readFleetText(name: string, text: string): Read {
	const [first, ...others] = Object.values(ENCODINGS).map((encode) => readBytes(name, encode(text)));
	for (const other of others) assert.deepEqual(other, first);
	assert.ok(first);
	return first;
}

/** Returns the devices of a valid file that contains nothing else. */
export function readDevices(name: string, text: string): Record<string, FleetDevice> {
	const { devices, passedOver } = readFleetText(name, text);
	assert.deepEqual(passedOver, []);
	return devices;
}

/** Returns the error for an invalid file, which is the same in each encoding. */
export function readRefusedFleet(name: string, text: string): FleetFileError {
	const [first, ...others] = Object.values(ENCODINGS).map((encode) => readRefusedBytes(name, encode(text)));
	for (const other of others) assert.deepEqual(other.faults, first?.faults);
	assert.ok(first);
	return first;
}

/** Returns the error for an invalid file. */
export function readRefusedBytes(name: string, bytes: Uint8Array | string): FleetFileError {
	const path = writeFleetText(name, bytes);
	try {
		readFleet(path, { onPassedOver: () => {} });
	} catch (error) {
		assert.ok(error instanceof FleetFileError, String(error));
		assert.equal(error.path, path);
		return error;
	}
	return assert.fail("the file was accepted");
}

/** Returns the problems of a file as `line:column text`. */
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
