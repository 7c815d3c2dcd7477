import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DriftReport } from "../../provider/cli/drift.report.ts";
import { startRawServer } from "../resilience/hostile/rawServer.ts";
import { runDeviceIdentity, runInFolder, showStateSecrets } from "./cli.ts";
import { testOnEngines } from "./engines.ts";
import { testScenario } from "./scenario.ts";
import { HOST, runAtSite, SIGNED_IN, type Site } from "./site.ts";

const FOREIGN = `${HOST}.attacker.example`;

/** Names the emulated hub, and only that, in `iothub:endpoint`. */
async function nameHub({ stack, emulator }: Site): Promise<void> {
	await stack.setConfig("iothub:endpoint", JSON.stringify({ [HOST]: emulator.iotHub.url }));
}

const REFUSED =
	/iothub:endpoint does not name the hub "fleet\.azure-devices\.net\.attacker\.example", and its host is not one of the cloud "public"[\s\S]*so the sign-in was not tried\.[\s\S]*\[ConfigurationError\]/;

testScenario(
	"a token of Entra goes to no host that the stack's settings do not name",
	[
		{
			run: "preview",
			declare: { pump: { hubHostName: FOREIGN } },
			meanwhile: nameHub,
			exit: 1,
			says: [REFUSED],
			see: ({ requests }) => assert.deepEqual(requests, {}),
		},
		{
			run: "up",
			exit: 1,
			says: [REFUSED],
			see: ({ requests }) => assert.deepEqual(requests, {}),
		},
		{ run: "up", declare: { pump: {} }, steps: ["create pump"] },
		{ run: "preview", options: { expectNoChanges: true }, steps: [] },
	],
	{ config: SIGNED_IN },
);

testOnEngines("drift sends nothing to a host that only the file with the state names", (engine) =>
	runInFolder((folder) =>
		runAtSite(engine, {}, async (site) => {
			const { stack, emulator } = site;
			const trap = await startRawServer(() => {});
			try {
				await stack.setConfig("devices", { secret: JSON.stringify({ pump: {}, tank: {} }) });
				const up = await stack.up();
				assert.equal(up.exitCode, 0, up.output);
				const state = JSON.stringify(await showStateSecrets(await stack.exportState()));
				const file = join(folder, "foreign.json");
				await writeFile(file, state.replaceAll(`"hubHostName":"${HOST}"`, `"hubHostName":"${trap.host}"`));
				const { endpoint, header } = emulator.entra.managedIdentity;
				const signIn = {
					IOTHUB_CREDENTIAL: "managedIdentity",
					IDENTITY_ENDPOINT: endpoint,
					IDENTITY_HEADER: header,
				};
				const endpoints = JSON.stringify({ [HOST]: emulator.iotHub.url });
				for (const env of [
					{ IOTHUB_HOST_NAME: HOST },
					{ IOTHUB_HOST_NAME: HOST, IOTHUB_ENDPOINT: endpoints },
					{ IOTHUB_CONNECTION_STRING: emulator.iotHub.connectionString, IOTHUB_ENDPOINT: endpoints },
				]) {
					emulator.control.requests.reset();
					const ran = await runDeviceIdentity(["drift", "--state", file, "--format", "json", "--exact"], {
						...signIn,
						...env,
					});
					const { failed, devices, resources }: DriftReport = JSON.parse(ran.stdout);
					assert.deepEqual([ran.code, failed, devices.unreadable], [1, 2, 2]);
					for (const { message = "" } of resources) {
						assert.match(message, /^iothub:endpoint does not name the hub "127\.0\.0\.1:\d+"/);
						assert.match(message, /add --config iothub:endpoint=/);
						assert.doesNotMatch(message, /pulumi config set/);
					}
					assert.equal(trap.visits, 0);
					assert.deepEqual(emulator.control.requests.counts(), {});
				}
				const trusted = await runDeviceIdentity(["drift", "--state", file, "--format", "json"], {
					...signIn,
					IOTHUB_ENDPOINT: JSON.stringify({ [trap.host]: emulator.iotHub.url }),
				});
				assert.equal(trusted.code, 0, trusted.stdout);
			} finally {
				await trap.close();
			}
		}),
	),
);
