import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { DeviceFleet, type DeviceFleetArgs, type FleetDevice } from "../../../provider/sdk/deviceFleet.ts";
import { trampoline } from "../../../provider/sdk/trampoline.ts";
import { MockedEngine, type Registered, unwrapSecret } from "./mockedEngine.ts";

const engine = new MockedEngine((inputs) => ({ state: { ...inputs, hubHostName: "h.example", count: 7 } }));
const { registered, options } = engine;

const KEYS = { symmetricKey: { primaryKey: "a", secondaryKey: "b" } };

/** Declares a fleet. Returns it and its registration. */
async function declare(
	args: DeviceFleetArgs,
	opts?: pulumi.CustomResourceOptions,
): Promise<{ fleet: DeviceFleet; told: Registered }> {
	const fleet = new DeviceFleet("plant", args, engine.seen(opts));
	return { fleet, told: await engine.told(fleet) };
}

/** Returns the devices that were registered. */
function devicesIn({ inputs }: Registered): unknown {
	return JSON.parse(String(unwrapSecret(inputs["devices"])));
}

function isSecret({ inputs }: Registered): boolean {
	return pulumi.runtime.isRpcSecret(inputs["devices"]);
}

/** Declares a fleet with arguments that the types reject. */
function untyped(devices: unknown, defaults: unknown = {}): () => DeviceFleet {
	return () => new DeviceFleet("plant", { devices, defaults } as DeviceFleetArgs);
}

describe("a declared fleet", () => {
	test("is a dynamic resource of the module iothub with the constant text", async () => {
		const { told } = await declare({ devices: {} });
		assert.equal(told.type, "pulumi-nodejs:dynamic/iothub:DeviceFleet");
		assert.equal(told.inputs["__provider"], trampoline("deviceFleet"));
	});

	test("passes its devices on as one string, and nothing undeclared", async () => {
		const devices = { gw: { capabilities: { iotEdge: true } }, pump: { parent: "gw" } };
		const { told } = await declare({ devices });
		assert.deepEqual(Object.keys(told.inputs).sort(), ["__provider", "devices"]);
		assert.equal(typeof told.inputs["devices"], "string");
		assert.deepEqual(devicesIn(told), devices);
	});

	test("passes every other argument on under its own name", async () => {
		const rotation = { keyType: "primary", generation: 2, share: 10 } as const;
		const args = { hubHostName: "h.example", adopt: true, onDrift: "fail", rotation } as const;
		const { __provider: _, devices: __, ...inputs } = (await declare({ ...args, devices: {} })).told.inputs;
		assert.deepEqual(inputs, args);
	});

	test("passes the scopes of gateways on as they are, with the empty string for one that is missing", async () => {
		const scope = "ms-azure-iot-edge://gw-1";
		const gateways = {
			known: scope,
			output: pulumi.output(scope),
			missing: pulumi.output<string | undefined>(undefined),
		};
		const expected = { known: scope, output: scope, missing: "" };
		assert.deepEqual((await declare({ devices: {}, gateways })).told.inputs["gateways"], expected);
		const whole = pulumi.output({ known: scope });
		assert.deepEqual((await declare({ devices: {}, gateways: whole })).told.inputs["gateways"], {
			known: scope,
		});
	});

	test("says where the scope of a gateway belongs if it is an output inside a device", () => {
		assert.throws(
			untyped({ a: { deviceScope: pulumi.output("x") } }),
			/The scope of a gateway outside the fleet .* name it in gateways, /,
		);
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
			'DeviceFleet "plant" has no property "toString". It has: devices, defaults, derivedFrom, rotation, gateways, hubHostName, adopt, onDrift.',
		);
	});

	test("ignores an argument that is undefined, whatever its name", async () => {
		const { told } = await declare({ devices: {}, site: undefined } as DeviceFleetArgs);
		assert.ok(!("site" in told.inputs));
	});

	test("has outputs for its hub and the number of devices", async () => {
		const { fleet } = await declare({ devices: {} });
		assert.ok(pulumi.Output.isInstance(fleet.count));
		assert.ok(pulumi.Output.isInstance(fleet.hubHostName));
	});

	test("passes options on, with its own secret outputs in addition to the requested ones", async () => {
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
	test("apply to each property that a device does not declare", async () => {
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

	test("are replaced as a whole, since half of an authentication is another authentication", async () => {
		const { told } = await declare({
			devices: { pump: { authentication: { type: "certificateAuthority" } } },
			defaults: { authentication: { type: "selfSigned", x509Thumbprint: { primaryThumbprint: "A" } } },
		});
		assert.deepEqual(devicesIn(told), { pump: { authentication: { type: "certificateAuthority" } } });
	});

	test("apply if a property of a device is undefined", async () => {
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

	test("makes its value in state a secret, since it may be one", async () => {
		await declare({ devices: pulumi.output({ pump: {} }) });
		assert.deepEqual(options[0]?.additionalSecretOutputs, ["__members"]);
	});

	test("stays a secret if it is one or contains keys", async () => {
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

	test("if an untyped program declares the group key for a device", async () => {
		untyped({ pump: { authentication: { derivedFrom: "a" } } })();
		await new Promise((resolve) => setImmediate(resolve));
		assert.ok(isSecret(registered[0] ?? assert.fail("nothing was declared")));
	});

	test("and in no other case", async () => {
		const certificate = { type: "certificateAuthority" } as const;
		const { told } = await declare({
			devices: { pump: { authentication: certificate } },
			defaults: { authentication: KEYS },
		});
		assert.equal(isSecret(told), false);
		assert.deepEqual(options[0]?.additionalSecretOutputs, []);
	});
});

test("the key of the fleet's enrollment group is a secret even if the devices are not", async () => {
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

	test("and a map that is not an object, which would be a fleet without devices and delete all of them", () => {
		for (const devices of [undefined, null, [], "pump", new Map([["pump", {}]])]) {
			assert.throws(untyped(devices), { name: "TypeError", message: /^devices must be an object/ });
		}
	});

	test("and a device that is not an object", () => {
		for (const pump of [undefined, null, [], "gw", true]) {
			assert.throws(untyped({ pump }), {
				name: "TypeError",
				message: /^devices\["pump"\] must be an object/,
			});
		}
	});
});
