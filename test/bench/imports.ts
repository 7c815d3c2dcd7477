import type { Engine } from "../engine/index.ts";
import type { Site } from "../program/site.ts";
import { requireSuccess, runAtMachines } from "./bench.ts";
import type { Row } from "./table.ts";

/** How long the service takes for an import, in milliseconds; each takes another time between the two. */
const FASTEST = 20_000;
const SLOWEST = 60_000;
/** Its multiples are spread evenly between whole numbers, in an order that looks like chance and is the same in each run. */
const GOLDEN = 0.618_033_988_749_895;

/** Registers so many machines in one `up`, beside the slowest import among them. */
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
				"of them looks at imports": requests.count({ method: "GET", path: "imported.*/.+-" }),
			},
		];
	});
}

/** Gives each import its time. Answers the longest time given so far. */
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
