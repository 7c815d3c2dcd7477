import assert from "node:assert/strict";
import { test } from "node:test";
import { findEngine } from "../engine/index.ts";
import { killedAt } from "./killing.ts";
import { atSite, fixture, type Site } from "./site.ts";
import { assertRegistered, hashOf, machineOf } from "./tenant.ts";

const SERIAL = "5CG-KILL";
const MACHINE = {
	serialNumber: SERIAL,
	hardwareIdentifier: hashOf(SERIAL),
	groupTag: "Office",
	displayName: "desk",
};

async function declare({ stack }: Site, machine: object): Promise<void> {
	await stack.setConfig("machines", { secret: JSON.stringify({ desk: machine }) });
}

/** A run that nothing happens to, with the word to adopt where the run before it registered the machine and did not tell. */
async function finished(site: Site): Promise<void> {
	const outcome = await site.stack.up();
	if (outcome.exitCode === 0) return;
	assert.match(outcome.output, /exists already and was left as it is/);
	await declare(site, { ...MACHINE, adopt: true });
	const adopted = await site.stack.up();
	assert.equal(adopted.exitCode, 0, adopted.output);
}

async function killedAndFinished(site: Site, at: number): Promise<boolean> {
	const { emulator, stack } = site;
	await declare(site, MACHINE);
	const isKilled = await killedAt(site, at);
	await finished(site);
	const { groupTag, displayName } = machineOf(site, SERIAL);
	assert.deepEqual([groupTag, displayName], ["Office", "desk"], `killed at request ${at}`);
	assertRegistered(site, await stack.exportState());
	const quiet = await stack.preview({ expectNoChanges: true });
	assert.equal(quiet.exitCode, 0, `killed at request ${at}:\n${quiet.output}`);
	const gone = await stack.destroy();
	assert.equal(gone.exitCode, 0, gone.output);
	assert.deepEqual(emulator.control.machines.list(), []);
	return isKilled;
}

if (process.platform === "linux") {
	test("a provider that is killed at any request of a registration leaves what the next run finishes", async () => {
		const engine = await findEngine();
		await atSite(engine, { root: fixture("machines") }, async (site) => {
			let tried = 0;
			while (await killedAndFinished(site, tried + 1)) tried++;
			assert.ok(tried > 6, `${tried} requests are no registration`);
			console.log(`AutopilotIdentity on ${engine.name}: killed at each of ${tried} requests.`);
		});
	});
} else console.log("No /proc to find the provider's process in: nothing is killed.");
