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

test("arguments of a provider have the texts that a stack's configuration would have, secrets in them included", async () => {
	const secret = (value: unknown) => ({
		"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
		value,
	});
	const args: Readonly<Record<string, unknown>> = {
		"iothub:maxDeletes": 5,
		"iothub:storeCredentials": false,
		"iothub:timeouts": { create: "10m" },
		"iothub:connectionString": ["one", secret("two")],
		"iothub:sku": null,
	};
	const stackConfig = new StackConfig();
	stackConfig.configure({ config: { get: (key: string) => args[key] } });
	const config = await stackConfig.waitForConfig();
	assert.deepEqual(Object.keys(args).map(config), [
		"5",
		"false",
		'{"create":"10m"}',
		'["one","two"]',
		undefined,
	]);
});

test("the settings count as arguments of a provider once a resource says so", async () => {
	const stackConfig = new StackConfig();
	stackConfig.configure(request);
	const config = await stackConfig.waitForConfig();
	assert.equal(config.isFromProvider, false);
	stackConfig.markFromProvider();
	assert.equal(config.isFromProvider, true);
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
