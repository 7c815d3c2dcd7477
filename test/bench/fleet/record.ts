import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Chart } from "./chart.ts";
import type { OPERATIONS } from "./goals.ts";
import { createChart } from "./page.ts";
import type { FleetRun } from "./tables.ts";

const DOCS = join(__dirname, "../../../docs");

/** Returns the chart of the figures in docs/performance.md, which are rounded. */
export function readRecordedChart(): Chart {
	const page = readFileSync(join(DOCS, "performance.md"), "utf8");
	const table = page.split("## Whole programs")[1]?.split("\n## ")[0] ?? "";
	const rows = [...table.matchAll(/^\| ([\d,]+) +\| (.+)$/gm)].map(([, devices = "", cells = ""]) => {
		const [operation = "", fleet, , , loop, nothing] = cells.split("|").map((cell) => cell.trim());
		const [count, ...seconds] = [devices.replaceAll(",", ""), fleet, loop, nothing].map((text) =>
			Number.parseFloat(text ?? ""),
		);
		const [fleetSeconds = 0, loopSeconds = 0, nothingSeconds = 0] = seconds;
		return { devices: count ?? 0, operation, fleetSeconds, loopSeconds, nothingSeconds };
	});
	const pick = <Value>(devices: number, read: (row: (typeof rows)[number]) => Value) =>
		Object.fromEntries(
			rows.filter((row) => row.devices === devices).map((row) => [row.operation, read(row)]),
		) as Record<(typeof OPERATIONS)[number], Value>;
	const sizes = [...new Set(rows.map(({ devices }) => devices))];
	// Figures of resources that do nothing are computed in proportion, so those of the largest fleet have the most digits.
	const largest = sizes.at(-1) ?? 0;
	const run: Pick<FleetRun, "surroundings" | "sizes" | "nothing"> = {
		surroundings: {
			date: /^Measured on ([\d-]+)/m.exec(page)?.[1] ?? "",
			machine: "",
			node: "",
			engine: "",
			load: 0,
		},
		sizes: sizes.map((devices) => ({
			devices,
			fleet: pick(devices, ({ fleetSeconds: seconds }) => ({
				seconds,
				requests: 0,
				program: undefined,
				provider: undefined,
			})),
			loop: pick(devices, ({ loopSeconds }) => loopSeconds),
			stateBytes: 0,
			declaredBytes: 0,
		})),
		nothing: { count: largest, seconds: pick(largest, ({ nothingSeconds }) => nothingSeconds) },
	};
	return createChart(run);
}

/** Returns the chart that docs/performance.md shows. */
export function readRecordedPicture(): string {
	return readFileSync(join(DOCS, "fleet-bench.svg"), "utf8");
}
