import { join } from "node:path";
import type { Engine } from "../engine/index.ts";
import { runAtSite, type Site, type SiteOptions } from "../program/site.ts";

/** The bench's programs. */
export type Program = "devices" | "machines" | "nothing";

/** Opens one of the bench's programs, configured for a hub and a tenant of its own. */
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
