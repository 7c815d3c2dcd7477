import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect, invoke, run } from "../../provider/runtime.ts";

const CONFIG: Readonly<Record<string, string>> = { "iothub:hostName": "fleet.example" };
const text = "the stored text";

describe("a call of the provider host", () => {
	test("that comes before configure waits for it, and knows the stack's settings", async () => {
		const early = run("deviceIdentity", "check", [{}, { deviceId: "a", __provider: text }]);
		await run("deviceIdentity", "configure", [{ config: { get: (key: string) => CONFIG[key] } }]);
		assert.deepEqual(await early, { inputs: { deviceId: "a", hubHostName: "fleet.example" }, failures: [] });
	});

	test("reaches the lifecycle without the stored text, which is no property of a device", async () => {
		const { failures } = (await run("deviceIdentity", "check", [
			{ __provider: text },
			{ deviceId: "a", __provider: text },
		])) as { failures: unknown[] };
		assert.deepEqual(failures, []);
	});

	test("with an identity that changes is planned without the network", async () => {
		const olds = { deviceId: "a", hubHostName: "fleet.example", __provider: text };
		const news = { deviceId: "b", hubHostName: "fleet.example", __provider: text };
		assert.deepEqual(await run("deviceIdentity", "diff", ["a", olds, news]), {
			changes: true,
			replaces: ["deviceId"],
			deleteBeforeReplace: true,
		});
	});

	test("for a kind that this release does not know says what to install", async () => {
		for (const kind of ["autopilotGroup", "toString"]) {
			await assert.rejects(run(kind, "check", [{}, {}]), {
				name: "TypeError",
				message:
					`State holds a resource of the kind "${kind}", which this release of pulumi-device-identity does not know; ` +
					"install the release that made it, or a later one.",
			});
		}
	});

	test("of a method that this release does not know says so", async () => {
		await assert.rejects(run("deviceIdentity", "construct", [{}]), {
			name: "TypeError",
			message: 'Pulumi called "construct", which this release of pulumi-device-identity does not know.',
		});
	});
});

test("a function that can't answer fails with the code behind the message, and a stack that begins with it", async () => {
	const config = (key: string) => (key === "iothub:hostName" ? "no host" : undefined);
	for (const name of ["getDeviceIdentity", "getDeviceCredentials", "queryDevices"] as const) {
		await assert.rejects(invoke(name, { deviceId: "a", query: "SELECT * FROM devices" }, config), (error) => {
			assert.ok(error instanceof Error);
			assert.match(error.message, /^iothub:.* \[ConfigurationError\]$/);
			assert.ok(error.stack?.includes(`${error.message}\n    at `), error.stack);
			return true;
		});
	}
});

test("a look for a report works by the configuration that it is given, and knows the same kinds", async () => {
	const object = { id: "a", outputs: { deviceId: "a", __provider: text }, consistency: "eventual" } as const;
	const config = (key: string) => (key === "iothub:onDrift" ? "perhaps" : undefined);
	await assert.rejects(inspect("deviceIdentity", object, config), {
		name: "ConfigurationError",
		key: "iothub:onDrift",
	});
	await assert.rejects(inspect("autopilotGroup", object, config), {
		name: "TypeError",
		message: /autopilotGroup/,
	});
});
