import assert from "node:assert/strict";
import { test } from "node:test";
import { type Engine, findCli, type Json } from "../engine/index.ts";
import { locateProgram, runAtSite, type Site } from "./site.ts";

/** With this many devices the fleet's state exceeds the 12.5 MB that the properties of an error can hold. */
const COUNT = 40_000;

// Node's own gRPC client, on which the stand-in is built, hangs if an error has more than 64 KB.
test("one failing device does not lose the others, however many there are", async (t) => {
	const real = await findCli();
	if (real === undefined) return t.diagnostic("No pulumi on PATH: nothing was tested.");
	await keepsTheOthers(real);
});

async function keepsTheOthers(engine: Engine): Promise<void> {
	const config = { count: String(COUNT) };
	await runAtSite(engine, { root: locateProgram("many"), config }, async (site) => {
		const { stack, emulator } = site;
		const refused = { kind: "status", status: 400, code: "ArgumentInvalid", message: "refused" } as const;
		emulator.control.faults.add({ match: { method: "PUT", path: "sensor-7-" }, action: refused });
		const failed = await stack.up();
		assert.notEqual(failed.exitCode, 0);
		assert.match(failed.output, /1 of 40000 devices failed; the others are as declared/);
		const outputs = await readFleetOutputs(site);
		assert.equal(outputs["count"], COUNT - 1);
		assert.equal(outputs["__membersVersion"], 2);
		emulator.control.requests.reset();
		const { exitCode, output } = await stack.up();
		assert.equal(exitCode, 0, output);
		assert.match(output, /1 device to create \(sensor-7-x+\)/);
		assert.equal(emulator.control.requests.count({ method: "PUT" }), 1);
		const after = await readFleetOutputs(site);
		assert.deepEqual([after["count"], after["__membersVersion"]], [COUNT, 1]);
		assert.ok(String(after["__members"]).length > 12_582_912);
	});
}

async function readFleetOutputs({ stack }: Site): Promise<Readonly<Record<string, Json>>> {
	const { resources = [] } = (await stack.exportState()).deployment;
	return resources.find(({ type }) => type.endsWith(":DeviceFleet"))?.outputs ?? {};
}
