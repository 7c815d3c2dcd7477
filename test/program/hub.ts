import { join } from "node:path";
import { type Emulator, type EmulatorOptions, startEmulator } from "../emulator/emulator.ts";
import type { ConfigValue, Engine, Stack } from "../engine/index.ts";

/** The host name of the emulated hub, the same in every run so that runs can be compared. */
export const HOST = "fleet.azure-devices.net";

/** A stack of the test program and the hub that it deploys to. */
export interface Site {
	readonly emulator: Emulator;
	readonly stack: Stack;
}

/** How to set a site up. */
export interface SiteOptions {
	readonly emulator?: EmulatorOptions;
	/** Configuration besides the hub's; undefined takes one of those away. */
	readonly config?: Readonly<Record<string, ConfigValue | undefined>>;
	/** The folder of the program; the one that declares what `devices` says unless given. */
	readonly root?: string;
}

/** Starts a hub, opens a stack that is configured for it, does the work and takes both away again. */
export async function atSite<Result>(
	engine: Engine,
	options: SiteOptions,
	work: (site: Site) => Promise<Result>,
): Promise<Result> {
	const emulator = await startEmulator({ hostName: HOST, ...options.emulator });
	const config = {
		"iothub:connectionString": { secret: emulator.iotHub.connectionString },
		"iothub:endpoint": emulator.iotHub.url,
		...options.config,
	};
	const set = Object.entries(config).filter(
		(entry): entry is [string, ConfigValue] => entry[1] !== undefined,
	);
	const root = options.root ?? join(__dirname, "fixtures", "devices");
	const stack = await engine.open({ root, config: Object.fromEntries(set), env: withoutSettings() });
	try {
		return await work({ emulator, stack });
	} finally {
		await stack.dispose();
		await emulator.close();
	}
}

/** The environment of whoever runs the tests must not configure anything. */
function withoutSettings(): Record<string, string> {
	const names = Object.keys(process.env).filter((name) => /^(IOTHUB|AZURE|ARM)_/.test(name));
	return Object.fromEntries(names.map((name) => [name, ""]));
}
