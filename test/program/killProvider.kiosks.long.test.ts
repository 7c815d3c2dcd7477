import assert from "node:assert/strict";
import { assertQuiet } from "./deployment.ts";
import { assertFinished, killAtRequest, testKillingAtEveryRequest } from "./killProvider.ts";
import type { Site } from "./site.ts";
import { countImports, generateLongHash } from "./tenant.ts";

const NAMES = ["LOBBY-1", "LOBBY-2"];
const KIOSKS = Object.fromEntries(
	NAMES.map((name) => [name, { hardwareIdentifier: generateLongHash(name) }]),
);

/**
 * Runs undisturbed; returns whether it had to adopt. That is so only if the previous run had begun to delete the import
 * records, by which it recognizes its own machines.
 */
async function finishAfterKill({ emulator, stack }: Site): Promise<boolean> {
	const { machines } = emulator.control;
	const isKnown = machines.imports().length >= machines.list().length;
	const adopt = () => stack.setConfig("adopt", "true");
	const isAdopted = await assertFinished(await stack.up(), { stack, adopt });
	assert.ok(!isAdopted || !isKnown, "a machine with an import record is not taken for somebody else's");
	return isAdopted;
}

testKillingAtEveryRequest("the next run finishes an AutopilotFleet whose provider is killed at any request", {
	kind: "AutopilotFleet",
	program: "kiosks",
	least: 6,
	// A deletion takes as long as a registration.
	isApart: true,
	async attempt(site, at) {
		const { emulator, stack } = site;
		const { machines, requests } = emulator.control;
		await stack.setConfig("machines", { secret: JSON.stringify(KIOSKS) });
		const isKilled = await killAtRequest(site, at);
		const isAdopted = await finishAfterKill(site);
		const tagged = machines.list().map(({ serialNumber, groupTag }) => `${serialNumber} ${groupTag}`);
		assert.deepEqual(tagged.sort(), ["LOBBY-1 Kiosk", "LOBBY-2 Kiosk"]);
		assert.deepEqual(machines.imports(), []);
		// The rejected import shows that a machine is registered.
		assert.equal(countImports(requests.counts()), isAdopted ? 2 : 1);
		await assertQuiet(stack);
		return isKilled;
	},
});
