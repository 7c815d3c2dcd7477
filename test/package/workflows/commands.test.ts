import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, test } from "node:test";
import { findCli } from "../../engine/index.ts";
import { parseCommands, readCommands } from "./commands.ts";
import { AZURE_PIPELINES_YML, EXAMPLE, FLEET_YML, ROOT, STACK_YAML } from "./files.ts";
import { findMistakes, parseFlags, RECORDED } from "./flags.ts";

const PAGE = join(EXAMPLE, "README.md");

/** The number of command lines of both programs in each file, so that none is missed. */
const FILES = { [FLEET_YML]: 5, [AZURE_PIPELINES_YML]: 5, [PAGE]: 5 };

/** Returns the flags of the installed CLI in the format of the recorded ones. */
function installed(): typeof RECORDED {
	const run = (...args: string[]) => execFileSync("pulumi", args, { encoding: "utf8" });
	const names = Object.keys(RECORDED.commands);
	return {
		version: run("version").trim(),
		commands: Object.fromEntries(names.map((name) => [name, parseFlags(run(...name.split(" "), "--help"))])),
	};
}

describe("the command lines of the example", () => {
	for (const [path, count] of Object.entries(FILES)) {
		test(`${relative(ROOT, path)} has no command line that its program would reject`, () => {
			const commands = readCommands(path);
			assert.equal(commands.length, count, commands.map(({ text }) => text).join("\n"));
			assert.deepEqual(
				commands.flatMap((command) => findMistakes(command)),
				[],
			);
		});
	}

	test("no command line prints the debug messages that contain secrets", () => {
		const printing = /^(--json|--debug|-d|--logtostderr|--verbose|-v)(=|$)/;
		for (const path of Object.keys(FILES)) {
			for (const { words, text } of readCommands(path).filter(({ program }) => program === "pulumi"))
				assert.ok(!words.some((word) => printing.test(word)), text);
		}
	});

	test("both pipelines have the same command lines", () => {
		const [github, azure] = [FLEET_YML, AZURE_PIPELINES_YML].map((path) =>
			readCommands(path).map(({ text }) => text),
		);
		assert.deepEqual(azure, github);
	});

	test("the files name the version of Pulumi whose flags are recorded", () => {
		for (const path of [FLEET_YML, AZURE_PIPELINES_YML, STACK_YAML]) {
			const versions = [
				...readFileSync(path, "utf8").matchAll(/(?:pulumi-version: |versionSpec: |pulumi\/pulumi:)([\d.]+)/g),
			];
			assert.ok(versions.length > 0, path);
			for (const [, version] of versions) assert.equal(`v${version}`, RECORDED.version, path);
		}
	});

	test("the installed CLI accepts them, and has the flags that are recorded for its version", async () => {
		const real = await findCli();
		if (real === undefined) return console.log("No pulumi on PATH: the recorded flags were used.");
		const { version, commands } = installed();
		const all = Object.keys(FILES).flatMap(readCommands);
		assert.deepEqual(
			all.flatMap((command) => findMistakes(command, commands)),
			[],
		);
		if (version === RECORDED.version) assert.deepEqual(commands, RECORDED.commands);
	});
});

describe("the check of command lines", () => {
	for (const [line, mistake] of [
		["pulumi up --yes --skip-previev", /up has no --skip-previev/],
		["pulumi deploy --yes", /no such command/],
		["pulumi preview --stack --diff", /--stack needs a value/],
		["pulumi preview --stack", /--stack needs a value/],
		["npm ci && pulumi stack init production --secret-provider x", /stack init has no --secret-provider/],
		["npx device-identity drift --stack s --format sarf", /--format must be .*got "sarf"/],
		["npx device-identity drift --stack s --outptu x || test $? -eq 2", /--outptu/],
		["npx device-identity drift --format json", /--stack/],
		["npx device-identity drfit --stack s", /no such command/],
	] as const) {
		test(`rejects ${line}`, () =>
			assert.match(
				parseCommands(line)
					.flatMap((command) => findMistakes(command))
					.join(),
				mistake,
			));
	}

	test("finds commands wherever a shell accepts one, and none in comments", () => {
		const script = `# pulumi up\nif ! pulumi preview; then x=$(pulumi up --stack "a b" -m 'c; d'); fi\npulumi \\\n  up --yes # pulumi up`;
		assert.deepEqual(
			parseCommands(script).map(({ words }) => words),
			[["preview"], ["up", "--stack", "a b", "-m", "c; d"], ["up", "--yes"]],
		);
	});
});
