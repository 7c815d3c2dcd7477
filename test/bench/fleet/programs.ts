import { join } from "node:path";
import { getRateLimits } from "../../../provider/iothub/rateLimits.ts";
import type { Engine, Outcome, Stack } from "../../engine/index.ts";
import { unsetSettings } from "../../program/site.ts";
import { requireSuccess, runAtBench } from "../bench.ts";
import { type FleetOperation, OPERATIONS } from "./goals.ts";
import type { Asked, Hub } from "./hub.ts";
import { type Plain, sendInLoop } from "./loop.ts";

/** One device in so many is changed by somebody else before the refresh. */
const CHANGED = 100;
/** Rows of a query's page, the most that a hub gives by default. */
const PAGE = 1_000;
/** How many requests are under way at a time: the provider's own number, for the loops too. */
const WIDTH = getRateLimits(undefined, 1).maxInFlight;

/** What one operation of a whole program took. */
export interface Measured {
	readonly seconds: number;
	readonly requests: number;
	/** Peaks in bytes; undefined where no such process ran or nothing tells. */
	readonly program: number | undefined;
	readonly provider: number | undefined;
}

/** One size of fleet, and what it is compared with. */
export interface SizeFigures {
	readonly devices: number;
	readonly fleet: Readonly<Record<FleetOperation, Measured>>;
	/** Seconds that a plain loop takes for the requests that nobody can do without. */
	readonly loop: Readonly<Record<FleetOperation, number>>;
	/** Bytes of the resource in state for each device, as compact JSON, besides the text that declares them. */
	readonly stateBytes: number;
	/** Bytes of that text for each device. */
	readonly declaredBytes: number;
}

/** Deploys a fleet of so many devices to an empty hub and takes it down again, then lets a plain loop do the same. */
export async function measureSize(engine: Engine, hub: Hub, devices: number): Promise<SizeFigures> {
	const { fleet, ...state } = await fleetFigures(engine, hub, devices);
	return { devices, fleet, ...state, loop: await loopFigures(hub, devices) };
}

async function fleetFigures(
	engine: Engine,
	hub: Hub,
	devices: number,
): Promise<Pick<SizeFigures, "fleet" | "stateBytes" | "declaredBytes">> {
	const stack = await engine.open({
		root: join(__dirname, "../fixtures/fleet"),
		config: {
			count: String(devices),
			"iothub:connectionString": { secret: hub.connectionString },
			"iothub:endpoint": hub.url,
		},
		env: unsetSettings(),
	});
	const measured = async (work: () => Promise<Outcome>): Promise<Measured> => {
		await hub.forget();
		return { ...(await timed(work)), requests: total(await hub.asked()) };
	};
	try {
		const up = await measured(() => stack.up());
		const quiet = await measured(() => stack.preview({ expectNoChanges: true }));
		await meddle(hub, devices);
		const refresh = await measured(() => stack.refresh());
		const state = await bytesOf(stack, devices);
		const destroy = await measured(() => stack.destroy());
		const fleet = { up, "preview, unchanged": quiet, "refresh, 1 % changed": refresh, destroy };
		return { fleet, ...state };
	} finally {
		await stack.dispose();
	}
}

async function meddle(hub: Hub, devices: number): Promise<void> {
	for (let at = CHANGED / 2; at < devices; at += CHANGED)
		await hub.change(`device-${at}`, { status: "disabled" });
}

async function timed(work: () => Promise<Outcome>): Promise<Omit<Measured, "requests">> {
	const start = performance.now();
	const { programPeakMemory: program, providerPeakMemory: provider } = await requireSuccess(work());
	return { seconds: (performance.now() - start) / 1_000, program, provider };
}

function total({ routes }: Asked): number {
	return Object.values(routes).reduce((sum, count) => sum + count, 0);
}

async function bytesOf(
	stack: Stack,
	devices: number,
): Promise<Pick<SizeFigures, "stateBytes" | "declaredBytes">> {
	const { deployment } = await stack.exportState();
	const fleet = deployment.resources?.find(({ type }) => type.endsWith("DeviceFleet"));
	const declared = JSON.stringify(fleet?.inputs?.["devices"] ?? "").length;
	return {
		stateBytes: (JSON.stringify(fleet).length - declared) / devices,
		declaredBytes: declared / devices,
	};
}

/** The requests of each operation without which there is no knowing or doing: what a script would send. */
async function loopFigures(hub: Hub, devices: number): Promise<SizeFigures["loop"]> {
	const ids = Array.from({ length: devices }, (_, at) => `device-${at}`);
	const run = async (requests: readonly Plain[]) =>
		(await sendInLoop(requests, { url: hub.url, connectionString: hub.connectionString, width: WIDTH }))
			.seconds;
	const pages = Array.from({ length: Math.ceil(devices / PAGE) }, (): Plain => {
		return { method: "POST", path: "/devices/query", body: { query: "SELECT * FROM devices" } };
	});
	const put = (id: string): Plain => {
		return { method: "PUT", path: `/devices/${id}`, body: { deviceId: id, status: "enabled" } };
	};
	const up = await run(ids.map(put));
	const preview = await run(pages);
	const refresh = await run(ids.map((id) => ({ method: "GET", path: `/twins/${id}` })));
	const destroy = await run(ids.map((id) => ({ method: "DELETE", path: `/devices/${id}`, ifMatch: '"*"' })));
	await hub.forget();
	return { up, "preview, unchanged": preview, "refresh, 1 % changed": refresh, destroy };
}

/** Seconds for each operation on so many dynamic resources that do nothing. */
export function measureNothing(engine: Engine, count: number): Promise<Record<FleetOperation, number>> {
	return runAtBench(engine, { program: "nothing", config: { count: String(count) } }, async ({ stack }) => {
		const options = { checkpoints: false };
		const works = {
			up: () => stack.up(options),
			"preview, unchanged": () => stack.preview({ expectNoChanges: true }),
			"refresh, 1 % changed": () => stack.refresh(options),
			destroy: () => stack.destroy(options),
		};
		const seconds: Record<string, number> = {};
		for (const operation of OPERATIONS) seconds[operation] = (await timed(works[operation])).seconds;
		return seconds as Record<FleetOperation, number>;
	});
}
