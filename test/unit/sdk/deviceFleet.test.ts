import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { DeviceFleet, type DeviceFleetArgs, type FleetDevice } from "../../../provider/sdk/deviceFleet.ts";
import { trampoline } from "../../../provider/sdk/trampoline.ts";
import { MockedEngine, type Registered, unwrapSecret } from "./mockedEngine.ts";

const engine = new MockedEngine((inputs) => ({ state: { ...inputs, hubHostName: "h.example", count: 7 } }));
const { registered, options } = engine;

const KEYS = { symmetricKey: { primaryKey: "a", secondaryKey: "b" } };

/** Declares a fleet. Answers it, and what the engine was told. */
async function declare(
	args: DeviceFleetArgs,
	opts?: pulumi.CustomResourceOptions,
): Promise<{ fleet: DeviceFleet; told: Registered }> {
	const fleet = new DeviceFleet("plant", args, engine.seen(opts));
	return { fleet, told: await engine.told(fleet) };
}

/** The devices that the engine was told of. */
function devicesIn({ inputs }: Registered): unknown {
	return JSON.parse(String(unwrapSecret(inputs["devices"])));
}

function isSecret({ inputs }: Registered): boolean {
	return pulumi.runtime.isRpcSecret(inputs["devices"]);
}

/** Declares what the types refuse. */
function untyped(devices: unknown, defaults: unknown = {}): () => DeviceFleet {
	return () => new DeviceFleet("plant", { devices, defaults } as DeviceFleetArgs);
}

describe("a declared fleet", () => {
	test("is a dynamic resource of the module iothub with the constant text", async () => {
		const { told } = await declare({ devices: {} });
		assert.equal(told.type, "pulumi-nodejs:dynamic/iothub:DeviceFleet");
		assert.equal(told.inputs["__provider"], trampoline("deviceFleet"));
	});

	test("hands its devices over as one text, and nothing that it did not declare", async () => {
		const devices = { gw: { capabilities: { iotEdge: true } }, pump: { parent: "gw" } };
		const { told } = await declare({ devices });
		assert.deepEqual(Object.keys(told.inputs).sort(), ["__provider", "devices"]);
		assert.equal(typeof told.inputs["devices"], "string");
		assert.deepEqual(devicesIn(told), devices);
	});

	test("hands every other argument over under its own name", async () => {
		const args = { hubHostName: "h.example", adopt: true, onDrift: "fail" } as const;
		const { __provider: _, devices: __, ...inputs } = (await declare({ ...args, devices: {} })).told.inputs;
		assert.deepEqual(inputs, args);
	});

	test("rejects unknown arguments, also names that every object inherits", () => {
		const refused = (args: object, message: string): void =>
			assert.throws(() => new DeviceFleet("plant", args as DeviceFleetArgs), { name: "TypeError", message });
		refused(
			{ devices: {}, defalts: { status: "disabled" } },
			'DeviceFleet "plant" has no property "defalts". Did you mean "defaults"?',
		);
		refused(
			{ devices: {}, toString: 1 },
			'DeviceFleet "plant" has no property "toString". It has: devices, defaults, derivedFrom, rotation, hubHostName, adopt, onDrift.',
		);
	});

	test("passes over an argument that is undefined, whatever its name", async () => {
		const { told } = await declare({ devices: {}, site: undefined } as DeviceFleetArgs);
		assert.ok(!("site" in told.inputs));
	});

	test("has outputs for its hub and for how many devices there are", async () => {
		const { fleet } = await declare({ devices: {} });
		assert.ok(pulumi.Output.isInstance(fleet.count));
		assert.ok(pulumi.Output.isInstance(fleet.hubHostName));
	});

	test("passes options on, its own secrets besides those that are asked for", async () => {
		const devices = { pump: { authentication: KEYS } };
		await declare({ devices }, { protect: true, additionalSecretOutputs: ["count"] });
		assert.equal(options[0]?.protect, true);
		assert.deepEqual(options[0]?.additionalSecretOutputs, ["__members", "count"]);
	});

	test("is recognized by isInstance", async () => {
		const { fleet } = await declare({ devices: {} });
		assert.ok(DeviceFleet.isInstance(fleet));
		assert.equal(DeviceFleet.isInstance({ count: 1, hubHostName: "h.example" }), false);
		assert.equal(DeviceFleet.isInstance(undefined), false);
	});
});

describe("the defaults", () => {
	test("hold for what a device does not say, property by property", async () => {
		const { told } = await declare({
			devices: { plain: {}, off: { status: "disabled" }, why: { statusReason: "spare" } },
			defaults: { status: "enabled", statusReason: "in service" },
		});
		assert.deepEqual(devicesIn(told), {
			plain: { status: "enabled", statusReason: "in service" },
			off: { status: "disabled", statusReason: "in service" },
			why: { status: "enabled", statusReason: "spare" },
		});
	});

	test("give way as a whole, for half of an authentication is another one", async () => {
		const { told } = await declare({
			devices: { pump: { authentication: { type: "certificateAuthority" } } },
			defaults: { authentication: { type: "selfSigned", x509Thumbprint: { primaryThumbprint: "A" } } },
		});
		assert.deepEqual(devicesIn(told), { pump: { authentication: { type: "certificateAuthority" } } });
	});

	test("hold where a device's property is there but undefined", async () => {
		const pump = { status: undefined, statusReason: undefined } as unknown as FleetDevice;
		const { told } = await declare({ devices: { pump }, defaults: { status: "enabled" } });
		assert.deepEqual(devicesIn(told), { pump: { status: "enabled" } });
	});
});

describe("a map that is an output", () => {
	test("is resolved, merged with the defaults and written like any other", async () => {
		const devices = pulumi.output(Promise.resolve({ pump: { statusReason: "spare" } }));
		const { told } = await declare({ devices, defaults: { status: "enabled" } });
		assert.deepEqual(devicesIn(told), { pump: { status: "enabled", statusReason: "spare" } });
		assert.equal(isSecret(told), false);
	});

	test("may be a promise", async () => {
		const { told } = await declare({
			devices: Promise.resolve({ pump: {} }),
			defaults: { status: "enabled" },
		});
		assert.deepEqual(devicesIn(told), { pump: { status: "enabled" } });
		assert.deepEqual(options[0]?.additionalSecretOutputs, ["__members"]);
	});

	test("makes what state keeps of it a secret, for nobody can tell yet whether it is one", async () => {
		await declare({ devices: pulumi.output({ pump: {} }) });
		assert.deepEqual(options[0]?.additionalSecretOutputs, ["__members"]);
	});

	test("that is a secret stays one, and so does one with keys", async () => {
		assert.ok(isSecret((await declare({ devices: pulumi.secret({ pump: {} }) })).told));
		assert.ok(isSecret((await declare({ devices: pulumi.output({ pump: { authentication: KEYS } }) })).told));
	});
});

describe("a fleet is a secret", () => {
	test("if one of its devices declares keys", async () => {
		const { told } = await declare({ devices: { tank: {}, pump: { authentication: KEYS } } });
		assert.ok(isSecret(told));
		assert.deepEqual(devicesIn(told), { tank: {}, pump: { authentication: KEYS } });
	});

	test("if the defaults declare keys that a device inherits", async () => {
		assert.ok(isSecret((await declare({ devices: { pump: {} }, defaults: { authentication: KEYS } })).told));
	});

	test("if an untyped program gives a device the key of its group", async () => {
		untyped({ pump: { authentication: { derivedFrom: "a" } } })();
		await new Promise((resolve) => setImmediate(resolve));
		assert.ok(isSecret(registered[0] ?? assert.fail("nothing was declared")));
	});

	test("and nowhere else", async () => {
		const certificate = { type: "certificateAuthority" } as const;
		const { told } = await declare({
			devices: { pump: { authentication: certificate } },
			defaults: { authentication: KEYS },
		});
		assert.equal(isSecret(told), false);
		assert.deepEqual(options[0]?.additionalSecretOutputs, []);
	});
});

test("the key of the fleet's enrollment group is a secret beside devices that are none", async () => {
	for (const derivedFrom of [
		"a",
		pulumi.output("a"),
		{ primaryKey: "a", secondaryKey: pulumi.secret("b") },
	]) {
		const { told } = await declare({ devices: { pump: {} }, derivedFrom });
		assert.ok(pulumi.runtime.isRpcSecret(told.inputs["derivedFrom"]));
		assert.equal(isSecret(told), false);
		assert.deepEqual(devicesIn(told), { pump: {} });
	}
	assert.deepEqual(options.at(-1)?.additionalSecretOutputs, []);
});

describe("a value that JSON would drop is a TypeError that names its path", () => {
	test("an output or a promise, at any depth", () => {
		const reason = pulumi.output("spare");
		const refused = (path: RegExp) => ({ name: "TypeError", message: path });
		assert.throws(
			untyped({ pump: { statusReason: reason } }),
			refused(/^devices\["pump"\]\.statusReason is an output or a promise, .* as a DeviceIdentity/),
		);
		assert.throws(
			untyped({ pump: { authentication: { symmetricKey: { primaryKey: reason } } } }),
			refused(/^devices\["pump"\]\.authentication\.symmetricKey\.primaryKey is an output or a promise/),
		);
		assert.throws(untyped({ pump: reason }), refused(/^devices\["pump"\] is an output or a promise/));
		assert.throws(
			untyped({ pump: { parent: Promise.resolve("gw") } }),
			refused(/parent is an output or a promise/),
		);
		assert.throws(
			untyped({}, { statusReason: reason }),
			refused(/^defaults\.statusReason is an output or a promise/),
		);
		assert.throws(untyped({}, reason), refused(/^defaults is an output or a promise/));
	});

	test("and a map that is none, which would be a fleet without devices: all of them would be deleted", () => {
		for (const devices of [undefined, null, [], "pump", new Map([["pump", {}]])]) {
			assert.throws(untyped(devices), { name: "TypeError", message: /^devices must be an object/ });
		}
	});

	test("and a device that is none", () => {
		for (const pump of [undefined, null, [], "gw", true]) {
			assert.throws(untyped({ pump }), {
				name: "TypeError",
				message: /^devices\["pump"\] must be an object/,
			});
		}
	});
});
