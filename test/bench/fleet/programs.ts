import { join } from "node:path";
import { getRateLimits } from "../../../provider/iothub/rateLimits.ts";
import type { Engine, Outcome, Stack } from "../../engine/index.ts";
import { unsetSettings } from "../../program/site.ts";
import { requireSuccess, runAtBench } from "../bench.ts";
import { type FleetOperation, OPERATIONS } from "./goals.ts";
import type { Asked, Hub } from "./hub.ts";
import { type Plain, sendInLoop } from "./loop.ts";

/** One in this number of devices is changed by somebody else before the refresh. */
const CHANGED = 100;
/** Rows of a page of a query: the hub's default maximum. */
const PAGE = 1_000;
/** The number of requests in flight: that of the provider, also for the loops. */
const WIDTH = getRateLimits(undefined, 1).maxInFlight;

/** The figures of one operation of a whole program. */
export interface Measured {
	readonly seconds: number;
	readonly requests: number;
	/** Peaks of memory in bytes; undefined if no such process ran or its memory is not known. */
	readonly program: number | undefined;
	readonly provider: number | undefined;
}

/** The figures of one size of a fleet, and of its baseline. */
export interface SizeFigures {
	readonly devices: number;
	readonly fleet: Readonly<Record<FleetOperation, Measured>>;
	/** Seconds of a plain loop for the unavoidable requests. */
	readonly loop: Readonly<Record<FleetOperation, number>>;
	/** Bytes of the resource in state for each device, as compact JSON, without the declaration. */
	readonly stateBytes: number;
	/** Bytes of the declaration for each device. */
	readonly declaredBytes: number;
}

/** Measures the deployment and the destruction of a fleet on an empty hub, then a plain loop that does the same. */
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

/** Measures the unavoidable requests of each operation, as a script would send them. */
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

/** Measures the seconds of each operation on dynamic resources that do nothing. */
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
