import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
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
	assert.match(none.err, /^device-identity: name a command \[UsageError\]\n[\s\S]*drift/);
	for (const name of ["rift", "toString", "--stack"]) {
		const { code, out, err } = await runCaptured(name);
		assert.deepEqual([code, out], [1, ""]);
		assert.ok(err.startsWith(`device-identity: there is no command "${name}" [UsageError]\n`), err);
	}
});

test("invalid arguments are an error, printed without the help, which would push it out of view", async () => {
	const { code, out, err } = await runCaptured("drift", "--verbose");
	assert.deepEqual([code, out], [1, ""]);
	assert.equal(
		err,
		"device-identity: Unknown option '--verbose' [UsageError]\n\ndevice-identity drift --help tells what it takes.\n",
	);
});

test("an expected failure is printed as its message, without help and stack", async () => {
	const { code, out, err } = await runCaptured("drift", "--state", "/there/is/none.json");
	assert.deepEqual([code, out], [1, ""]);
	assert.match(
		err,
		/^device-identity: The state "\/there\/is\/none\.json" can't be read: ENOENT[^\n]* \[CommandError\]\n$/,
	);
});

test("no control characters are printed, wherever the text comes from", async () => {
	const { code, err } = await runCaptured("drift", "--state", "/there/is/\u009b2J\u001b]0;none.json");
	assert.equal(code, 1);
	assert.match(err, /"\/there\/is\/ 2J \]0;none\.json"/);
	assert.doesNotMatch(err, /(?!\n)\p{Cc}/u);
});
