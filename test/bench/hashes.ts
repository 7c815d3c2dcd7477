import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateHardwareHash } from "../emulator/emulator.ts";
import type { Engine } from "../engine/index.ts";
import type { Site, SiteOptions } from "../program/site.ts";
import { runAtBench } from "./bench.ts";

/** What the program declares. */
export interface Machines {
	/** How many machines, `machine-0` and so on. Default 1. */
	readonly count?: number;
	/** Whether each has a hash of 4000 characters, as real ones have. Default true. */
	readonly hashed?: boolean;
	readonly config?: SiteOptions["config"];
}

/** Opens the program that declares machines. */
export async function runAtMachines<Result>(
	engine: Engine,
	{ count = 1, hashed = true, config = {} }: Machines,
	work: (site: Site) => Promise<Result>,
): Promise<Result> {
	const folder = await mkdtemp(join(tmpdir(), "bench-"));
	const file = join(folder, "hashes.json");
	const serials = [...Array(count).keys()].map((index) => `machine-${index}`);
	const hashes = serials.map((serial) => [serial, hashed ? generateHardwareHash(serial) : ""]);
	await writeFile(file, JSON.stringify(Object.fromEntries(hashes)));
	try {
		return await runAtBench(engine, { program: "machines", config: { ...config, hashes: file } }, work);
	} finally {
		await rm(folder, { recursive: true });
	}
}
