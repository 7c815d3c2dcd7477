import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { createHubService } from "../../contract/harness/emulatedServices.ts";
import { Resource } from "../../contract/harness/resource.ts";
import { type DeviceView, type Emulator, startEmulator } from "../../emulator/emulator.ts";
import { addDailyFaults, Chance } from "./chance.ts";
import { type Devices, declareFirstDay, nextDay } from "./declaration.ts";

/** The length and the size of a soak. */
export interface SoakOptions {
	/** Measured on the hub's clock. */
	readonly minutes: number;
	readonly devices: number;
	readonly seed: number;
	/** Called at every day's end. */
	tell(line: string): void;
}

/** The figures of a soak. */
export interface SoakFigures {
	readonly days: number;
	readonly requests: number;
	readonly faults: number;
	/** Runs that failed, as they may under these faults. */
	readonly failedRuns: number;
	/** Changes by others. */
	readonly foreign: number;
	/** Bytes on the heap after the first day and after the last, after a garbage collection. */
	readonly heap: { readonly first: number; readonly last: number };
}

/** How many times as fast as real time the hub's clock runs. */
const SCALE = 60;
/** Allows 500 registry operations a minute. */
const TIER = { sku: "S1", units: 5 } as const;

/**
 * Runs a fleet through days of changes by its program and by others, on a throttled hub whose connections break and
 * whose responses get lost. After the faults end, two runs must suffice: the hub is as declared, state matches the hub,
 * devices of others are untouched, and no keys have changed.
 */
export async function runSoak(options: SoakOptions): Promise<SoakFigures> {
	const emulator = await startEmulator({ switches: { sasClock: "real" } });
	try {
		return await playDays(emulator, options);
	} finally {
		await emulator.close();
	}
}

async function playDays(
	emulator: Emulator,
	{ minutes, devices, seed, tell }: SoakOptions,
): Promise<SoakFigures> {
	const { control } = emulator;
	const chance = new Chance(seed);
	const fleet = new Resource(() => createHubService(emulator).deviceFleet);
	const others = control.devices.seed([
		{ deviceId: "not-ours-1" },
		{ deviceId: "not-ours-2", status: "disabled" },
	]);
	control.hub.setTier(TIER);
	control.clock.setScale(SCALE);
	const end = control.clock.now() + minutes * 60_000;
	let declared = declareFirstDay(devices);
	let keys = new Map<string, string>();
	let [days, requests, faults, failedRuns, foreign, firstHeap] = [0, 0, 0, 0, 0, 0];
	while (control.clock.now() < end) {
		days++;
		if (days > 1) declared = nextDay(declared, chance, days);
		foreign += days > 1 ? changeElsewhere(control, declared, chance) : 0;
		faults += addDailyFaults(control, chance, { count: Math.ceil(devices / 20), requests: devices });
		if (days > 1 && chance.next() < 0.3) failedRuns += await countFailure(() => fleet.refresh());
		failedRuns += await countFailure(() => fleet.up(createInputs(declared)));
		requests += control.requests.count();
		control.requests.reset();
		assertKeysKept(control, keys);
		keys = listKeys(control);
		if (days === 1) firstHeap = measureHeap();
		tell(
			`day ${days}: ${fleet.state === undefined ? 0 : fleet.getOutput("count")} of ${declared.size} devices in state`,
		);
	}
	faults += addDailyFaults(control, chance, { count: 0, requests: 0 });
	control.hub.setTier({});
	await fleet.up(createInputs(declared)).catch(() => fleet.up(createInputs(declared)));
	assertKeysKept(control, keys);
	await assertSettled(emulator, { fleet, declared, others });
	return { days, requests, faults, failedRuns, foreign, heap: { first: firstHeap, last: measureHeap() } };
}

/** Disables, deletes and recreates some devices as another administrator, and returns how many. */
function changeElsewhere(control: Emulator["control"], declared: Devices, chance: Chance): number {
	const there = [...declared.keys()].filter((id) => control.devices.get(id) !== undefined);
	const leaves = there.filter((id) => !id.startsWith("gateway"));
	const disabled = chance.some(there, 0.005);
	for (const id of disabled) control.devices.change(id, { status: "disabled", statusReason: "by hand" });
	const deleted = chance.some(leaves, 0.002);
	for (const id of deleted) control.devices.remove(id);
	const recreated = chance.some(leaves, 0.001).filter((id) => !deleted.includes(id));
	for (const id of recreated) control.devices.recreate(id);
	return disabled.length + deleted.length + recreated.length;
}

async function countFailure(work: () => Promise<unknown>): Promise<0 | 1> {
	try {
		await work();
		return 0;
	} catch (error) {
		assert.ok(
			error instanceof Error && "code" in error,
			`not an error of the service or the network: ${error}`,
		);
		return 1;
	}
}

async function assertSettled(
	emulator: Emulator,
	{ fleet, declared, others }: { fleet: Resource; declared: Devices; others: readonly DeviceView[] },
): Promise<void> {
	const { devices } = emulator.control;
	const there = new Map(devices.list().map((device) => [device.deviceId, device]));
	for (const other of others)
		assert.deepEqual(there.get(other.deviceId), other, "devices of others are untouched");
	assert.equal(there.size, declared.size + others.length, "no device is duplicated or superfluous");
	for (const [id, { status = "enabled", statusReason, parent }] of declared) {
		const device = there.get(id);
		assert.ok(device, `${id} exists`);
		assert.equal(device.status, status, `the status of ${id}`);
		if (statusReason !== undefined) assert.equal(device.statusReason, statusReason, `the reason of ${id}`);
		const scope = parent === undefined ? undefined : there.get(String(parent))?.deviceScope;
		if (scope !== undefined) assert.deepEqual(device.parentScopes, [scope], `the parent of ${id}`);
	}
	assert.equal((await fleet.plan(createInputs(declared))).step, "same", "nothing is left to do");
	const before = fleet.known.outputs;
	await fleet.refresh();
	assert.ok(isDeepStrictEqual(fleet.known.outputs, before), "state matches the hub");
}

/** Returns a device's keys by id and generation. They never change, because the program does not declare any. */
function listKeys({ devices }: Emulator["control"]): Map<string, string> {
	return new Map(
		devices.list().map(({ deviceId, generationId, authentication }) => {
			return [`${deviceId} ${generationId}`, JSON.stringify(authentication.symmetricKey)];
		}),
	);
}

function assertKeysKept(control: Emulator["control"], before: ReadonlyMap<string, string>): void {
	for (const [device, keys] of listKeys(control)) {
		assert.equal(keys, before.get(device) ?? keys, `the keys of ${device} were changed`);
	}
}

function createInputs(declared: Devices): { devices: string } {
	return { devices: JSON.stringify(Object.fromEntries(declared)) };
}

function measureHeap(): number {
	globalThis.gc?.();
	return process.memoryUsage().heapUsed;
}
