import { parseArgs } from "node:util";
import type { Engine } from "../../engine/index.ts";

/** The options of the command line. */
export interface DemoOptions {
	/** The engine that must run the programs. Default: the CLI if it is on PATH, otherwise the stand-in. */
	readonly engine?: Engine["name"];
	/** Whether the emulator keeps running after the demo. */
	readonly keep: boolean;
}

/** The output of `--help`. */
export const USAGE = `Shows what pulumi-device-identity does: devices as single resources, a fleet as one resource, and a few machines of
Windows Autopilot. The services are emulated locally; no cloud account is needed.

    npm run demo [-- options]

    --stand-in   run the programs on the stand-in for Pulumi's engine, even if the CLI is installed
    --cli        run the programs on the pulumi on PATH; if there is none, download it by the npm package pulumi, or fail
    --keep       leave the emulator running at the end, and print how to use it by hand
    --help       print this help

The exit code is 0 if everything was as declared. It is 1, with the difference, if something was not.
`;

/** Reads the command line. Throws a TypeError for invalid options. */
export function readCommandLine(args: readonly string[]): DemoOptions | "help" {
	const { values } = parseArgs({
		args: [...args],
		options: {
			"stand-in": { type: "boolean", default: false },
			cli: { type: "boolean", default: false },
			keep: { type: "boolean", default: false },
			help: { type: "boolean", short: "h", default: false },
		},
	});
	if (values.help) return "help";
	if (values.cli && values["stand-in"]) throw new TypeError("--cli cannot be used with --stand-in");
	const engine = values.cli ? "pulumi" : values["stand-in"] ? "stand-in" : undefined;
	return { keep: values.keep, ...(engine && { engine }) };
}
