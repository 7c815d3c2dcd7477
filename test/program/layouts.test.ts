import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { test } from "node:test";
import { createStandIn, type Engine, findCli } from "../engine/index.ts";
import { createProgramFiles, JAVASCRIPT_PROGRAM, MODULE, TYPESCRIPT, writeProgram } from "./layout.ts";
import { runAtSite } from "./site.ts";

// The programs are compiled as users' programs are, with type checks.
process.env["PULUMI_NODEJS_TRANSPILE_ONLY"] = "";

for (const layout of [TYPESCRIPT, MODULE, JAVASCRIPT_PROGRAM]) {
	test(`a program in a folder of its own deploys: ${layout.title}`, async () => {
		const root = await writeProgram(createProgramFiles(layout));
		try {
			await assertDeploys(createStandIn(), root);
			const real = await findCli();
			if (real === undefined) console.log("No pulumi on PATH: this layout was tested on the stand-in only.");
			else await assertDeploys(real, root);
		} finally {
			await rm(root, { recursive: true });
		}
	});
}

async function assertDeploys(engine: Engine, root: string): Promise<void> {
	await runAtSite(engine, { root }, async ({ stack, emulator }) => {
		const up = await stack.up();
		assert.equal(up.exitCode, 0, up.output);
		const { devices } = emulator.control;
		assert.equal(devices.get("sensor")?.statusReason, "spare");
		assert.deepEqual(devices.get("sensor")?.parentScopes, [devices.get("gateway")?.deviceScope]);
		assert.deepEqual(await stack.outputs(), { etag: devices.get("sensor")?.etag });
		const destroy = await stack.destroy();
		assert.equal(destroy.exitCode, 0, destroy.output);
		assert.deepEqual(devices.list(), []);
	});
}
