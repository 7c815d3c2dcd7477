import type { Engine } from "../engine/index.ts";
import type { Site } from "../program/site.ts";
import { requireSuccess, runAtMachines } from "./bench.ts";
import type { Row } from "./table.ts";

/** The shortest and the longest duration of an import, in milliseconds. Each import has a different duration. */
const FASTEST = 20_000;
const SLOWEST = 60_000;
/** The golden ratio. Fractions of its multiples are evenly distributed, in an order that looks random and is the same in each run. */
const GOLDEN = 0.618_033_988_749_895;

/** Measures one `up` that registers machines, compared with the slowest import among them. */
export function measureImportsAtOnce(engine: Engine, machines: number, parallel: number): Promise<Row[]> {
	return runAtMachines(engine, { count: machines }, async (site) => {
		const slowest = spread(site);
		const start = performance.now();
		await requireSuccess(site.stack.up({ parallel }));
		const seconds = (performance.now() - start) / 1_000;
		const { requests } = site.emulator.control;
		const queued = requests.list({ method: "POST", path: "imported" }).map(({ at }) => at);
		return [
			{
				machines,
				"at a time": parallel,
				"up, s": seconds.toFixed(0),
				"slowest import, s": (slowest() / 1_000).toFixed(0),
				ratio: ((1_000 * seconds) / slowest()).toFixed(2),
				"last queued after the first, s": ((Math.max(...queued) - Math.min(...queued)) / 1_000).toFixed(0),
				requests: requests.count(),
				"of them polls of imports": requests.count({ method: "GET", path: "imported.*/.+-" }),
			},
		];
	});
}

/** Sets the duration of each import. Returns a function that returns the longest duration so far. */
function spread({ emulator: { control } }: Site): () => number {
	let count = 0;
	let slowest = 0;
	control.onRequest(({ method, path }) => {
		if (method !== "POST" || !path.includes("imported")) return;
		const delay = FASTEST + ((++count * GOLDEN) % 1) * (SLOWEST - FASTEST);
		control.machines.switches.importDelay = delay;
		slowest = Math.max(slowest, delay);
	});
	return () => slowest;
}
