import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { readFaults } from "./faults/readFault.ts";
import { type AutopilotSwitches, PROFILES } from "./graph/switches.ts";
import type { Sku } from "./iotHub/throttle.ts";
import type { EmulatorOptions } from "./world.ts";

/** The output of --help. */
export const USAGE = `Emulates Azure IoT Hub, Windows Autopilot in Microsoft Graph, and a Microsoft Entra directory on loopback,
for tests and trials without a cloud account.

    npm run --silent emulator -- [options]

    --env               when ready, print lines for a shell, "export IOTHUB_ENDPOINT=…", instead of JSON
    --config            when ready, print lines for a stack, "pulumi config set iothub:endpoint …", instead of JSON
    --tls               use TLS; the ready line names a CA file to trust
    --port N            listen on this port (default: any free port)
    --host-name NAME    the hub's name in connection strings and certificate (default: localhost:<port>); a name
                        such as my-hub.azure-devices.net has those of devices and services beside it
    --sku F1|S1|S2|S3   throttle as this tier does (default: no throttling)
    --units N           units of the tier (default: 1)
    --max-devices N     the maximum number of devices of the hub (default: 1000000)
    --autopilot-profile live|seed
                        the routes of Autopilot: those that work today (default), or also those of the
                        draft page "Update deviceIdentities"
    --time-scale N      virtual seconds per real second; 0 freezes the clock (default: 1). Tokens expire after
                        real seconds
    --list-lag SECONDS  how long lists lag behind: those of the hub's queries after a create, change or deletion,
                        those of Autopilot after a create or deletion, in virtual seconds (default: 0)
    --deletion-delay SECONDS
                        how long a deleted machine of Autopilot can still be read, in virtual seconds (default: 0)
    --faults FILE       JSON list of faults; GET <control url> shows how to plan them later
    --help              print this help

When ready, it prints one line of JSON with every address and credential to standard output. SIGTERM or SIGINT ends it.
`;

/** The format of the addresses: one line of JSON, or lines for a shell or a stack. */
export type ReadyFormat = "json" | "env" | "config";

/** The options of the command line. */
export interface CommandLine extends EmulatorOptions {
	readonly readyFormat: ReadyFormat;
}

/** Returns the given options, or "help". Throws a TypeError for an invalid option. */
export function readCommandLine(args: readonly string[]): CommandLine | "help" {
	const { values } = parseArgs({
		args: [...args],
		options: {
			env: { type: "boolean" },
			config: { type: "boolean" },
			tls: { type: "boolean" },
			port: { type: "string" },
			"host-name": { type: "string" },
			sku: { type: "string" },
			units: { type: "string" },
			"max-devices": { type: "string" },
			"time-scale": { type: "string" },
			"autopilot-profile": { type: "string" },
			"list-lag": { type: "string" },
			"deletion-delay": { type: "string" },
			faults: { type: "string" },
			help: { type: "boolean", short: "h" },
		},
	});
	if (values.help) return "help";
	const { tls, "host-name": hostName, faults } = values;
	if (values.units !== undefined && values.sku === undefined) throw new TypeError("--units needs --sku");
	if (values.env && values.config) throw new TypeError("--env cannot be used with --config");
	return {
		readyFormat: values.env ? "env" : values.config ? "config" : "json",
		...(tls && { tls }),
		...(hostName !== undefined && { hostName: requireHostName(hostName) }),
		...(values.port !== undefined && { port: readWholeNumber("--port", values.port, 0, 65_535) }),
		...(values.sku !== undefined && { sku: requireSku(values.sku) }),
		...(values.units !== undefined && { units: readWholeNumber("--units", values.units, 1, 10_000) }),
		...(values["max-devices"] !== undefined && {
			maxDevices: readWholeNumber("--max-devices", values["max-devices"], 0, 1e9),
		}),
		...readDelays(values),
		...(values["time-scale"] !== undefined && {
			timeScale: readNumber("--time-scale", values["time-scale"]),
		}),
		...(faults !== undefined && { faults: readFaults(JSON.parse(readFileSync(faults, "utf8"))) }),
	};
}

function readWholeNumber(name: string, text: string, least: number, most: number): number {
	const value = Number(text);
	if (/^\d+$/.test(text) && value >= least && value <= most) return value;
	throw new TypeError(`${name} must be a whole number from ${least} to ${most}, not '${text}'`);
}

function readNumber(name: string, text: string): number {
	const value = Number(text);
	if (text.trim() !== "" && Number.isFinite(value) && value >= 0) return value;
	throw new TypeError(`${name} must be a number not below zero, not '${text}'`);
}

/** The options that set switches of the services. */
interface DelayOptions {
	readonly "autopilot-profile"?: string | undefined;
	readonly "list-lag"?: string | undefined;
	readonly "deletion-delay"?: string | undefined;
}

function readDelays(values: DelayOptions): Pick<EmulatorOptions, "switches" | "autopilot"> {
	const profile = values["autopilot-profile"];
	const listLag = readSeconds("--list-lag", values["list-lag"]);
	const deleteDelay = readSeconds("--deletion-delay", values["deletion-delay"]);
	return {
		...(listLag !== undefined && {
			switches: { createdIndexLag: listLag, changedIndexLag: listLag, deletedIndexLag: listLag },
		}),
		autopilot: {
			...(profile !== undefined && { profile: requireProfile(profile) }),
			...(listLag !== undefined && {
				listDelay: listLag,
				listRemovalDelay: listLag,
				identityListDelay: listLag,
				identityListRemovalDelay: listLag,
				uploadListDelay: listLag,
			}),
			...(deleteDelay !== undefined && { deleteDelay }),
		},
	};
}

/** Returns the seconds of an option as milliseconds. */
function readSeconds(name: string, text: string | undefined): number | undefined {
	return text === undefined ? undefined : readNumber(name, text) * 1000;
}

function requireSku(text: string): Sku {
	const sku = (["F1", "S1", "S2", "S3"] as const).find((candidate) => candidate === text.toUpperCase());
	if (sku !== undefined) return sku;
	throw new TypeError(`--sku must be F1, S1, S2 or S3, not '${text}'`);
}

function requireProfile(text: string): AutopilotSwitches["profile"] {
	const profile = PROFILES.find((candidate) => candidate === text);
	if (profile !== undefined) return profile;
	throw new TypeError(`--autopilot-profile must be ${PROFILES.join(" or ")}, not '${text}'`);
}

function requireHostName(text: string): string {
	if (/^[A-Za-z0-9.-]+(?::\d+)?$/.test(text)) return text;
	throw new TypeError(`--host-name must be a host name, not '${text}'`);
}
