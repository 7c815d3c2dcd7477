import { join } from "node:path";
import { type Page, ROOT, readPages } from "./pages.ts";

/** The guide to testing a program. */
export function readTestingGuide(): Page {
	const page = readPages().find(({ path }) => path === "docs/testing.md");
	if (page === undefined) throw new Error("there is no docs/testing.md");
	return page;
}

/** Returns the commands of a page in its order: the lines between ```sh and ```. */
export function parseCommands({ text }: Page): readonly string[] {
	return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, lines = ""]) =>
		lines.trim().split("\n"),
	);
}

/** Returns the program and the arguments of a command that npx runs from the installed packages. */
export function parseNpxCommand(command: string): readonly [file: string, ...args: string[]] {
	const [npx, name = "", ...args] = command.split(" ");
	if (npx !== "npx") throw new Error(`${command} is not run by npx`);
	return [join(ROOT, "node_modules/.bin", name), ...args];
}
