import { join } from "node:path";
import { type Emulator, type EmulatorOptions, startEmulator } from "../emulator/emulator.ts";
import type { ConfigValue, Engine, ProjectSpec, Stack } from "../engine/index.ts";

/** The host name of the emulated hub, the same in every run so that runs can be compared. */
export const HOST = "fleet.azure-devices.net";

/** Configuration that signs in to the hub by Microsoft Entra, as to the tenant, instead of by a policy's key. */
export const SIGNED_IN = {
	"iothub:connectionString": undefined,
	"iothub:hostName": HOST,
	"iothub:credential": "managedIdentity",
} as const;

/** Imports end before the provider first looks, which it does after ten seconds of its own. */
const SHORT = { importDelay: 300, syncDelay: 50 };

/** A stack of the test program, and the hub and the tenant that it deploys to. */
export interface Site {
	readonly emulator: Emulator;
	readonly stack: Stack;
}

/** How to set a site up. */
export interface SiteOptions {
	/** How the services behave; imports are short unless it says otherwise. */
	readonly emulator?: EmulatorOptions;
	/** Configuration besides the services' addresses and sign-ins; undefined takes one of those away. */
	readonly config?: Readonly<Record<string, ConfigValue | undefined>>;
	/** The folder of the program; the one that declares what `devices` says unless given. */
	readonly root?: string;
	/** Where the stack's state and configuration live; a folder of its own unless given. It is removed in the end. */
	readonly stateDir?: string;
}

/** The folder of one of the test programs. */
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
		| "crowd",
): string {
	return join(__dirname, "fixtures", name);
}

/** Starts the services, opens a stack that is configured for them, does the work and takes all of it away again. */
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
	const env = { ...unsetSettings(), ...tenant.env };
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

/** What leads a stack to the emulated Graph: the address, and a sign-in with the managed identity of an App Service. */
export function getTenantAccess({ graph, entra }: Emulator): Required<Pick<ProjectSpec, "config" | "env">> {
	const { endpoint, header } = entra.managedIdentity;
	return {
		config: { "autopilot:endpoint": graph.url, "autopilot:credential": "managedIdentity" },
		env: { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: header },
	};
}

/** Takes away what the environment of whoever runs the tests configures. */
export function unsetSettings(): Record<string, string> {
	const names = Object.keys(process.env).filter((name) => /^(IOTHUB|AUTOPILOT|AZURE|ARM)_/.test(name));
	return Object.fromEntries(names.map((name) => [name, ""]));
}
