import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { AutopilotFleet, type AutopilotFleetArgs } from "../../../provider/sdk/autopilotFleet.ts";
import { DeviceFleet } from "../../../provider/sdk/deviceFleet.ts";
import { trampoline } from "../../../provider/sdk/trampoline.ts";
import { MockedEngine, type Registered, unwrapSecret } from "./mockedEngine.ts";

const engine = new MockedEngine((inputs) => ({ state: { ...inputs, count: 7 } }));
const { options } = engine;

const HASH = "T0FAAAwAFADrMWrf6mTyI9hYCc55iLT1DgAPADVDRzQxMTBLN00A";

/** Declares a fleet. Returns it and its registration. */
async function declare(
	args: AutopilotFleetArgs,
	opts?: pulumi.CustomResourceOptions,
): Promise<{ fleet: AutopilotFleet; told: Registered }> {
	const fleet = new AutopilotFleet("kiosks", args, engine.seen(opts));
	return { fleet, told: await engine.told(fleet) };
}

/** Returns the machines that were registered. */
function machinesIn({ inputs }: Registered): unknown {
	return JSON.parse(String(unwrapSecret(inputs["machines"])));
}

function isSecret({ inputs }: Registered): boolean {
	return pulumi.runtime.isRpcSecret(inputs["machines"]);
}

/** Declares a fleet with arguments that the types reject. */
function untyped(machines: unknown, defaults: unknown = {}): () => AutopilotFleet {
	return () => new AutopilotFleet("kiosks", { machines, defaults } as AutopilotFleetArgs);
}

describe("a declared fleet of machines", () => {
	test("is a dynamic resource of the module autopilot with the constant text", async () => {
		const { told } = await declare({ machines: {} });
		assert.equal(told.type, "pulumi-nodejs:dynamic/autopilot:AutopilotFleet");
		assert.equal(told.inputs["__provider"], trampoline("autopilotFleet"));
	});

	test("rejects an unknown argument", () => {
		const wrong = { machines: {}, Defaults: { groupTag: "Kiosk" } } as AutopilotFleetArgs;
		assert.throws(() => new AutopilotFleet("kiosks", wrong), {
			name: "TypeError",
			message: 'AutopilotFleet "kiosks" has no property "Defaults". Did you mean "defaults"?',
		});
	});

	test("passes its machines on as one string, and every other argument under its own name", async () => {
		const args = { adopt: true, onDrift: "fail" } as const;
		const { told } = await declare({ ...args, machines: { "5CG1": { groupTag: "Kiosk" } } });
		const { __provider: _, machines, ...inputs } = told.inputs;
		assert.equal(typeof machines, "string");
		assert.deepEqual(machinesIn(told), { "5CG1": { groupTag: "Kiosk" } });
		assert.deepEqual(inputs, args);
	});

	test("has an output for the number of machines, and is recognized by isInstance", async () => {
		const { fleet } = await declare({ machines: {} });
		assert.ok(pulumi.Output.isInstance(fleet.count));
		assert.ok(AutopilotFleet.isInstance(fleet));
		assert.equal(DeviceFleet.isInstance(fleet), false);
		const other = new DeviceFleet("plant", { devices: {} });
		await engine.told(other);
		assert.equal(AutopilotFleet.isInstance(other), false);
		assert.equal(AutopilotFleet.isInstance({ count: 1, machines: "{}" }), false);
		assert.equal(AutopilotFleet.isInstance(undefined), false);
	});

	test("applies its defaults to machines without a value of their own", async () => {
		const { told } = await declare({
			machines: { a: {}, b: { groupTag: "" }, c: { groupTag: "Lobby" } },
			defaults: { groupTag: "Kiosk" },
		});
		assert.deepEqual(machinesIn(told), {
			a: { groupTag: "Kiosk" },
			b: { groupTag: "" },
			c: { groupTag: "Lobby" },
		});
	});
});

describe("a list of machines", () => {
	const list = [{ serialNumber: "5CG2", groupTag: "Lobby" }, { serialNumber: "0174 2231 90" }];

	test("becomes a map of machines by serial number", async () => {
		const { told } = await declare({ machines: list, defaults: { groupTag: "Kiosk" } });
		assert.deepEqual(machinesIn(told), {
			"5CG2": { serialNumber: "5CG2", groupTag: "Lobby" },
			"0174 2231 90": { serialNumber: "0174 2231 90", groupTag: "Kiosk" },
		});
	});

	test("may be an output or a promise", async () => {
		const names = ["0174 2231 90", "5CG2"];
		for (const machines of [pulumi.output(list), Promise.resolve(list)]) {
			const { told } = await declare({ machines });
			assert.deepEqual(Object.keys(machinesIn(told) as object).sort(), names);
		}
	});

	test("with a repeated serial number is a TypeError that names it, and no other value of the machine", () => {
		const twice = [...list, { serialNumber: "5CG2", hardwareIdentifier: HASH }];
		assert.throws(untyped(twice), (error: Error) => {
			assert.match(
				error.message,
				/^machines\[2\] has the serial number "5CG2", which another machine in the list also has\./,
			);
			assert.ok(!error.message.includes(HASH));
			return error instanceof TypeError;
		});
	});

	test("with a machine without a serial number is a TypeError that names its index", () => {
		for (const machine of [{}, { serialNumber: "" }, { serialNumber: 7 }, null, "5CG1", pulumi.output({})]) {
			assert.throws(untyped([...list, machine]), {
				name: "TypeError",
				message: "machines[2] must be an object with a serialNumber, a non-empty string.",
			});
		}
	});
});

describe("hashes", () => {
	test("make the string and its value in state secrets", async () => {
		const { told } = await declare({ machines: { a: {}, b: { hardwareIdentifier: HASH } } });
		assert.ok(isSecret(told));
		assert.deepEqual(options[0]?.additionalSecretOutputs, ["__members"]);
		assert.deepEqual(machinesIn(told), { a: {}, b: { hardwareIdentifier: HASH } });
	});

	test("do so in a list and in an output, too", async () => {
		const machines = [{ serialNumber: "a", hardwareIdentifier: HASH }];
		assert.ok(isSecret((await declare({ machines })).told));
		assert.ok(isSecret((await declare({ machines: pulumi.output(machines) })).told));
	});

	test("that are absent make no secret, unless the machines are or may be one", async () => {
		assert.equal(isSecret((await declare({ machines: { a: { hardwareIdentifier: "" } } })).told), false);
		assert.deepEqual(options[0]?.additionalSecretOutputs, []);
		assert.ok(isSecret((await declare({ machines: pulumi.secret({ a: {} }) })).told));
		await declare({ machines: Promise.resolve({ a: {} }) });
		assert.deepEqual(options.at(-1)?.additionalSecretOutputs, ["__members"]);
	});
});

describe("a value that is not a fleet of machines is a TypeError that names its path", () => {
	test("an output inside the map", () => {
		assert.throws(untyped({ a: { groupTag: pulumi.output("x") } }), {
			name: "TypeError",
			message:
				/^machines\["a"\]\.groupTag is an output or a promise, but only the machines .* as an AutopilotIdentity\.$/,
		});
	});

	test("a map that is not an object, which would delete every machine", () => {
		for (const machines of [undefined, null, "a", 7, new Map([["a", {}]])]) {
			assert.throws(untyped(machines), { name: "TypeError", message: /^machines must be an object/ });
		}
	});
});
