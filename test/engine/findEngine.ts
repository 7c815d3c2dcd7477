import { findCli } from "./cli/cli.ts";
import type { Engine } from "./engine.ts";
import { createStandIn } from "./standIn/standIn.ts";

/**
 * The engine to run programs with: the `pulumi` on PATH where there is one, else the stand-in. One that is asked for by
 * name is given or refused.
 */
export async function findEngine(prefer?: Engine["name"]): Promise<Engine> {
	if (prefer === "stand-in") return createStandIn();
	const real = await findCli();
	if (real !== undefined) return real;
	if (prefer === "pulumi") throw new Error("There is no pulumi with its Node language host on PATH.");
	return createStandIn();
}
