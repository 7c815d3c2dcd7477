import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateHardwareHash } from "../emulator/emulator.ts";
import type { Engine } from "../engine/index.ts";
import { runAtSite, type Site, type SiteOptions } from "../program/site.ts";

/** The programs of the benchmarks. */
export type Program = "devices" | "machines" | "nothing";

/** Runs work on one of the programs, configured for a separate hub and tenant. */
export function runAtBench<Result>(
	engine: Engine,
	{ program, config = {} }: { program: Program; config?: SiteOptions["config"] },
	work: (site: Site) => Promise<Result>,
): Promise<Result> {
	return runAtSite(engine, { root: join(__dirname, "fixtures", program), config }, work);
}

/** Runs an operation that must succeed. */
export async function requireSuccess<Outcome extends { exitCode: number; output: string }>(
	outcome: Promise<Outcome>,
): Promise<Outcome> {
	const done = await outcome;
	if (done.exitCode !== 0) throw new Error(done.output);
	return done;
}

/** The machines that the program declares. */
export interface Machines {
	/** The number of machines, named `machine-0` and so on. Default 1. */
	readonly count?: number;
	/** Whether each has a hash of 4000 characters, as real ones have. Default true. */
	readonly hashed?: boolean;
	readonly config?: SiteOptions["config"];
}

/** Runs work on the program that declares machines. */
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
