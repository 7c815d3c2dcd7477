import assert from "node:assert/strict";
import { test } from "node:test";
import { StackConfig } from "../../provider/stackConfig.ts";

const request = { config: { get: (key: string) => (key === "iothub:hostName" ? "h" : undefined) } };

test("whoever asks before the configuration is there waits for it", async () => {
	const configured = new StackConfig();
	const early = Promise.all([configured.waitForConfig(), configured.waitForConfig()]);
	configured.configure(request);
	const [first, second] = await early;
	assert.equal(first, second);
	assert.equal(first("iothub:hostName"), "h");
	assert.equal(first("iothub:sku"), undefined);
});

test("whoever asks later gets the same configuration, so that clients are built once", async () => {
	const configured = new StackConfig();
	configured.configure(request);
	const first = await configured.waitForConfig();
	configured.configure({ config: { get: () => "another" } });
	assert.equal(await configured.waitForConfig(), first);
});

test("a request without configuration is a fault of the host", () => {
	for (const nothing of [undefined, null, "config", {}]) {
		assert.throws(() => new StackConfig().configure(nothing), TypeError);
	}
});

test("after a minute without configuration the user learns which release of Pulumi hands it over", async (t) => {
	t.mock.timers.enable({ apis: ["setTimeout"] });
	const waiting = new StackConfig().waitForConfig();
	t.mock.timers.tick(60_000);
	await assert.rejects(waiting, {
		message:
			"Pulumi's provider host did not hand over the stack's configuration. It does since @pulumi/pulumi 3.150; " +
			"install that or a later one.",
	});
});
