import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { isScalar, parseAllDocuments, visit } from "yaml";

/** A command line of a file, as its words. */
export interface Command {
	/** `pulumi` or `device-identity`. */
	readonly program: string;
	/** The words after it, without quotes. */
	readonly words: readonly string[];
	/** The whole as the file has it. */
	readonly text: string;
}

/** The keys of workflow files under which a shell script stands. */
const SCRIPTS = ["run", "script", "inlineScript"];

/** Every command line of our two programs in the scripts of a YAML file, or in the `sh` blocks of a page. */
export function readCommands(path: string): readonly Command[] {
	return readScripts(path).flatMap(parseCommands);
}

/** Every command line of our two programs in a shell script. */
export function parseCommands(script: string): readonly Command[] {
	const lines = script.replaceAll("\\\n", " ").split("\n");
	const code = lines.map((line) => line.replace(/(^|\s)# .*$/, ""));
	return code.flatMap((line) =>
		[...line.matchAll(COMMAND)].map(([, text = "", program = "", rest = ""]) => ({
			program,
			words: [...rest.matchAll(WORD)].map(([word]) => word.replaceAll(/^(["'])(.*)\1$/g, "$2")),
			text: text.trim(),
		})),
	);
}

/** Up to what ends a command in a shell; what stands in quotes belongs to it. */
const COMMAND = /(?:^|[\s(;])((pulumi|device-identity)(?= )((?:"[^"]*"|'[^']*'|[^"'|&;)>])*))/g;
const WORD = /(?:"[^"]*"|'[^']*'|[^\s"'])+/g;

function readScripts(path: string): string[] {
	const text = readFileSync(path, "utf8");
	if (extname(path) === ".md") return [...text.matchAll(/^```sh\n(.*?)^```/gms)].map(([, code = ""]) => code);
	const scripts: string[] = [];
	for (const document of parseAllDocuments(text)) {
		visit(document, {
			Pair(_, { key, value }) {
				if (isScalar(key) && SCRIPTS.includes(String(key.value)) && isScalar(value))
					scripts.push(String(value.value));
			},
		});
	}
	return scripts;
}
