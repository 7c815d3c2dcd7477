import { generateNames } from "../../contract/drift/fleet.ts";
import { createHubService } from "../../contract/harness/emulatedServices.ts";
import { Resource } from "../../contract/harness/resource.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import { computeFloor } from "./goals.ts";

/** The smallest paid edition. */
const TIER = { sku: "S1", units: 1 } as const;
/** The provider's settings for that edition, so that it limits its rate. */
const SETTINGS = { "iothub:sku": TIER.sku, "iothub:units": String(TIER.units) };
/**
 * The speed of the hub's clock as a multiple of the real clock's. Registry operations are throttled so long that the time of
 * this machine does not matter; twin reads are not.
 */
const SLOW = 1;
const FAST = 30;
/** The number of single resources that an engine works on at a time: Pulumi's default on four processors. */
const PARALLEL = 16;

/** One operation on a throttled hub. */
export interface ThrottledFigures {
	readonly operation: string;
	/** Whether the devices are one fleet or single resources. */
	readonly as: "one fleet" | "single resources";
	/** Seconds on the hub's own clock. */
	readonly seconds: number;
	/** The least time in seconds that the throttles allow for the requested operations. */
	readonly floor: number;
	readonly requests: number;
	/** The number of 429 responses. */
	readonly refused: number;
	/** The number of failed operations on devices. */
	readonly failed: number;
}

/** Deploys, previews, refreshes and deletes devices on a hub with the real throttles, in process. */
export async function measureThrottledHub(devices: number): Promise<ThrottledFigures[]> {
	return [
		...(await withHub((emulator) => fleetOn(emulator, devices))),
		...(await withHub((emulator) => singlesOn(emulator, devices))),
	];
}

async function withHub<Result>(work: (emulator: Emulator) => Promise<Result>): Promise<Result> {
	const emulator = await startEmulator({ switches: { sasClock: "real" } });
	try {
		return await work(emulator);
	} finally {
		await emulator.close();
	}
}

async function fleetOn(emulator: Emulator, devices: number): Promise<ThrottledFigures[]> {
	const fleet = new Resource(() => createHubService(emulator, SETTINGS).deviceFleet);
	const declared = Object.fromEntries(
		generateNames("device", devices).map((id) => [id, { status: "enabled" }]),
	);
	const inputs = { devices: JSON.stringify(declared) };
	const one = counter(emulator, "one fleet");
	return [
		await one("up", FAST, [() => fleet.up(inputs)]),
		await one("preview, unchanged", SLOW, [() => fleet.plan(inputs)]),
		await one("refresh", SLOW, [() => fleet.refresh()]),
		await one("destroy", FAST, [() => fleet.destroy()]),
	];
}

async function singlesOn(emulator: Emulator, devices: number): Promise<ThrottledFigures[]> {
	let life = createHubService(emulator, SETTINGS).deviceIdentity;
	const members = generateNames("device", devices).map((deviceId) => {
		return { resource: new Resource(() => life), inputs: { deviceId, status: "enabled" } };
	});
	const each = counter(emulator, "single resources");
	const all = (
		operation: string,
		scale: number,
		work: (member: (typeof members)[number]) => Promise<unknown>,
	) => {
		life = createHubService(emulator, SETTINGS).deviceIdentity;
		return each(
			operation,
			scale,
			members.map((member) => () => work(member)),
		);
	};
	return [
		await all("up", FAST, ({ resource, inputs }) => resource.up(inputs)),
		await all("preview, unchanged", SLOW, ({ resource, inputs }) => resource.plan(inputs)),
		await all("refresh", SLOW, ({ resource }) => resource.refresh()),
		await all("destroy", FAST, ({ resource }) => resource.destroy()),
	];
}

type Counter = (
	operation: string,
	scale: number,
	works: readonly (() => Promise<unknown>)[],
) => Promise<ThrottledFigures>;

/** Returns a function that measures an operation on a hub that was idle before. */
function counter({ control: { clock, hub, requests } }: Emulator, as: ThrottledFigures["as"]): Counter {
	return async (operation, scale, works) => {
		hub.setTier(TIER);
		requests.reset();
		clock.setScale(scale);
		const start = clock.now();
		const failed = await failuresOf(works);
		const seconds = (clock.now() - start) / 1_000;
		return {
			operation,
			as,
			seconds,
			floor: computeFloor(hub.operations, TIER.sku),
			requests: requests.count(),
			refused: requests.list().filter(({ status }) => status === 429).length,
			failed,
		};
	};
}

/** Runs works as an engine does, several at a time. Returns how many failed. */
async function failuresOf(works: readonly (() => Promise<unknown>)[]): Promise<number> {
	const queue = works.values();
	let failed = 0;
	const worker = async (): Promise<void> => {
		for (const work of queue) {
			await work().catch((error: unknown) => {
				console.error(error);
				failed++;
			});
		}
	};
	await Promise.all(Array.from({ length: PARALLEL }, worker));
	return failed;
}
