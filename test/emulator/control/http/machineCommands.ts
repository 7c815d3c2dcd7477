import type { ForcedError } from "../../graph/autopilot.ts";
import { DDS_ERROR_NAMES } from "../../graph/importRecord.ts";
import { readAutopilotSwitches } from "../../graph/switches.ts";
import {
	type JsonObject,
	readOptionalChoice,
	readOptionalNumber,
	requireObject,
	requireOnly,
	requireText,
} from "../../json.ts";
import type { ControlAsk, ControlCommand } from "../control.ts";
import { NotThere } from "../machineControl.ts";
import { type ImportChange, MACHINE_MEMBERS, type MachineChange, type MachineSeed } from "../machineView.ts";

const MACHINE = "/_control/machines/{id}";
const IMPORT = "/_control/imports/{id}";

/** The commands for the Autopilot service. */
export const machineCommands: readonly ControlCommand[] = [
	{
		method: "GET",
		path: "/_control/machines",
		help: "List all Autopilot machines with all data that the service has of them, including hashes",
		run: ({ control }) => control.machines.list(),
	},
	{
		method: "POST",
		path: "/_control/machines",
		help: 'Register one machine or a list, e.g. {"serialNumber":"A1","groupTag":"kiosk"}; the hash is generated unless given',
		run: ({ control, body }) => control.machines.seed(readSeeds(body)),
	},
	{
		method: "GET",
		path: MACHINE,
		help: "Show one machine",
		run: ({ control, name }) => {
			const machine = control.machines.get(name);
			if (machine === undefined) throw new NotThere("machine", name);
			return machine;
		},
	},
	{
		method: "PATCH",
		path: MACHINE,
		help: 'Change members as another administrator would, e.g. {"groupTag":"desk"}',
		run: ({ control, name, body }) => control.machines.change(name, readMachineChange(body)),
	},
	{
		method: "DELETE",
		path: MACHINE,
		help: "Delete a machine at once",
		run: ({ control, name }) => ({ removed: control.machines.remove(name) }),
	},
	{
		method: "POST",
		path: `${MACHINE}/recreate`,
		help: "Delete a machine and register it again under another id; body: members that differ, or none",
		run: ({ control, name, body }) => control.machines.recreate(name, readMachineChange(body ?? {})),
	},
	...(["enrol", "unenrol", "contact"] as const).map(
		(verb): ControlCommand => ({
			method: "POST",
			path: `${MACHINE}/${verb}`,
			help: `Let a machine ${verb === "contact" ? "be heard of" : verb}`,
			run: ({ control, name }) => control.machines[verb](name),
		}),
	),
	{
		method: "GET",
		path: "/_control/imports",
		help: "List all import records, including hashes",
		run: ({ control }) => control.machines.imports(),
	},
	{
		method: "PATCH",
		path: IMPORT,
		help: 'Change an import record, e.g. {"groupTag":"desk"}',
		run: ({ control, name, body }) => control.machines.changeImport(name, importChange(body)),
	},
	{
		method: "DELETE",
		path: IMPORT,
		help: "Delete an import record",
		run: ({ control, name }) => ({ removed: control.machines.removeImport(name) }),
	},
	{
		method: "POST",
		path: "/_control/import-errors",
		help: 'Make the next imports fail, e.g. {"serialNumber":"A1","error":"StorageError","times":1}',
		run: ({ control, body }) => control.machines.failImport(readForcedError(body)),
	},
	{
		method: "POST",
		path: "/_control/hash-marks",
		help: 'Mark a hash: {"hardwareIdentifier":"…","mark":"foreign"|"invalid"}, or unmark it without a mark',
		run: markHash,
	},
	{
		method: "POST",
		path: "/_control/unknown-users",
		help: 'Remove a user from the directory: {"userPrincipalName":"a@example.com"}',
		run: ({ control, body }) =>
			control.machines.removeUser(requireText(requireObject(body, "The body"), "userPrincipalName")),
	},
	{
		method: "GET",
		path: "/_control/approvals",
		help: "List all writes that wait for another administrator's approval, or have it",
		run: ({ control }) => control.machines.approvals(),
	},
	{
		method: "POST",
		path: "/_control/approvals/{id}/approve",
		help: "Approve a write; it is carried out when it is sent again with the code",
		run: ({ control, name }) => control.machines.approve(name),
	},
	{
		method: "GET",
		path: "/_control/autopilot",
		help: "Show the switches and delays of the Autopilot service",
		run: ({ control }) => control.machines.switches,
	},
	{
		method: "PATCH",
		path: "/_control/autopilot",
		help: 'Change them, e.g. {"profile":"seed","importDelay":0}',
		run: ({ control, body }) =>
			Object.assign(control.machines.switches, readAutopilotSwitches(requireObject(body, "The body"))),
	},
];

function readSeeds(body: unknown): MachineSeed[] {
	return (Array.isArray(body) ? body : [body]).map((item) => {
		const seed = requireObject(item, "A machine");
		requireText(seed, "serialNumber");
		requireMembers(seed, ["id", "serialNumber", "hardwareIdentifier"]);
		return seed as unknown as MachineSeed;
	});
}

function readMachineChange(body: unknown): MachineChange {
	const change = requireObject(body, "The body");
	requireMembers(change, []);
	return change as MachineChange;
}

/** Requires dates to be numbers and all other members to be strings. */
function requireMembers(holder: JsonObject, more: readonly string[]): void {
	requireOnly(holder, [...more, ...MACHINE_MEMBERS], "A machine");
	const dates = ["lastContacted", "deploymentProfileAssigned"];
	for (const name of dates) readOptionalNumber(holder, name);
	for (const name of Object.keys(holder)) if (!dates.includes(name)) requireText(holder, name);
}

function importChange(body: unknown): ImportChange {
	const change = requireObject(body, "The body");
	const names = ["groupTag", "serialNumber", "productKey", "assignedUserPrincipalName", "orderIdentifier"];
	requireOnly(change, names, "An import");
	for (const name of Object.keys(change)) requireText(change, name);
	return change as ImportChange;
}

function readForcedError(body: unknown): ForcedError {
	const holder = requireObject(body, "The body");
	requireOnly(holder, ["serialNumber", "hardwareIdentifier", "error", "code", "times"], "An import's error");
	const error = readOptionalChoice(holder, "error", DDS_ERROR_NAMES);
	if (error === undefined) throw new TypeError(`error must be one of ${DDS_ERROR_NAMES.join(", ")}`);
	for (const name of ["serialNumber", "hardwareIdentifier"])
		if (holder[name] !== undefined) requireText(holder, name);
	for (const name of ["code", "times"]) readOptionalNumber(holder, name);
	return holder as unknown as ForcedError;
}

function markHash({ control, body }: ControlAsk): void {
	const holder = requireObject(body, "The body");
	const mark = readOptionalChoice(holder, "mark", ["foreign", "invalid"]);
	control.machines.markHash(requireText(holder, "hardwareIdentifier"), mark);
}
