import assert from "node:assert/strict";
import { test } from "node:test";
import type { Case } from "./incidents.ts";
import { generateFaultCases } from "./matrix.ts";

/** One case in this many is played. It is a prime so that operations, requests and faults all vary. */
const STEP = 661;

test("a sample of the fault matrix keeps every promise; `npm run test:faults` plays all of it", async (t) => {
	const broken: string[] = [];
	let all = 0;
	let played = 0;
	for await (const each of generateFaultCases()) {
		all += 1;
		if (all % STEP !== 0) continue;
		played += 1;
		broken.push(...(await listBrokenPromises(each)));
	}
	t.diagnostic(`${played} of ${all} cases`);
	assert.ok(played > 50);
	assert.deepEqual(broken, []);
});

async function listBrokenPromises(each: Case): Promise<string[]> {
	const { faults } = await each.play();
	return faults.map((fault) => `${each.title}: ${fault}`);
}
