import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../emulator/emulator.ts";
import { getTenantEnv, type Ran, runDeviceIdentity, runInFolder } from "./cli.ts";
import { HOST } from "./site.ts";

/** A folder with a program, and the command that writes to it. */
export interface AdoptFolder {
	readonly emulator: Emulator;
	adopt(...args: string[]): Promise<Ran>;
	/** Returns all files of the folder by name. */
	readFiles(): Promise<Readonly<Record<string, string>>>;
	write(name: string, text: string): Promise<void>;
}

/** Runs work in an empty folder, next to an emulated hub and tenant. */
export async function runAtFolder(work: (folder: AdoptFolder) => Promise<void>): Promise<void> {
	const emulator = await startEmulator({ hostName: HOST });
	const env = {
		...getTenantEnv({ emulator }),
		IOTHUB_CONNECTION_STRING: emulator.iotHub.connectionString,
		IOTHUB_ENDPOINT: emulator.iotHub.url,
	};
	try {
		await runInFolder((path) =>
			work({
				emulator,
				adopt: (...args) => runDeviceIdentity(["adopt", "--out", path, ...args], env),
				async readFiles() {
					const names = await readdir(path);
					const texts = await Promise.all(names.map((name) => readFile(join(path, name), "utf8")));
					return Object.fromEntries(names.map((name, at) => [name, texts[at] ?? ""]));
				},
				write: (name, text) => writeFile(join(path, name), text),
			}),
		);
	} finally {
		await emulator.close();
	}
}
