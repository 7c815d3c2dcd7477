import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, it } from "node:test";
import { createStandIn } from "../../engine/index.ts";
import { Scene } from "./scene.ts";
import { Screen } from "./screen.ts";
import { runSteps, STEPS } from "./steps.ts";

function start(...args: readonly string[]) {
	const child = spawn(process.execPath, [require.resolve("tsx/cli"), join(__dirname, "main.ts"), ...args], {
		stdio: ["ignore", "pipe", "pipe"],
	});
	const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
	return { child, ended: ended.then(([stdout, stderr]) => ({ exitCode: child.exitCode, stdout, stderr })) };
}

describe("the demo", () => {
	it("runs all its steps, and everything is as declared", async () => {
		const { exitCode, stdout, stderr } = await start("--stand-in").ended;
		assert.equal(exitCode, 0, stdout + stderr);
		assert.equal(stderr, "");
		const places = STEPS.map(({ title }, index) =>
			stdout.indexOf(`\n${String(index + 1).padStart(2)}  ${title}\n`),
		);
		assert.ok(
			places.every((place, index) => place > (places[index - 1] ?? 0)),
			stdout,
		);
		assert.match(stdout, /stand-in for Pulumi's engine/);
		assert.match(stdout, /27 checks passed, all as declared/);
		assert.match(stdout, /\+ create plant\n/);
		assert.match(stdout, /✓ the other \d+ devices were not written\n/);
		assert.doesNotMatch(stdout, /✗/);
	});

	it("prints plain text without a terminal, and no key", async () => {
		const lines = await record(async (scene) => {
			for (const step of STEPS.slice(0, 2)) await step.run(scene);
			const keys = scene.registry.flatMap(
				({ authentication: { symmetricKey } }) => symmetricKey.primaryKey ?? [],
			);
			assert.ok(keys.length > 0);
			return keys;
		});
		for (const secret of lines.result) assert.ok(!lines.shown.includes(secret));
		assert.ok(!lines.shown.includes("\u001B"));
	});

	it("stops with the difference if something is not as declared", async () => {
		const step = {
			title: "Nothing is deployed",
			why: "So everything is missing.",
			run: async (scene: Scene) => scene.checkDeclared(),
		};
		const { result, shown } = await record((scene) => runSteps([step, ...STEPS], scene));
		assert.equal(result, 1);
		assert.match(
			shown,
			/✗ the registry holds 26 devices.*\n +gw-harbour is declared but is not in the registry\n/,
		);
		assert.match(shown, /Not as declared\./);
		assert.ok(!shown.includes(STEPS[0]?.title ?? "?"));
	});

	it("prints its options", async () => {
		const { exitCode, stdout } = await start("--help").ended;
		assert.equal(exitCode, 0);
		for (const option of ["--stand-in", "--cli", "--keep"]) assert.ok(stdout.includes(option), option);
	});

	for (const args of [["--fast"], ["--cli", "--stand-in"], ["now"]]) {
		it(`rejects ${args.join(" ")}`, async () => {
			const { exitCode, stderr } = await start(...args).ended;
			assert.equal(exitCode, 2);
			assert.match(stderr, /^demo: .*; --help lists the options\n$/);
		});
	}

	it("cleans up if it is interrupted", async () => {
		const { child, ended } = start("--stand-in");
		while (!String((await once(child.stdout, "data"))[0]).includes("$ pulumi"));
		child.kill("SIGINT");
		const { exitCode, stdout } = await ended;
		assert.equal(exitCode, 130, stdout);
		assert.match(stdout, /Interrupted; everything was cleaned up\./);
	});
});

async function record<Result>(act: (scene: Scene) => Promise<Result>) {
	let shown = "";
	const screen = new Screen({ write: (text) => (shown += text) });
	const scene = await Scene.open({ engine: createStandIn(), screen, signal: new AbortController().signal });
	try {
		const result = await act(scene);
		return { result, shown };
	} finally {
		await scene.close();
	}
}
