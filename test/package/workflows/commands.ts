import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { isScalar, parseAllDocuments, visit } from "yaml";

/** A command line of a file, split into words. */
export interface Command {
	/** `pulumi` or `device-identity`. */
	readonly program: string;
	/** The words after it, without quotes. */
	readonly words: readonly string[];
	/** The whole command line as in the file. */
	readonly text: string;
}

/** The keys of workflow files that hold shell scripts. */
const SCRIPTS = ["run", "script", "inlineScript"];

/** Returns the command lines of both programs in the scripts of a YAML file or in the `sh` blocks of a page. */
export function readCommands(path: string): readonly Command[] {
	return readScripts(path).flatMap(parseCommands);
}

/** Returns the command lines of both programs in a shell script. */
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

/** Matches a command up to the character that ends it in a shell. Quoted strings belong to the command. */
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
