import assert from "node:assert/strict";
import { test } from "node:test";
import { type Engine, findEngine } from "../engine/index.ts";
import { killedAt } from "./killing.ts";
import { atSite, fixture, type Site } from "./site.ts";
import { hashOf, imports } from "./tenant.ts";

const NAMES = ["LOBBY-1", "LOBBY-2"];
const KIOSKS = Object.fromEntries(NAMES.map((name) => [name, { hardwareIdentifier: hashOf(name) }]));

/**
 * A run that nothing happens to; answers whether it had to be told to adopt. That is so only where the run before it had
 * begun to take the records of the imports away, by which it would have known the machines for its own.
 */
async function finished({ emulator, stack }: Site): Promise<boolean> {
	const { machines } = emulator.control;
	const isKnown = machines.imports().length >= machines.list().length;
	const outcome = await stack.up();
	if (outcome.exitCode === 0) return false;
	assert.match(outcome.output, /exists already and was left as it is/);
	assert.ok(!isKnown, outcome.output);
	await stack.setConfig("adopt", "true");
	const adopted = await stack.up();
	assert.equal(adopted.exitCode, 0, adopted.output);
	return true;
}

async function killedAndFinished(site: Site, at: number): Promise<boolean> {
	const { emulator, stack } = site;
	const { machines, requests } = emulator.control;
	await stack.setConfig("machines", { secret: JSON.stringify(KIOSKS) });
	const isKilled = await killedAt(site, at);
	const isAdopted = await finished(site);
	const tagged = machines.list().map(({ serialNumber, groupTag }) => `${serialNumber} ${groupTag}`);
	assert.deepEqual(tagged.sort(), ["LOBBY-1 Kiosk", "LOBBY-2 Kiosk"], `killed at request ${at}`);
	const records = machines.imports().map(({ serialNumber }) => serialNumber);
	assert.deepEqual(records, [], `records when killed at request ${at}`);
	// That a machine is registered is told by the import that is refused for it.
	assert.equal(imports(requests.counts()), isAdopted ? 2 : 1, `imports when killed at request ${at}`);
	const quiet = await stack.preview({ expectNoChanges: true });
	assert.equal(quiet.exitCode, 0, `killed at request ${at}:\n${quiet.output}`);
	return isKilled;
}

/** A tenant for each point: a machine that is deleted is waited for as long as one that is registered. */
function tried(engine: Engine, at: number): Promise<boolean> {
	return atSite(engine, { root: fixture("kiosks") }, (site) => killedAndFinished(site, at));
}

if (process.platform === "linux") {
	test("a provider that is killed at any request of a fleet's registration leaves what the next run finishes", async () => {
		const engine = await findEngine();
		let count = 0;
		while (await tried(engine, count + 1)) count++;
		assert.ok(count > 6, `${count} requests are no registration`);
		console.log(`AutopilotFleet on ${engine.name}: killed at each of ${count} requests.`);
	});
} else console.log("No /proc to find the provider's process in: nothing is killed.");
