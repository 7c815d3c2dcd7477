import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import { createStandIn, EXIT_FAILED, findCli, type Stack } from "../../engine/index.ts";
import { Project } from "./project.ts";

const ENGINES = {
	"the stand-in": async () => createStandIn(),
	"the CLI": findCli,
};

/** Runs the example as the stack `production`, from its first deployment to the commit that must fail. */
for (const [name, engineOf] of Object.entries(ENGINES)) {
	describe(`the example on ${name}`, () => {
		let emulator: Emulator;
		let project: Project | undefined;
		let stack: Stack | undefined;

		before(async () => {
			const engine = await engineOf();
			emulator = await startEmulator();
			if (engine === undefined) return;
			project = await Project.copy();
			stack = await engine.open({
				root: project.root,
				stack: "production",
				config: {
					"iothub:connectionString": { secret: emulator.iotHub.connectionString },
					"iothub:endpoint": emulator.iotHub.url,
				},
			});
			const { exitCode, output } = await stack.up();
			assert.equal(exitCode, 0, output);
		});
		after(async () => {
			await stack?.dispose();
			await project?.remove();
			await emulator.close();
		});

		/** Tests a promise of the example's page. Each test starts from the stack that the one before left. */
		const promise = (
			title: string,
			keep: (site: {
				project: Project;
				stack: Stack;
				devices: Emulator["control"]["devices"];
			}) => Promise<void>,
		): void => {
			test(title, async (t) => {
				if (project === undefined || stack === undefined) return t.skip("no pulumi on PATH");
				await keep({ project, stack, devices: emulator.control.devices });
			});
		};

		promise("reverts a device that somebody changed", async ({ stack, devices }) => {
			devices.change("crane-1", { status: "disabled" });
			const { exitCode, output } = await stack.up();
			assert.equal(exitCode, 0, output);
			assert.equal(devices.get("crane-1")?.status, "enabled");
		});

		promise("stops if somebody changed the gateway, and writes nothing", async ({ stack, devices }) => {
			devices.change("gw-quay", { status: "disabled" });
			const { exitCode, output } = await stack.up();
			assert.equal(exitCode, EXIT_FAILED, output);
			assert.match(output, /onDrift is "fail"/);
			assert.equal(devices.get("gw-quay")?.status, "disabled");
			devices.change("gw-quay", { status: "enabled" });
		});

		promise("deletes a device that leaves the program, but not one that is handed over", async (site) => {
			await site.project.edit(/new DeviceIdentity\(\n\t"survey-buoy".*?\n\);\n/s, "");
			await site.project.edit(`, "crane-3"`, "");
			const { exitCode, output } = await site.stack.up();
			assert.equal(exitCode, 0, output);
			assert.equal(site.devices.get("survey-buoy")?.status, "disabled");
			assert.equal(site.devices.get("crane-3"), undefined);
			const { deployment } = await site.stack.exportState();
			assert.ok(!deployment.resources?.some(({ urn }) => urn.endsWith("::survey-buoy")));
		});

		promise("refuses a commit that loses the gateway, which stays", async (site) => {
			await site.project.edit(`"gw-quay",`, `"gw-pier",`);
			const { exitCode, output } = await site.stack.up();
			assert.equal(exitCode, EXIT_FAILED, output);
			assert.match(output, /protect/);
			assert.ok(site.devices.get("gw-quay"));
		});
	});
}
