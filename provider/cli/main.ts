#!/usr/bin/env node
/**
 * Runs the command `device-identity`.
 */
import { runCli } from "./cli.ts";

// `process.exit` would discard output that a pipe has not received yet.
void runCli(process.argv.slice(2), {
	print: (text) => void process.stdout.write(text),
	log: (text) => void process.stderr.write(text),
}).then((code) => {
	process.exitCode = code;
});
