import { parseArgs } from "node:util";
import type { Engine } from "../../engine/index.ts";

/** What the command line asked for. */
export interface DemoOptions {
	/** The engine that must run the programs; without it the CLI where there is one. */
	readonly engine?: Engine["name"];
	/** Whether the emulator stays when the demo is over. */
	readonly keep: boolean;
}

/** What `--help` prints. */
export const USAGE = `Shows what pulumi-device-identity does: devices as single resources, a fleet as one resource, and a few machines of
Windows Autopilot, with the services emulated on this machine.

    npm run demo [-- options]

    --stand-in   run the programs on the stand-in for Pulumi's engine, even where the CLI is installed
    --cli        run them on the pulumi on PATH; where there is none, npm's package pulumi downloads it, or the demo fails
    --keep       leave the emulator running in the end, and tell how to drive it by hand
    --help       print this

It ends with 0 when everything was seen as declared, with 1 and the difference when something was not.
`;

/** Reads the command line. Throws a TypeError for one that makes no sense. */
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
	if (values.cli && values["stand-in"]) throw new TypeError("--cli and --stand-in exclude each other");
	const engine = values.cli ? "pulumi" : values["stand-in"] ? "stand-in" : undefined;
	return { keep: values.keep, ...(engine && { engine }) };
}
