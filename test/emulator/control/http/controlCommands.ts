import { accessCommands } from "./accessCommands.ts";
import type { ControlCommand } from "./controlCommand.ts";
import { deviceCommands } from "./deviceCommands.ts";
import { machineCommands } from "./machineCommands.ts";
import { trafficCommands } from "./trafficCommands.ts";

const help: ControlCommand = {
	method: "GET",
	path: "/_control",
	help: "This list",
	run: () =>
		Object.fromEntries(
			CONTROL_COMMANDS.map((command) => [`${command.method} ${command.path}`, command.help]),
		),
};

/** All that can be done over HTTP; the first of them lists the others. */
export const CONTROL_COMMANDS: readonly ControlCommand[] = [
	help,
	...deviceCommands,
	...machineCommands,
	...trafficCommands,
	...accessCommands,
];
