import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { AutopilotIdentity, type AutopilotIdentityArgs } from "../../../provider/sdk/autopilotIdentity.ts";
import { DeviceIdentity } from "../../../provider/sdk/deviceIdentity.ts";
import { trampoline } from "../../../provider/sdk/trampoline.ts";
import { awaitOutput, MockedEngine, type Registered, unwrapSecret } from "./mockedEngine.ts";

const ID = "9e1ca0a4-6b6c-4a80-8a3b-0d2d6a1f6c11";
const MACHINE: AutopilotIdentityArgs = { serialNumber: "5CG 1234-ABC", hardwareIdentifier: "T0Ea" };

const engine = new MockedEngine(({ hardwareIdentifier: _, ...kept }) => ({
	id: ID,
	state: { ...kept, etag: "made by the provider" },
}));

/** Declares a machine. Returns its registration. */
function declare(args: AutopilotIdentityArgs): Promise<Registered> {
	return engine.told(new AutopilotIdentity("reception", args));
}

/** Returns a property that the class does not declare but the object has. */
function undeclared(machine: AutopilotIdentity, name: string): unknown {
	return (machine as unknown as Record<string, unknown>)[name];
}

describe("a declared machine", () => {
	test("is a dynamic resource of the module autopilot with the constant text", async () => {
		const { type, inputs } = await declare(MACHINE);
		assert.equal(type, "pulumi-nodejs:dynamic/autopilot:AutopilotIdentity");
		assert.equal(inputs["__provider"], trampoline("autopilotIdentity"));
	});

	test("sends only declared inputs, and no default from its name", async () => {
		const { inputs } = await declare({ serialNumber: "a", adopt: true });
		assert.deepEqual(Object.keys(inputs).sort(), ["__provider", "adopt", "serialNumber"]);
	});

	test("rejects an unknown argument without repeating its value", () => {
		const wrong = { ...MACHINE, hardwareHash: "secret" } as AutopilotIdentityArgs;
		assert.throws(() => new AutopilotIdentity("front", wrong), {
			name: "TypeError",
			message:
				/^AutopilotIdentity "front" has no property "hardwareHash"\. It has: serialNumber, hardwareIdentifier, /,
		});
	});

	test("passes every argument on under its own name", async () => {
		const args: AutopilotIdentityArgs = {
			serialNumber: "a",
			productKey: "k",
			groupTag: "",
			assignedUserPrincipalName: "ada@contoso.example",
			addressableUserName: "Ada",
			displayName: "FRONT-1",
			importId: ID,
			adopt: true,
			onDrift: "fail",
		};
		const { __provider: _, ...inputs } = (await declare(args)).inputs;
		assert.deepEqual(inputs, args);
	});

	test("has outputs for the values that the service determines", async () => {
		const machine = new AutopilotIdentity("reception", MACHINE);
		for (const output of [machine.etag, machine.state, machine.manufacturer, machine.purchaseOrderIdentifier])
			assert.ok(pulumi.Output.isInstance(output));
		assert.equal(await awaitOutput(machine.etag), "made by the provider");
		assert.equal(await awaitOutput(machine.skuNumber), undefined);
		assert.equal(await awaitOutput(machine.groupTag), undefined);
	});

	test("without any argument, which JavaScript allows, is left to the provider to reject", async () => {
		const { inputs } = await engine.told(new AutopilotIdentity("reception", undefined));
		assert.deepEqual(Object.keys(inputs), ["__provider"]);
	});
});

describe("the hash", () => {
	test("is a secret from the start, and is sent unchanged", async () => {
		const sent = (await declare(MACHINE)).inputs["hardwareIdentifier"];
		assert.ok(pulumi.runtime.isRpcSecret(sent));
		assert.equal(unwrapSecret(sent), "T0Ea");
	});

	test("is a secret even if it comes from another resource", async () => {
		const sent = (await declare({ serialNumber: "a", hardwareIdentifier: pulumi.output("T0Eb") })).inputs;
		assert.ok(pulumi.runtime.isRpcSecret(sent["hardwareIdentifier"]));
	});

	test("is not an output: the SDK returns the program's own value under its name, still a secret", async () => {
		const isOutput: "hardwareIdentifier" extends keyof AutopilotIdentity ? true : false = false;
		assert.equal(isOutput, false);
		const machine = new AutopilotIdentity("reception", MACHINE);
		const hash = undeclared(machine, "hardwareIdentifier");
		assert.ok(pulumi.Output.isInstance(hash));
		assert.equal(await awaitOutput(hash), "T0Ea");
		assert.equal(await pulumi.isSecret(hash), true);
		const adopted = undeclared(
			new AutopilotIdentity("adopted", { serialNumber: "a", adopt: true }),
			"hardwareIdentifier",
		);
		assert.ok(pulumi.Output.isInstance(adopted));
		assert.equal(await awaitOutput(adopted), undefined);
	});
});

describe("a machine of another deployment", () => {
	test("is read by its registration id alone", async () => {
		const { id, inputs } = await engine.told(AutopilotIdentity.get("known", ID));
		assert.equal(id, ID);
		assert.deepEqual(Object.keys(inputs), ["__provider"]);
	});

	test("is recognized by isInstance", () => {
		const machine = AutopilotIdentity.get("known", ID);
		const device = new DeviceIdentity("gw-1");
		assert.ok(AutopilotIdentity.isInstance(machine));
		assert.equal(AutopilotIdentity.isInstance(device), false);
		assert.equal(AutopilotIdentity.isInstance({ serialNumber: "a", addressableUserName: "Ada" }), false);
		assert.equal(DeviceIdentity.isInstance(machine), false);
	});
});
