import { splitShellWords } from "../shellWords.ts";
import { readPages } from "./pages.ts";

/** A command in a guide. */
export interface ShownCommand {
	/** `docs/drift.md:40` */
	readonly at: string;
	readonly program: "pulumi" | "device-identity";
	/** The arguments, as a shell splits them. */
	readonly args: readonly string[];
}

/** Returns the commands of the pages, in shell blocks and between backticks. */
export function listShownCommands(): readonly ShownCommand[] {
	return readPages().flatMap(({ path, text }) =>
		findCommandTexts(text).flatMap(({ index, command }) => {
			const [program, ...args] = splitShellWords(command.replace(/^npx /, "").replace(/\s+#.*$/, ""));
			const at = `${path}:${text.slice(0, index).split("\n").length}`;
			return program === "pulumi" || program === "device-identity" ? [{ at, program, args }] : [];
		}),
	);
}

/** Returns the commands of a Markdown text. A line of a shell block may hold several, joined by `&&`. */
function findCommandTexts(text: string): readonly { readonly index: number; readonly command: string }[] {
	const blocks = [...text.matchAll(/^```(?:sh|bash|console)\n([\s\S]*?)^```$/gm)];
	const inBlocks = blocks.flatMap((block) =>
		[
			...(block[1] ?? "").matchAll(
				/(?:^|&& )(?:[A-Z_]+=\S+ )?((?:npx )?(?:pulumi|device-identity) [^\n&]*)/gm,
			),
		].map((match) => ({ index: block.index + match.index, command: match[1] ?? "" })),
	);
	const outside = text.replace(/^```[\s\S]*?^```$/gm, (block) => block.replace(/[^\n]/g, " "));
	const inline = [
		...outside.matchAll(/`(?:[A-Z_]+=(?:'[^']*'|\S+) )?((?:npx )?(?:pulumi|device-identity) [^`]+)`/g),
	].map((match) => ({ index: match.index, command: match[1] ?? "" }));
	return [...inBlocks, ...inline];
}
