import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { startEmulator } from "../../emulator/emulator.ts";
import { findPulumi } from "../../engine/cli/pulumi.ts";
import { readCommands } from "./commands.ts";
import { FLEET_YML } from "./files.ts";
import { Project } from "./project.ts";

/** The distinct command lines of the workflow. Another test checks that the other pipeline has the same. */
const [PREVIEW, MARKDOWN, UP, SARIF, ...OTHERS] = new Set(readCommands(FLEET_YML).map(({ text }) => text));

interface Ended {
	readonly code: number | null;
	readonly output: string;
}

/** Returns a function that runs a command line as the shell of a runner does. */
function runIn(folder: string, env: Readonly<Record<string, string>>): (line?: string) => Promise<Ended> {
	const { NODE_TEST_CONTEXT: _, ...ours } = process.env;
	const path = `${join(folder, "node_modules/.bin")}:${process.env["PATH"]}`;
	return (line = "") =>
		new Promise((resolve, reject) => {
			const child = spawn("bash", ["-euo", "pipefail", "-c", line], {
				cwd: folder,
				env: { ...ours, ...env, PATH: path },
			});
			let output = "";
			for (const stream of [child.stdout, child.stderr]) {
				stream.setEncoding("utf8").on("data", (text: string) => (output += text));
			}
			child.once("error", reject);
			child.once("close", (code) => resolve({ code, output }));
		});
}

test("the command lines of the pipelines, run unchanged, do what the page says", async (t) => {
	if ((await findPulumi()) === undefined)
		return t.skip("no pulumi on PATH; the recorded flags are checked instead");
	assert.deepEqual(OTHERS, []);
	const emulator = await startEmulator();
	const project = await Project.copy();
	const run = runIn(project.root, {
		STACK: "production",
		PULUMI_BACKEND_URL: pathToFileURL(project.root).href,
		PULUMI_HOME: join(project.root, ".home"),
		PULUMI_CONFIG_PASSPHRASE: "correct horse",
		PULUMI_SKIP_UPDATE_CHECK: "true",
		PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
		IOTHUB_CONNECTION_STRING: emulator.iotHub.connectionString,
		IOTHUB_ENDPOINT: emulator.iotHub.url,
	});
	const expect = async (line: string | undefined, code: number, said: RegExp): Promise<void> => {
		const { code: actual, output } = await run(line);
		assert.equal(actual, code, `${line}\n${output}`);
		assert.match(output, said);
	};
	const report = (name: string) => readFile(join(project.root, name), "utf8");
	try {
		await expect("pulumi stack init production", 0, /Created stack/);
		await expect(PREVIEW, 0, /6 to create/);
		await expect(UP, 0, /6 created/);
		await expect(SARIF, 0, /none of 5 devices drifted/);
		assert.deepEqual(JSON.parse(await report("drift.sarif")).runs[0].results, []);

		emulator.control.devices.change("crane-1", { status: "disabled" });
		await expect(SARIF, 2, /1 of 5 devices drifted/);
		const [{ locations }] = JSON.parse(await report("drift.sarif")).runs[0].results;
		assert.equal(locations[0].physicalLocation.artifactLocation.uri, "index.ts");
		await expect(MARKDOWN, 2, /1 of 5 devices drifted/);
		assert.match(await report("drift.md"), /crane-1/);

		await expect(PREVIEW, 0, /crane-1 was changed outside Pulumi since the last deployment/);
		await expect(UP, 0, /1 updated/);
		await expect(SARIF, 0, /none of 5 devices drifted/);
	} finally {
		await project.remove();
		await emulator.close();
	}
});
