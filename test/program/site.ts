import { join } from "node:path";
import { type Emulator, type EmulatorOptions, startEmulator } from "../emulator/emulator.ts";
import type { ConfigValue, Engine, ProjectSpec, Stack } from "../engine/index.ts";

/** The host name of the emulated hub, the same in every run so that runs can be compared. */
export const HOST = "fleet.azure-devices.net";

/** Configuration that signs in to the hub with Microsoft Entra, as to the tenant, instead of a policy's key. */
export const SIGNED_IN = {
	"iothub:connectionString": undefined,
	"iothub:hostName": HOST,
	"iothub:credential": "managedIdentity",
} as const;

/** Imports end before the provider's first poll, which is after ten real seconds. */
const SHORT = { importDelay: 300, syncDelay: 50 };

/** A stack of the test program, and the hub and the tenant that it deploys to. */
export interface Site {
	readonly emulator: Emulator;
	readonly stack: Stack;
}

/** The options of a site. */
export interface SiteOptions {
	/** Options of the services. Default: short imports. */
	readonly emulator?: EmulatorOptions;
	/** Configuration besides the services' addresses and sign-ins; undefined removes one of those. */
	readonly config?: Readonly<Record<string, ConfigValue | undefined>>;
	/** Environment variables of the program and the provider. Default: none. */
	readonly env?: (emulator: Emulator) => Readonly<Record<string, string>>;
	/** The folder of the program. Default: the one that declares what `devices` says. */
	readonly root?: string;
	/** The folder of the stack's state and configuration, which is removed in the end. Default: a temporary folder. */
	readonly stateDir?: string;
}

/** Returns the folder of one of the test programs. */
export function locateProgram(
	name:
		| "devices"
		| "machines"
		| "kiosks"
		| "both"
		| "estate"
		| "fleet"
		| "many"
		| "mixed"
		| "owned"
		| "crowd"
		| "hubs"
		| "lookedUp"
		| "typed",
): string {
	return join(__dirname, "fixtures", name);
}

/** Starts the services, opens a stack that is configured for them, runs work and removes everything. */
export async function runAtSite<Result>(
	engine: Engine,
	options: SiteOptions,
	work: (site: Site) => Promise<Result>,
): Promise<Result> {
	const emulator = await startEmulator({ hostName: HOST, autopilot: SHORT, ...options.emulator });
	const tenant = getTenantAccess(emulator);
	const config = {
		"iothub:connectionString": { secret: emulator.iotHub.connectionString },
		"iothub:endpoint": emulator.iotHub.url,
		...tenant.config,
		...options.config,
	};
	const set = Object.entries(config).filter(
		(entry): entry is [string, ConfigValue] => entry[1] !== undefined,
	);
	const root = options.root ?? locateProgram("devices");
	const env = { ...unsetSettings(), ...tenant.env, ...options.env?.(emulator) };
	const stack = await engine.open({
		root,
		config: Object.fromEntries(set),
		env,
		...(options.stateDir === undefined ? {} : { stateDir: options.stateDir }),
	});
	try {
		return await work({ emulator, stack });
	} finally {
		await stack.dispose();
		await emulator.close();
	}
}

/**
 * Returns the configuration that directs a stack to the emulated Graph: the address, and a sign-in with the managed
 * identity of an App Service.
 */
export function getTenantAccess({ graph, entra }: Emulator): Required<Pick<ProjectSpec, "config" | "env">> {
	const { endpoint, header } = entra.managedIdentity;
	return {
		config: { "autopilot:endpoint": graph.url, "autopilot:credential": "managedIdentity" },
		env: { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: header },
	};
}

/** Returns variables that unset the configuration in the environment of the test run. */
export function unsetSettings(): Record<string, string> {
	const names = Object.keys(process.env).filter((name) => /^(IOTHUB|AUTOPILOT|AZURE|ARM)_/.test(name));
	return Object.fromEntries(names.map((name) => [name, ""]));
}
