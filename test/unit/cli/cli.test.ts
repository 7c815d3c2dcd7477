import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { runCli } from "../../../provider/cli/cli.ts";

interface Manifest {
	readonly version: string;
}

async function runCaptured(...args: string[]): Promise<{ code: number; out: string; err: string }> {
	let out = "";
	let err = "";
	const code = await runCli(args, { print: (text) => (out += text), log: (text) => (err += text) });
	return { code, out, err };
}

test("--help prints the help of the command line, or of one command", async () => {
	const cliHelp = await runCaptured("--help");
	assert.deepEqual([cliHelp.code, cliHelp.err], [0, ""]);
	assert.match(cliHelp.out, /^ {4}drift {2,}\S/m);
	const drift = await runCaptured("drift", "--stack", "dev", "--help");
	assert.deepEqual([drift.code, drift.err], [0, ""]);
	assert.match(drift.out, /--stack NAME/);
	assert.deepEqual(await runCaptured("drift", "-h"), drift);
	assert.deepEqual(await runCaptured("help"), cliHelp);
	assert.deepEqual(await runCaptured("help", "drift"), drift);
});

test("--version prints the package's version", async () => {
	const { version } = JSON.parse(readFileSync(join(__dirname, "../../../package.json"), "utf8")) as Manifest;
	assert.deepEqual(await runCaptured("--version"), { code: 0, out: `${version}\n`, err: "" });
});

test("a missing or unknown command is an error, printed with the help", async () => {
	const none = await runCaptured();
	assert.deepEqual([none.code, none.out], [1, ""]);
	assert.match(none.err, /^device-identity: a command is missing \[UsageError\]\n[\s\S]*drift/);
	for (const [name, suggestion] of [
		["rift", '. Did you mean "drift"?'],
		["toString", ""],
		["--stack", ""],
	]) {
		const { code, out, err } = await runCaptured(name ?? "");
		assert.deepEqual([code, out], [1, ""]);
		assert.ok(err.startsWith(`device-identity: "${name}" is not a command${suggestion} [UsageError]\n`), err);
	}
});

test("invalid arguments are an error, printed with the command that prints the help, which itself would push it out of view", async () => {
	for (const name of ["adopt", "drift", "plan"]) {
		const { code, out, err } = await runCaptured(name, "--verbose");
		assert.deepEqual([code, out], [1, ""]);
		const [, problem, command] =
			/^device-identity: (.*) \[UsageError\]\n\nRun "(.*)" for the options\.\n$/.exec(err) ?? [];
		assert.equal(problem, "--verbose is not an option of this command");
		const [program, ...args] = (command ?? "").split(" ");
		assert.equal(program, "device-identity");
		const help = await runCaptured(...args);
		assert.deepEqual([help.code, help.err], [0, ""]);
		assert.match(help.out, new RegExp(`^    device-identity ${name} `, "m"));
	}
});

test("the first line of each help says what the command is for", async () => {
	const getFirstLine = async (...args: string[]) => (await runCaptured(...args, "--help")).out.split("\n")[0];
	assert.deepEqual(
		await Promise.all([getFirstLine(), ...["adopt", "drift", "plan"].map((name) => getFirstLine(name))]),
		[
			"Inspects and adopts device identities without running a Pulumi program.",
			"Brings existing devices of a hub, or machines of a tenant, under Pulumi without changing them.",
			"Reports which devices and machines of a stack were changed, deleted or created again outside Pulumi since the last deployment.",
			"Estimates how long a file of devices or machines takes to deploy, and what limits the speed.",
		],
	);
});

test("an expected failure is printed as its message, without help and stack", async () => {
	const { code, out, err } = await runCaptured("drift", "--state", "/there/is/none.json");
	assert.deepEqual([code, out], [1, ""]);
	assert.match(
		err,
		/^device-identity: The state "\/there\/is\/none\.json" cannot be read: ENOENT[^\n]* \[CommandError\]\n$/,
	);
});

test("no control characters are printed, wherever the text comes from", async () => {
	const { code, err } = await runCaptured("drift", "--state", "/there/is/\u009b2J\u001b]0;none.json");
	assert.equal(code, 1);
	assert.match(err, /"\/there\/is\/ 2J \]0;none\.json"/);
	assert.doesNotMatch(err, /(?!\n)\p{Cc}/u);
});

test("no control characters of a file's name are printed, in results or in notes", async (t) => {
	const folder = mkdtempSync(join(tmpdir(), "cli-"));
	t.after(() => rmSync(folder, { recursive: true }));
	const file = join(folder, "\u009b2J\u001b]0;plant.json");
	writeFileSync(file, '{"a": {"tags": {"site": "oslo"}}}');
	const { code, out, err } = await runCaptured("plan", file, "--sku", "S1");
	assert.equal(code, 0);
	assert.match(out, / 2J \]0;plant\.json" has 1 device\./);
	assert.match(err, / 2J \]0;plant\.json": tags is ignored/);
	assert.doesNotMatch(out + err, /(?!\n)\p{Cc}/u);
});
