import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { readAdoptOptions } from "../../provider/cli/adopt.options.ts";
import { readDriftOptions } from "../../provider/cli/drift.options.ts";
import { readPlanOptions } from "../../provider/cli/plan.options.ts";
import { readRotatedOptions } from "../../provider/cli/rotated.command.ts";
import { findCli } from "../engine/index.ts";
import { WAYS_OUT } from "../program/remedies/codes.ts";
import { listCommands } from "../program/remedies/command.ts";
import { listShownCommands } from "./commands.ts";
import { readPages } from "./pages.ts";

const COMMANDS = listShownCommands();

/** The parsers of the command lines of `device-identity`. */
const PARSERS: Readonly<Record<string, (args: readonly string[]) => unknown>> = {
	adopt: readAdoptOptions,
	drift: readDriftOptions,
	plan: (args) => readPlanOptions(args, { IOTHUB_SKU: "S1" }),
	rotated: readRotatedOptions,
};

test("`device-identity` accepts every command of it in the guides", () => {
	const ours = COMMANDS.filter(({ program }) => program === "device-identity");
	assert.ok(ours.length > 10, `${ours.length} commands are too few to be all`);
	for (const { at, args } of ours) {
		const [name = "", ...options] = args;
		const parse = PARSERS[name];
		assert.ok(parse, `${at}: there is no command ${name}`);
		// A name alone or with --help only refers to the command.
		if (options.length > 0 && !options.includes("--help"))
			assert.doesNotThrow(() => parse(options), `${at}: ${args.join(" ")}`);
	}
});

test("Pulumi has every option that the guides use", async (t) => {
	const cli = await findCli();
	if (cli === undefined) return t.skip("no pulumi on PATH to list its options");
	const used = new Map<string, Set<string>>();
	for (const { program, args } of COMMANDS) {
		if (program !== "pulumi") continue;
		const words = args.filter((word) => /^[a-z][a-z-]*$/.test(word));
		const path = ["config", "state", "stack"].includes(args[0] ?? "") ? words.slice(0, 2) : words.slice(0, 1);
		const flags = args.filter((word) => word.startsWith("--")).map((word) => word.split("=")[0] ?? "");
		const known = used.get(path.join(" ")) ?? new Set();
		used.set(path.join(" "), new Set([...known, ...flags]));
	}
	assert.ok(used.size > 8, `${[...used.keys()]} are too few commands to be all`);
	for (const [path, flags] of used) {
		const { stdout } = await promisify(execFile)("pulumi", [...path.split(" "), "--help"]);
		for (const flag of flags) assert.ok(stdout.includes(`${flag} `), `pulumi ${path} has no ${flag}`);
	}
});

test("a test carries out every command that the troubleshooting page prints for a code", () => {
	const page = readPages().find(({ path }) => path === "docs/troubleshooting.md")?.text ?? "";
	const sections = page.split(/^### /m).slice(1);
	const codes = new Set(WAYS_OUT.map(({ code }) => code));
	let count = 0;
	for (const section of sections) {
		const [code = ""] = section.split("\n");
		if (!codes.has(code)) continue;
		const ways = WAYS_OUT.filter((wayOut) => wayOut.code === code);
		const carriedOut = new Set(ways.flatMap(listCarriedOut).map(shorten));
		for (const command of listCommands(section.split(/^## /m)[0] ?? "").map(shorten)) {
			count++;
			assert.ok(carriedOut.has(command), `${code}: no test carries out \`${command}\``);
		}
	}
	assert.ok(count > 15, `${count} commands are too few to be all`);
});

function listCarriedOut({ obeys, given }: (typeof WAYS_OUT)[number]): readonly string[] {
	const obeyed = obeys.flatMap((each) => {
		if (typeof each === "string") return [each];
		if ("command" in each) return [each.command];
		return [each.afterwards ?? "", ...(each.carriesOut ?? [])];
	});
	return [...obeyed, ...given.map(({ run }) => `pulumi ${run}`)];
}

/** Returns a command without its values: `pulumi config set`. */
function shorten(command: string): string {
	const words = command.replace(/^([A-Z_]+='[^']*' )+/, "").split(" ");
	const path = ["config", "state", "stack"].includes(words[1] ?? "") ? words.slice(0, 3) : words.slice(0, 2);
	return [...path, ...words.slice(path.length).filter((word) => word === "--run-program")].join(" ");
}
