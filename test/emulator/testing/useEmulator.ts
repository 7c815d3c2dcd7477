import assert from "node:assert/strict";
import { after, before } from "node:test";
import { type Emulator, type EmulatorOptions, startEmulator } from "../emulator.ts";
import { HubClient } from "./hubClient.ts";

/** An emulator that all tests of a file share; each test uses its own devices. */
export interface SharedEmulator {
	readonly emulator: Emulator;
	readonly hub: HubClient;
}

/** Starts an emulator before the tests of a file and stops it after them. */
export function useEmulator(options: EmulatorOptions = {}): SharedEmulator {
	let running: SharedEmulator | undefined;
	const getRunning = (): SharedEmulator => {
		if (running === undefined) throw new TypeError("The emulator runs only inside tests");
		return running;
	};
	before(async () => {
		const emulator = await startEmulator(options);
		running = { emulator, hub: new HubClient(emulator) };
	});
	after(() => running?.emulator.close());
	return {
		get emulator() {
			return getRunning().emulator;
		},
		get hub() {
			return getRunning().hub;
		},
	};
}

/** Runs a test with an emulator of its own. */
export async function withEmulator(
	options: EmulatorOptions,
	test: (shared: SharedEmulator) => Promise<void>,
): Promise<void> {
	const emulator = await startEmulator(options);
	try {
		await test({ emulator, hub: new HubClient(emulator) });
	} finally {
		await emulator.close();
	}
}

/** A response of the control. */
export interface ControlReply {
	readonly status: number;
	readonly json: unknown;
}

/** Sends a request to the control over HTTP; a string is sent as it is. */
export async function requestControl(
	{ emulator }: { readonly emulator: Emulator },
	method: string,
	path: string,
	body?: unknown,
): Promise<ControlReply> {
	const text = typeof body === "string" ? body : JSON.stringify(body);
	const reply = await fetch(`${emulator.controlUrl}${path}`, {
		method,
		...(body !== undefined && { body: text }),
	});
	return { status: reply.status, json: await reply.json() };
}

/** Sends a command that must succeed, and returns its result. */
export async function commandControl(
	...request: Parameters<typeof requestControl>
): Promise<Record<string, unknown>> {
	const { status, json } = await requestControl(...request);
	assert.equal(status, 200, JSON.stringify(json));
	return json as Record<string, unknown>;
}

let last = 0;

/** Returns an id that no other test of the file uses. */
export function createFreshId(word = "dev"): string {
	last += 1;
	return `${word}-${last}`;
}
