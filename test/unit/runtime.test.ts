import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect, invoke, run } from "../../provider/runtime.ts";

const CONFIG: Readonly<Record<string, string>> = { "iothub:hostName": "fleet.example" };
const storedText = "the stored text";

describe("a call of the provider host", () => {
	test("before configure waits for it and gets the stack's settings", async () => {
		const early = run("deviceIdentity", "check", [{}, { deviceId: "a", __provider: storedText }]);
		await run("deviceIdentity", "configure", [{ config: { get: (key: string) => CONFIG[key] } }]);
		assert.deepEqual(await early, { inputs: { deviceId: "a", hubHostName: "fleet.example" }, failures: [] });
	});

	test("reaches the resource type without the stored text, which is not a property of a device", async () => {
		const { failures } = (await run("deviceIdentity", "check", [
			{ __provider: storedText },
			{ deviceId: "a", __provider: storedText },
		])) as { failures: unknown[] };
		assert.deepEqual(failures, []);
	});

	test("with a changed identity is planned without the network", async () => {
		const olds = { deviceId: "a", hubHostName: "fleet.example", __provider: storedText };
		const news = { deviceId: "b", hubHostName: "fleet.example", __provider: storedText };
		assert.deepEqual(await run("deviceIdentity", "diff", ["a", olds, news]), {
			changes: true,
			replaces: ["deviceId"],
			deleteBeforeReplace: true,
		});
	});

	test("for an unknown kind names the release to install", async () => {
		for (const kind of ["autopilotGroup", "toString"]) {
			await assert.rejects(run(kind, "check", [{}, {}]), {
				name: "TypeError",
				message:
					`State contains a resource of the kind "${kind}", which this release of pulumi-device-identity does not support. ` +
					"Install the release that created it, or a later one.",
			});
		}
	});

	test("of an unknown method is an error that names it", async () => {
		await assert.rejects(run("deviceIdentity", "construct", [{}]), {
			name: "TypeError",
			message: 'Pulumi called "construct", which this release of pulumi-device-identity does not support.',
		});
	});
});

test("a function fails with the code at the end of the message, and a stack that begins with the message", async () => {
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

test("an inspection uses the given configuration and knows the same kinds", async () => {
	const object = {
		id: "a",
		outputs: { deviceId: "a", __provider: storedText },
		consistency: "eventual",
	} as const;
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
