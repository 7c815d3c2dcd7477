import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { type Page, ROOT, readPages } from "./pages.ts";

/** Returns the guide to testing a program. */
export function readTestingGuide(): Page {
	const page = readPages().find(({ path }) => path === "docs/testing.md");
	if (page === undefined) throw new Error("there is no docs/testing.md");
	return page;
}

/** Returns the commands of a page in order: the lines between ```sh and ```. */
export function parseCommands({ text }: Page): readonly string[] {
	return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, lines = ""]) =>
		lines.trim().split("\n"),
	);
}

/** Runs an npx command in a folder, apart from the current test run, and counts its tests. */
export async function runNpxCommand(command: string, cwd: string) {
	const [npx, name = "", ...args] = command.split(" ");
	if (npx !== "npx") throw new Error(`${command} is not run by npx`);
	const { NODE_TEST_CONTEXT: _, ...env } = process.env;
	const child = spawn(join(ROOT, "node_modules/.bin", name), args, {
		cwd,
		env,
		stdio: ["ignore", "pipe", "inherit"],
	});
	let output = "";
	child.stdout.setEncoding("utf8").on("data", (text: string) => {
		output += text;
	});
	const [code] = await once(child, "close");
	const count = (result: string) => new RegExp(`${result} (\\d+)$`, "m").exec(output)?.[1];
	return { code, passed: count("pass"), failed: count("fail") };
}
