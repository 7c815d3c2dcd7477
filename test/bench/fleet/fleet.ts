import { mkdir, writeFile } from "node:fs/promises";
import { arch, cpus, loadavg, platform, totalmem } from "node:os";
import { join } from "node:path";
import type { Engine } from "../../engine/index.ts";
import { measurePacedHub, measureQuickHub } from "./bulk.ts";
import { drawChart } from "./chart.ts";
import { SIZES } from "./goals.ts";
import { Hub } from "./hub.ts";
import { COMMAND, createChart, formatPerformancePage } from "./page.ts";
import { measureNothing, measureSize, type SizeFigures } from "./programs.ts";
import {
	type FleetRun,
	formatPacedTable,
	formatProgramsTable,
	formatQuickTable,
	formatThrottledTable,
	type Surroundings,
	stateTable,
} from "./tables.ts";
import { measureThrottledHub } from "./throttled.ts";

/** The number of resources that do nothing, and of devices on a throttled hub. */
const NOTHING = 1_000;
const THROTTLED = 2_000;

/** The options of a run. */
export interface FleetBenchOptions {
	/** The largest number of devices. Default: all sizes with goals. */
	readonly devices?: number;
	/** Whether to write the page and its chart into `docs`. */
	readonly write: boolean;
}

/** Measures fleets and their baselines, and prints the figures as they become available. */
export async function runFleetBench(engine: Engine, { devices, write }: FleetBenchOptions): Promise<void> {
	const surroundings = surroundingsOf(engine);
	const hub = await Hub.start();
	try {
		const nothing = { count: NOTHING, seconds: await measureNothing(engine, NOTHING) };
		const sizes: SizeFigures[] = [];
		for (const size of listSizesUpTo(devices)) sizes.push(await measureSize(engine, hub, size));
		console.log(formatProgramsTable({ sizes, nothing }));
		console.log(stateTable({ sizes }));
		const throttled = await measureThrottledHub(Math.min(THROTTLED, devices ?? THROTTLED));
		console.log(formatThrottledTable({ throttled }));
		const quick = await measureQuickHub(hub);
		console.log(formatQuickTable({ quick }));
		const paced = await measurePacedHub();
		console.log(formatPacedTable({ paced }));
		if (write) await written({ surroundings, sizes, nothing, throttled, quick, paced });
		else
			console.log(
				`To write docs/performance.md and its chart from a whole run on an idle machine, run ${COMMAND}.`,
			);
	} finally {
		await hub.close();
	}
}

/** Returns the sizes with goals up to a number of devices, or only that number if it is less than all of them. */
export function listSizesUpTo(devices = Number.POSITIVE_INFINITY): readonly number[] {
	const sizes = SIZES.filter((size) => size <= devices);
	return sizes.length === 0 ? [devices] : sizes;
}

function surroundingsOf(engine: Engine): Surroundings {
	const processors = cpus();
	const gigabytes = Math.round(totalmem() / 2 ** 30);
	return {
		date: new Date().toISOString().slice(0, 10),
		machine: `${processors.length} × ${processors[0]?.model ?? "processor"}, ${gigabytes} GB, ${platform()} ${arch()}`,
		node: process.version,
		engine: `${engine.name} ${engine.version}`,
		load: loadavg()[0] ?? 0,
	};
}

async function written(run: FleetRun): Promise<void> {
	const docs = join(__dirname, "../../../docs");
	await mkdir(docs, { recursive: true });
	await writeFile(join(docs, "performance.md"), formatPerformancePage(run));
	await writeFile(join(docs, "fleet-bench.svg"), drawChart(createChart(run)));
	console.log("Written: docs/performance.md, docs/fleet-bench.svg");
}
