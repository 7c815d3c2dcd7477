import assert from "node:assert/strict";
import { test } from "node:test";
import { StackConfig } from "../../provider/stackConfig.ts";

const request = { config: { get: (key: string) => (key === "iothub:hostName" ? "h" : undefined) } };

test("calls before configure wait for the configuration", async () => {
	const stackConfig = new StackConfig();
	const early = Promise.all([stackConfig.waitForConfig(), stackConfig.waitForConfig()]);
	stackConfig.configure(request);
	const [first, second] = await early;
	assert.equal(first, second);
	assert.equal(first("iothub:hostName"), "h");
	assert.equal(first("iothub:sku"), undefined);
});

test("the keys and the project's name come with the configuration, if the host has them", async () => {
	const stackConfig = new StackConfig();
	const rawConfig = { "iothub:hostName": "h", "plant:devices": "{}" };
	stackConfig.configure({ config: { get: () => undefined, rawConfig, projectName: "plant" } });
	const { keys, projectName } = await stackConfig.waitForConfig();
	assert.deepEqual([keys, projectName], [["iothub:hostName", "plant:devices"], "plant"]);

	const bare = new StackConfig();
	bare.configure(request);
	assert.equal((await bare.waitForConfig()).keys, undefined);
});

test("later calls get the same configuration, so that clients are created once", async () => {
	const stackConfig = new StackConfig();
	stackConfig.configure(request);
	const first = await stackConfig.waitForConfig();
	stackConfig.configure({ config: { get: () => "another" } });
	assert.equal(await stackConfig.waitForConfig(), first);
});

test("a request without configuration is a TypeError", () => {
	for (const nothing of [undefined, null, "config", {}]) {
		assert.throws(() => new StackConfig().configure(nothing), TypeError);
	}
});

test("after a minute without configuration the error names the required release of Pulumi", async (t) => {
	t.mock.timers.enable({ apis: ["setTimeout"] });
	const waiting = new StackConfig().waitForConfig();
	t.mock.timers.tick(60_000);
	await assert.rejects(waiting, {
		message:
			"Pulumi's provider host did not send the stack's configuration. Install @pulumi/pulumi 3.150 or later, " +
			"which sends it.",
	});
});
