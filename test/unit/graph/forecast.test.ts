import assert from "node:assert/strict";
import { test } from "node:test";
import { estimateMachineOperations } from "../../../provider/graph/forecast.ts";

const estimateDurations = (machines: number, parallel: number) =>
	Object.fromEntries(
		estimateMachineOperations(machines, { latency: 1, parallel }).map((found) => [found.operation, found]),
	);

test("the imports determine the duration if few machines are processed in parallel", () => {
	const { create } = estimateDurations(200, 8);
	assert.deepEqual([create?.meter, create?.rate, create?.milliseconds], [undefined, undefined, 25 * 60_000]);
});

test("the writes determine the duration if many are: one for each machine, and one for each hundred imports", () => {
	const { create, change, destroy } = estimateDurations(1_000, 1_000);
	assert.deepEqual([create?.writes, change?.writes, destroy?.writes], [1_010, 1_000, 1_000]);
	assert.equal(create?.meter, "write");
	assert.equal(Math.round((create?.milliseconds ?? 0) / 1_000), 293);
	assert.equal(Math.round((destroy?.milliseconds ?? 0) / 1_000), 290);
});

test("a deletion waits until Intune no longer lists the machine: usually a few minutes, up to half an hour", () => {
	const { change, destroy } = estimateDurations(200, 100);
	assert.deepEqual(
		[destroy?.milliseconds, destroy?.maxMilliseconds, destroy?.wait, destroy?.concurrency],
		[2 * 3 * 60_000, 2 * 30 * 60_000, "deletions", 100],
	);
	assert.deepEqual([change?.maxMilliseconds, change?.wait, change?.meter], [undefined, undefined, "write"]);
});
