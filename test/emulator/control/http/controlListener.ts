import type { RequestListener } from "node:http";
import { type Answer, createJsonAnswer, sendAnswer } from "../../http/answer.ts";
import { type CallHead, readBody, readHead } from "../../http/call.ts";
import { HubError } from "../../iotHub/hubError.ts";
import { parseJson } from "../../json.ts";
import type { Control, ControlCommand } from "../control.ts";
import { NotThere } from "../machineControl.ts";
import { accessCommands } from "./accessCommands.ts";
import { deviceCommands } from "./deviceCommands.ts";
import { machineCommands } from "./machineCommands.ts";
import { trafficCommands } from "./trafficCommands.ts";

/** Serves the control over HTTP with JSON bodies. An invalid command is 400 with the reason. */
export function createControlListener(control: Control): RequestListener {
	return async (request, response) => {
		const head = readHead(request.method ?? "GET", request.url ?? "/", request.headers);
		const body = await readBody(request).catch(() => undefined);
		if (body !== undefined) await sendAnswer(response, answer(head, body, control));
	};
}

function answer(head: CallHead, body: string, control: Control): Answer {
	const value = parseJson(body);
	if (body.trim() !== "" && value === undefined)
		return createJsonAnswer(400, { error: "The body is not JSON" });
	const command = CONTROL_COMMANDS.find((candidate) => fits(candidate, head));
	if (command === undefined) {
		return createJsonAnswer(404, {
			error: `No such command; GET /_control lists them`,
			asked: `${head.method} ${head.path}`,
		});
	}
	try {
		const result = command.run({
			control,
			body: value,
			name: readName(command, head),
			query: Object.fromEntries(head.query),
		});
		return createJsonAnswer(200, result ?? { done: true });
	} catch (error) {
		const status = error instanceof HubError ? error.status : error instanceof NotThere ? 404 : 400;
		return createJsonAnswer(status, { error: error instanceof Error ? error.message : String(error) });
	}
}

function fits({ method, path }: ControlCommand, head: CallHead): boolean {
	const parts = path.split("/").slice(1);
	const isLong = parts.length === head.segments.length;
	return (
		method === head.method &&
		isLong &&
		parts.every((part, at) => part.startsWith("{") || part === head.segments[at])
	);
}

function readName({ path }: ControlCommand, head: CallHead): string {
	const at = path
		.split("/")
		.slice(1)
		.findIndex((part) => part.startsWith("{"));
	return at < 0 ? "" : decodeURIComponent(head.segments[at] ?? "");
}

const help: ControlCommand = {
	method: "GET",
	path: "/_control",
	help: "List these commands",
	run: () =>
		Object.fromEntries(
			CONTROL_COMMANDS.map((command) => [`${command.method} ${command.path}`, command.help]),
		),
};

/** All commands of the control over HTTP; the first one lists the others. */
export const CONTROL_COMMANDS: readonly ControlCommand[] = [
	help,
	...deviceCommands,
	...machineCommands,
	...trafficCommands,
	...accessCommands,
];
