import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { test } from "node:test";
import { isEngineRunning } from "../../provider/engine.ts";

test("the engine runs as long as it accepts connections at the address that the provider host received", async () => {
	const engine = createServer();
	engine.listen(0, "127.0.0.1");
	await once(engine, "listening");
	const { port } = engine.address() as AddressInfo;
	const args = ["--logtostderr", "-v=3", `127.0.0.1:${port}`];
	assert.equal(await isEngineRunning(args), true);
	engine.close();
	await once(engine, "close");
	assert.equal(await isEngineRunning(args), false);
});

test("a process that no engine started counts as one whose engine runs", async () => {
	for (const args of [[], ["drift", "--json"], ["https://127.0.0.1:1/v1.0"], ["--tracing=127.0.0.1:1"]])
		assert.equal(await isEngineRunning(args), true);
});
