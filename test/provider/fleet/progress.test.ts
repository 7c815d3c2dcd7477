import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ProgressReporter } from "../../../provider/fleet/progress.ts";

/** What is said of so many objects, one of which is done every so many milliseconds. */
function saidOf(total: number, { atOnce, each }: { atOnce: number; each: number }): string[] {
	let now = 0;
	const said: string[] = [];
	const runtime = { now: () => now, warn: (text: string) => void said.push(text) };
	const progress = new ProgressReporter("devices", { total, atOnce }, runtime);
	for (let done = 0; done < total; done++) {
		now += each;
		progress.completeOne();
	}
	return said;
}

describe("the progress of a fleet", () => {
	test("is told every ten seconds, with the rate and the time left, and not at the end", () => {
		assert.deepEqual(saidOf(30, { atOnce: 16, each: 1_000 }), [
			"10 of 30 devices, 1.0 a second, about 20 s left",
			"20 of 30 devices, 1.0 a second, about 10 s left",
		]);
		assert.equal(
			saidOf(20, { atOnce: 16, each: 30_000 })[0],
			"1 of 20 devices, 2.0 a minute, about 10 min left",
		);
	});

	test("is not told where all is under way at once, for then no rate says when it ends", () => {
		assert.deepEqual(saidOf(16, { atOnce: 16, each: 30_000 }), []);
	});
});
