import assert from "node:assert/strict";
import { assertQuiet, destroyStack } from "./deployment.ts";
import { assertFinished, killAtRequest, testKillingAtEveryRequest } from "./killProvider.ts";
import type { Site } from "./site.ts";
import { assertRegistered, generateLongHash, getMachine } from "./tenant.ts";

const SERIAL = "5CG-KILL";
const MACHINE = {
	serialNumber: SERIAL,
	hardwareIdentifier: generateLongHash(SERIAL),
	groupTag: "Office",
	displayName: "desk",
};

async function declare({ stack }: Site, machine: object): Promise<void> {
	await stack.setConfig("machines", { secret: JSON.stringify({ desk: machine }) });
}

testKillingAtEveryRequest(
	"the next run finishes an AutopilotIdentity whose provider is killed at any request",
	{
		kind: "AutopilotIdentity",
		program: "machines",
		least: 6,
		async attempt(site, at) {
			const { emulator, stack } = site;
			await declare(site, MACHINE);
			const isKilled = await killAtRequest(site, at);
			await assertFinished(await stack.up(), {
				stack,
				adopt: () => declare(site, { ...MACHINE, adopt: true }),
			});
			const { groupTag, displayName } = getMachine(site, SERIAL);
			assert.deepEqual([groupTag, displayName], ["Office", "desk"]);
			assertRegistered(site, await stack.exportState());
			await assertQuiet(stack);
			await destroyStack(stack);
			assert.deepEqual(emulator.control.machines.list(), []);
			return isKilled;
		},
	},
);
