import type { ResourceProvider } from "../../provider/resource/resourceProvider.ts";
import { deployMembers, type FleetMember, generateNames, planMembers } from "../contract/drift/fleet.ts";
import { QuickClock } from "../contract/harness/clocks.ts";
import { createHubService } from "../contract/harness/emulatedServices.ts";
import { type Emulator, startEmulator } from "../emulator/emulator.ts";
import type { Row } from "./table.ts";

/** The smallest paid edition, which has the tightest throttles. */
const TIER = { sku: "S1", units: 1 } as const;
/** Registry operations per minute and unit of that edition ("IoT Hub quotas and throttling", Microsoft Learn). */
const REGISTRY_PER_MINUTE = 100;
/** One in this number of devices was changed by somebody else. */
const CHANGED = 100;
/** The age of the devices in milliseconds: longer than the lag of the index behind queries. */
const AGE = 3_600_000;

/** A hub with the throttles of the tier, and its devices as members of a stack. */
interface Fleet {
	readonly emulator: Emulator;
	readonly members: readonly FleetMember[];
	readonly changed: number;
}

/**
 * Measures drift detection on a throttled hub, compared with a registry GET for each device. Devices are read one after the
 * other. Time is measured on the hub's clock: the time of this machine, and the pauses of the provider, which are skipped.
 */
export async function measureDriftCost(small: number, large: number): Promise<Row[]> {
	return [
		...(await withFleet(small, async (fleet) => [await check(fleet), await refresh(fleet)])),
		...(await withFleet(large, async (fleet) => [await check(fleet)])),
	];
}

function check(fleet: Fleet): Promise<Row> {
	return counted(fleet, "plan", async (life) => (await planMembers(life, fleet.members)).map(isOther));
}

function refresh(fleet: Fleet): Promise<Row> {
	return counted(fleet, "refresh", async (life) => {
		const others: boolean[] = [];
		for (const { resource, inputs } of fleet.members) {
			const { props } = await life.read(resource.known.id, resource.known.outputs);
			others.push(props["statusReason"] !== inputs["statusReason"]);
		}
		return others;
	});
}

function isOther(step: string): boolean {
	return step !== "same";
}

/** Measures a new provider on a hub that was idle before. `look` reads all devices and returns which of them changed. */
async function counted(
	{ emulator, members, changed }: Fleet,
	operation: string,
	look: (life: ResourceProvider) => Promise<readonly boolean[]>,
): Promise<Row> {
	const { clock, hub, requests } = emulator.control;
	hub.setTier(TIER);
	requests.reset();
	const life = openHubService(emulator, { "iothub:sku": TIER.sku, "iothub:units": String(TIER.units) });
	const start = clock.now();
	const found = (await look(life)).filter((isChanged) => isChanged).length;
	const seconds = (clock.now() - start) / 1_000;
	if (found !== changed) throw new Error(`${operation}: found ${found} changes, expected ${changed}`);
	const byRegistry = (members.length / REGISTRY_PER_MINUTE) * 60;
	return {
		operation: `${operation} of ${members.length}`,
		"changed, all found": found,
		...byMeter(requests.counts()),
		"refused (429)": requests.list().filter(({ status }) => status === 429).length,
		"time, s": seconds.toFixed(1),
		"a registry GET each, computed, s": byRegistry.toFixed(0),
		ratio: (seconds / byRegistry).toFixed(3),
	};
}

function byMeter(counts: Readonly<Record<string, number>>): Row {
	const {
		"GET /devices/{id}": registry = 0,
		"GET /twins/{id}": twin = 0,
		"POST /devices/query": query = 0,
		...others
	} = counts;
	if (Object.keys(others).length > 0)
		throw new Error(`Unexpected requests: ${Object.keys(others).join(", ")}`);
	return { "registry requests": registry, "twin requests": twin, "query requests": query };
}

/** Deploys devices without throttles, then changes some of them as somebody else would. */
async function withFleet(count: number, work: (fleet: Fleet) => Promise<Row[]>): Promise<Row[]> {
	const emulator = await startEmulator();
	const { clock, devices } = emulator.control;
	try {
		const declared = generateNames("device", count).map((deviceId) => ({
			deviceId,
			statusReason: "in service",
		}));
		const members = await deployMembers(openHubService(emulator), declared);
		const others = declared.filter((_, at) => at % CHANGED === CHANGED / 2);
		for (const { deviceId } of others) devices.change(deviceId, { statusReason: "seized" });
		clock.advance(AGE);
		return await work({ emulator, members, changed: others.length });
	} finally {
		await emulator.close();
	}
}

/** Creates a provider whose pauses take no real time but advance the hub's clock. */
function openHubService(emulator: Emulator, config: Readonly<Record<string, string>> = {}): ResourceProvider {
	const { clock } = emulator.control;
	const ahead = clock.now() - Date.now();
	const quick = new QuickClock({ ahead, onPause: (milliseconds) => clock.advance(milliseconds) });
	return createHubService(emulator, config, quick).deviceIdentity;
}
