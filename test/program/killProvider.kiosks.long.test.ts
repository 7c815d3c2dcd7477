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
 * A run that nothing happens to; answers whether it had to be told to adopt. That is so only where the run before it had
 * begun to take the records of the imports away, by which it would have known the machines for its own.
 */
async function finishAfterKill({ emulator, stack }: Site): Promise<boolean> {
	const { machines } = emulator.control;
	const isKnown = machines.imports().length >= machines.list().length;
	const adopt = () => stack.setConfig("adopt", "true");
	const isAdopted = await assertFinished(await stack.up(), { stack, adopt });
	assert.ok(!isAdopted || !isKnown, "what records tell of is not taken for somebody else's");
	return isAdopted;
}

testKillingAtEveryRequest(
	"an AutopilotFleet whose provider is killed at any request is finished by the next run",
	{
		kind: "AutopilotFleet",
		program: "kiosks",
		least: 6,
		// A machine that is deleted is waited for as long as one that is registered.
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
			// That a machine is registered is told by the import that is refused for it.
			assert.equal(countImports(requests.counts()), isAdopted ? 2 : 1);
			await assertQuiet(stack);
			return isKilled;
		},
	},
);
