import assert from "node:assert/strict";
import { test } from "node:test";
import { ProgressReporter } from "../../../provider/fleet/progress.ts";

/** Returns the reports for this many objects, of which one is completed after each of the pauses, the last one repeated. */
function collectReports(total: number, pausesMs: readonly number[]): string[] {
	let now = 0;
	const reports: string[] = [];
	const runtime = { now: () => now, warn: (text: string) => void reports.push(text) };
	const progress = new ProgressReporter("devices", total, runtime);
	for (let done = 0; done < total; done++) {
		now += pausesMs[done] ?? pausesMs.at(-1) ?? 0;
		progress.completeOne();
	}
	return reports;
}

test("reports every ten seconds, with the rate and the remaining time from the second report on, and not at the end", () => {
	assert.deepEqual(collectReports(40, [1_000]), [
		"10 of 40 devices",
		"20 of 40 devices, 1.0 a second, about 20 s left",
		"30 of 40 devices, 1.0 a second, about 10 s left",
	]);
	assert.equal(collectReports(20, [30_000])[1], "2 of 20 devices, 2.0 a minute, about 9 min left");
});

test("does not estimate the remaining time from a burst", () => {
	// 100 objects at once, then 100 a minute: S1's registry operations of one unit.
	const reports = collectReports(1_000, [...Array.from({ length: 100 }, () => 0), 600]);
	assert.equal(reports[0], "117 of 1000 devices");
	assert.equal(reports[1], "134 of 1000 devices, 1.7 a second, about 9 min left");
});

test("estimates the remaining time from the whole work if the last objects were faster than the others", () => {
	const reports = collectReports(300, [...Array.from({ length: 20 }, () => 1_000), 100]);
	assert.equal(reports[2], "120 of 300 devices, 10.0 a second, about 45 s left");
});
