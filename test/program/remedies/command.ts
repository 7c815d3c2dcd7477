import assert from "node:assert/strict";
import type { Outcome } from "../../engine/index.ts";
import { splitShellWords } from "../../shellWords.ts";
import type { Site } from "../site.ts";

/** The placeholders of a message and the values that replace them. */
export type Blanks = Readonly<Record<string, string>>;

/** Returns the commands that a text prints between backticks, including environment variables before them. */
export function listCommands(text: string): readonly string[] {
	return [...text.matchAll(/`((?:[A-Z_]+='[^`']*' )?pulumi [^`]+)`/g)].map(([, command = ""]) => command);
}

/** Carries out a printed command. Returns the outcome of an operation; undefined for a command that only sets something. */
export async function runCommand(
	site: Site,
	command: string,
	blanks: Blanks = {},
): Promise<Outcome | undefined> {
	const filled = Object.entries(blanks).reduce((text, [blank, value]) => text.replace(blank, value), command);
	assert.ok(!/…|<[a-z]/.test(filled), `\`${filled}\` still has a placeholder`);
	const { env, words } = splitCommand(filled);
	const [program, name = "", ...args] = words;
	assert.equal(program, "pulumi", command);
	if (name === "config") return configure(site, args);
	const flags = args.map((arg) => {
		assert.ok(
			arg === "--run-program" || arg === "--preview-only",
			`${command}: ${arg} is not supported by the test`,
		);
		return arg;
	});
	assert.ok(isOperation(name), `${command}: ${name} is not supported by the test`);
	return site.stack[name]({
		env,
		runProgram: flags.includes("--run-program"),
		previewOnly: flags.includes("--preview-only"),
	});
}

function isOperation(name: string): name is "preview" | "up" | "refresh" | "destroy" {
	return ["preview", "up", "refresh", "destroy"].includes(name);
}

async function configure({ stack }: Site, args: readonly string[]): Promise<undefined> {
	const [action, ...rest] = args;
	const isSecret = rest.includes("--secret");
	const [key = "", value = ""] = rest.filter((arg) => arg !== "--secret");
	if (action === "rm") await stack.removeConfig(key);
	else {
		assert.equal(action, "set");
		await stack.setConfig(key, isSecret ? { secret: value } : value);
	}
}

/** Splits a command into the environment variables before it and its words. */
function splitCommand(command: string): { env: Record<string, string>; words: readonly string[] } {
	const all = splitShellWords(command);
	const start = all.findIndex((word) => !/^[A-Z_]+=/.test(word));
	const variables = all.slice(0, start).map((word) => {
		const [name = "", ...value] = word.split("=");
		return [name, value.join("=")] as const;
	});
	return { env: Object.fromEntries(variables), words: all.slice(start) };
}
