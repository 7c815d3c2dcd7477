import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PollingProgress, type WaitKind } from "../../../provider/graph/progress.ts";
import { TestClock } from "../virtualClock.ts";

function telling() {
	const clock = new TestClock();
	const said: string[] = [];
	const progress = new PollingProgress(clock, (text) => said.push(text));
	/** Waits for so many seconds, looking every 20. */
	const wait = (sort: WaitKind, seconds: number): Promise<void> =>
		progress.track(sort, async (tick) => {
			for (let waited = 0; waited < seconds; waited += 20) {
				await clock.sleep(20_000);
				tick();
			}
		});
	return { clock, said, progress, wait };
}

describe("what is said of long operations", () => {
	test("is nothing for a minute, then one line a minute", async () => {
		const { said, wait } = telling();
		await wait("import", 40);
		assert.deepEqual(said, []);
		await wait("import", 190);
		assert.deepEqual(said, [
			"Autopilot: one import has been under way for 1 min; the service usually takes one to fifteen minutes",
			"Autopilot: one import has been under way for 2 min; the service usually takes one to fifteen minutes",
			"Autopilot: one import has been under way for 3 min; the service usually takes one to fifteen minutes",
		]);
	});

	test("is one line for all of a sort", async () => {
		const { said, clock, wait } = telling();
		const first = wait("deletion", 80);
		await clock.sleep(30_000);
		await Promise.all([first, wait("deletion", 40), wait("deletion", 40)]);
		assert.deepEqual(said, [
			"Autopilot: 3 deletions are under way, the longest for 1 min; the service may take half an hour",
		]);
	});

	test("counts each sort by itself", async () => {
		const { said, wait } = telling();
		await Promise.all([wait("import", 60), wait("deletion", 60)]);
		assert.deepEqual(
			said.map((text) => text.split(" for ")[0]),
			["Autopilot: one import has been under way", "Autopilot: one deletion has been under way"],
		);
	});

	test("counts nothing that has ended, well or badly", async () => {
		const { said, progress, wait } = telling();
		assert.equal(await progress.track("import", async () => 7), 7);
		const failing = progress.track("import", async () => {
			throw new TypeError("ours");
		});
		await assert.rejects(failing, /ours/);
		await wait("import", 60);
		assert.match(said.join(), /^Autopilot: one import has/);
	});
});
