#!/usr/bin/env node
/**
 * The command `device-identity`.
 */
import { runCli } from "./cli.ts";

// Not `process.exit`, which would cut off what a pipe has not taken yet.
void runCli(process.argv.slice(2), {
	print: (text) => void process.stdout.write(text),
	log: (text) => void process.stderr.write(text),
}).then((code) => {
	process.exitCode = code;
});
