import { test } from "node:test";
import { createStandIn, type Engine, findCli } from "../engine/index.ts";

/** Declares a test with a part for each engine: the stand-in, and the CLI if a `pulumi` is on PATH. */
export function testOnEngines(title: string, work: (engine: Engine) => Promise<void>): void {
	test(title, async (t) => {
		const cli = await findCli();
		if (cli === undefined) t.diagnostic("No pulumi on PATH: tested on the stand-in only.");
		for (const engine of cli === undefined ? [createStandIn()] : [createStandIn(), cli])
			await t.test(`on ${engine.name}`, () => work(engine));
	});
}
