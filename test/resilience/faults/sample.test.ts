import assert from "node:assert/strict";
import { test } from "node:test";
import type { Case } from "./incidents.ts";
import { generateFaultCases } from "./matrix.ts";

/** Every so many cases one is played; a prime, so that the steps through deeds, requests and troubles differ. */
const STEP = 661;

test("of the fault matrix, which `npm run test:faults` plays whole, a sample keeps every promise", async (t) => {
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
