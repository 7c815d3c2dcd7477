import { generateNames } from "../../contract/drift/fleet.ts";
import { createScaledClock } from "../../contract/harness/emulatedServices.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import type { Operations } from "./goals.ts";
import type { Hub } from "./hub.ts";
import { type Way, type WayFigures, writeInBulk, writeSingly } from "./ways.ts";

/** The number of devices without throttles, and with throttles. */
const QUICK = 1_000;
const THROTTLED = 400;
/** Extra milliseconds of each response: none, and those of another region. */
const LATENCIES = [0, 50] as const;
/** The speed of a throttled hub's clock as a multiple of the real clock's. */
const SCALE = 60;
/** The pause after a 429 response in milliseconds, as the hub's message requires. */
const PAUSE = 10_000;

const WAYS = { single: writeSingly, bulk: writeInBulk } as const;
type WayName = keyof typeof WAYS;

/** The ways and numbers of requests in flight. The first of each list is the provider's own. */
const WITHOUT_THROTTLE: readonly (readonly [WayName, number])[] = [
	...([8, 16, 32, 64] as const).map((width) => ["single", width] as const),
	...([8, 16, 64] as const).map((width) => ["bulk", width] as const),
];
const UNDER_THROTTLE: readonly (readonly [WayName, number])[] = [
	...([8, 16, 64, 128] as const).map((width) => ["single", width] as const),
	...([1, 8] as const).map((width) => ["bulk", width] as const),
];

/** Figures of creating, updating and deleting devices on a hub without throttles. */
export interface QuickFigures extends WayFigures {
	readonly way: WayName;
	readonly inFlight: number;
	readonly devices: number;
	/** Extra milliseconds of each response. */
	readonly latency: number;
	readonly requests: number;
	/** The operations that throttles would have counted. */
	readonly operations: Operations;
}

/** Figures of creating, updating and deleting devices on an S1 hub with one unit, without a rate limit of the client. */
export interface PacedFigures {
	readonly way: WayName;
	readonly inFlight: number;
	readonly devices: number;
	/** Seconds of all three steps, on the hub's own clock. */
	readonly seconds: number;
	readonly operations: Operations;
	readonly refused: number;
	/** Seconds of the slowest response. */
	readonly slowest: number;
}

/** Measures each way at each latency, without throttles. */
export async function measureQuickHub(hub: Hub): Promise<QuickFigures[]> {
	const rows: QuickFigures[] = [];
	for (const latency of LATENCIES) {
		await hub.delay(latency);
		for (const [way, inFlight] of WITHOUT_THROTTLE) {
			await hub.forget();
			const { url, connectionString } = hub;
			const took = await WAYS[way](generateNames("device", QUICK), {
				url,
				connectionString,
				width: inFlight,
			});
			const { routes, operations } = await hub.asked();
			const requests = Object.values(routes).reduce((sum, count) => sum + count, 0);
			rows.push({ way, inFlight, devices: QUICK, latency, requests, operations, ...took });
		}
	}
	await hub.delay(0);
	return rows;
}

/** Measures each way under the throttles of S1. */
export async function measurePacedHub(): Promise<PacedFigures[]> {
	const rows: PacedFigures[] = [];
	for (const [way, inFlight] of UNDER_THROTTLE) rows.push(await paced(way, inFlight));
	return rows;
}

async function paced(way: WayName, inFlight: number): Promise<PacedFigures> {
	const emulator = await startEmulator({ sku: "S1", timeScale: SCALE, switches: { sasClock: "real" } });
	try {
		const { clock, hub, requests } = emulator.control;
		const { url, connectionString } = emulator.iotHub;
		const live: Way = WAYS[way];
		const pause = () => createScaledClock(clock).sleep(PAUSE);
		const start = clock.now();
		const { refused } = await live(generateNames("device", THROTTLED), {
			url,
			connectionString,
			width: inFlight,
			pause,
		});
		const seconds = (clock.now() - start) / 1_000;
		const waits = requests.list().map(({ at, endedAt = at }) => endedAt - at);
		const { operations } = hub;
		const slowest = Math.max(...waits) / 1_000;
		return { way, inFlight, devices: THROTTLED, seconds, operations, refused, slowest };
	} finally {
		await emulator.close();
	}
}
