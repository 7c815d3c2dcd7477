import { parseArgs } from "node:util";
import { said, UsageError } from "./command.ts";
import { settingIn } from "./drift.options.ts";
import type { StackName } from "./pulumi.ts";

/** What the command line of `adopt` asks for. */
export interface AdoptOptions {
	readonly from: DevicesAsked | MachinesAsked;
	/** Where the settings come from, before the environment. */
	readonly settings: StackName | ReadonlyMap<string, string>;
	/** The folder to write to. */
	readonly out: string;
	/** Whether files that are there may be overwritten. */
	readonly force: boolean;
}

/** How what exists is to be declared. */
interface Form {
	/** As what; by their number unless given. */
	readonly as: "fleet" | "resources" | undefined;
	/** The fleet's name in the program. */
	readonly name: string;
}

/** Devices of a hub. */
export interface DevicesAsked extends Form {
	readonly hubHostName?: string;
	readonly query?: string;
	readonly exact: boolean;
	/** The form of the fleet's file. */
	readonly format: "csv" | "ndjson";
}

/** Machines of a tenant. */
export interface MachinesAsked extends Form {
	readonly machines: { readonly serialNumber?: string; readonly groupTag?: string };
}

const OPTIONS = {
	hub: { type: "string" },
	query: { type: "string" },
	where: { type: "string" },
	exact: { type: "boolean" },
	fleet: { type: "boolean" },
	resources: { type: "boolean" },
	name: { type: "string" },
	format: { type: "string" },
	autopilot: { type: "boolean" },
	filter: { type: "string", multiple: true },
	stack: { type: "string" },
	cwd: { type: "string" },
	config: { type: "string", multiple: true },
	out: { type: "string" },
	force: { type: "boolean" },
} as const;

type Values = ReturnType<typeof parsed>;

const OF_DEVICES = ["hub", "query", "where", "exact", "format"] as const;

/** Reads the command line of `adopt`. Throws a UsageError for one that makes no sense. */
export function readAdoptOptions(args: readonly string[]): AdoptOptions {
	const values = parsed(args);
	return {
		from: values.autopilot === true ? machinesAsked(values) : devicesAsked(values),
		settings: settingsAsked(values),
		out: values.out ?? ".",
		force: values.force === true,
	};
}

function parsed(args: readonly string[]) {
	try {
		return parseArgs({ args: [...args], options: OPTIONS }).values;
	} catch (error) {
		throw new UsageError(said(error));
	}
}

function devicesAsked(values: Values): DevicesAsked {
	const { hub, query, where } = values;
	if (values.filter !== undefined)
		throw new UsageError("--filter goes with --autopilot; devices have --where");
	if (query !== undefined && where !== undefined) throw new UsageError("give --query or --where, not both");
	return {
		...(hub === undefined ? {} : { hubHostName: hub }),
		...(query === undefined ? {} : { query }),
		...(where === undefined ? {} : { query: `SELECT * FROM devices WHERE ${where}` }),
		exact: values.exact === true,
		...formAsked(values),
		format: formatNamed(values.format),
	};
}

function machinesAsked(values: Values): MachinesAsked {
	for (const name of OF_DEVICES)
		if (values[name] !== undefined) throw new UsageError(`--${name} goes without --autopilot`);
	return { machines: Object.fromEntries((values.filter ?? []).map(conditionIn)), ...formAsked(values) };
}

function formAsked({ fleet, resources, name = "fleet" }: Values): Form {
	if (fleet === true && resources === true) throw new UsageError("give --fleet or --resources, not both");
	if (name === "") throw new UsageError("--name is empty; name the fleet");
	return { as: fleet === true ? "fleet" : resources === true ? "resources" : undefined, name };
}

function conditionIn(text: string): [string, string] {
	const [, name, value] = /^(serialNumber|groupTag)=(.*)$/s.exec(text) ?? [];
	if (name !== undefined && value !== undefined) return [name, value];
	throw new UsageError(`--filter is "${text}"; it takes serialNumber=PART or groupTag=TAG`);
}

function settingsAsked({ stack, cwd, config = [] }: Values): AdoptOptions["settings"] {
	if (stack === undefined) {
		if (cwd !== undefined) throw new UsageError("--cwd goes with --stack");
		return new Map(config.map(settingIn));
	}
	if (stack === "") throw new UsageError("--stack is empty; name a stack");
	if (config.length > 0)
		throw new UsageError("--config goes without --stack, which has a configuration of its own");
	return { stack, folder: cwd ?? "." };
}

function formatNamed(text = "csv"): DevicesAsked["format"] {
	if (text === "csv" || text === "ndjson") return text;
	throw new UsageError(`--format is "${text}"; it takes csv or ndjson`);
}
