import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { DeviceIdentity, type DeviceIdentityArgs } from "../../../provider/sdk/deviceIdentity.ts";
import { trampoline } from "../../../provider/sdk/trampoline.ts";
import { omitNullish } from "../../../provider/values.ts";
import { MockedEngine, type Registered, unwrapSecret } from "./mockedEngine.ts";

const engine = new MockedEngine((inputs) => ({ state: { ...inputs, primaryKey: "made by the hub" } }));

/** Declares a device. Returns it and its registration. */
async function declare(args?: DeviceIdentityArgs): Promise<{ device: DeviceIdentity; told: Registered }> {
	const device = new DeviceIdentity("gw-1", args);
	return { device, told: await engine.told(device) };
}

describe("a declared device", () => {
	test("is a dynamic resource of the module iothub with the constant text", async () => {
		const { told } = await declare();
		assert.equal(told.type, "pulumi-nodejs:dynamic/iothub:DeviceIdentity");
		assert.equal(told.inputs["__provider"], trampoline("deviceIdentity"));
	});

	test("has its name as the default id, and no other undeclared input", async () => {
		assert.deepEqual(Object.keys((await declare()).told.inputs).sort(), ["__provider", "deviceId"]);
		assert.equal((await declare()).told.inputs["deviceId"], "gw-1");
		assert.equal((await declare({ deviceId: "other" })).told.inputs["deviceId"], "other");
	});

	test("passes every argument on under its own name", async () => {
		const args: DeviceIdentityArgs = {
			deviceId: "d",
			hubHostName: "h.example",
			status: "disabled",
			statusReason: "r",
			authentication: { type: "certificateAuthority" },
			capabilities: { iotEdge: true },
			deviceScope: "",
			parentScopes: ["ms-azure-iot-edge://p"],
			adopt: true,
			onDrift: "fail",
			storeCredentials: false,
		};
		const { __provider: _, authentication, ...inputs } = (await declare(args)).told.inputs;
		const { authentication: declared, ...rest } = args;
		assert.deepEqual(inputs, rest);
		assert.deepEqual(omitNullish(Object(unwrapSecret(authentication))), declared);
	});

	test("passes every member of the authentication on under its own name", async () => {
		const authentication = {
			type: "sas",
			rotation: { keyType: "swap", generation: 3 },
			x509Thumbprint: { primaryThumbprint: "A" },
		} as const;
		const { told } = await declare({ authentication });
		assert.deepEqual(omitNullish(Object(unwrapSecret(told.inputs["authentication"]))), authentication);
	});

	test("rejects an unknown argument without repeating its value", () => {
		const wrong = { statusresaon: "secret", deviceId: "d" } as DeviceIdentityArgs;
		assert.throws(() => new DeviceIdentity("gw-1", wrong), {
			name: "TypeError",
			message: 'DeviceIdentity "gw-1" has no property "statusresaon". Did you mean "statusReason"?',
		});
	});

	test("has outputs for the values that the hub determines", async () => {
		const { device } = await declare();
		for (const name of [
			"etag",
			"generationId",
			"statusUpdatedTime",
			"primaryKey",
			"secondaryConnectionString",
		]) {
			assert.ok(pulumi.Output.isInstance(device[name as keyof DeviceIdentity]), name);
		}
	});
});

test("declared keys are secrets from the start", async () => {
	const authentication = { type: "sas", symmetricKey: { primaryKey: "a", secondaryKey: "b" } } as const;
	const { told } = await declare({ authentication });
	const sent = told.inputs["authentication"];
	assert.ok(pulumi.runtime.isRpcSecret(sent), "the SDK's mocks tell a secret of the whole that has one");
	assert.deepEqual(omitNullish(Object(unwrapSecret(sent))), authentication);
});

test("the key of an enrollment group is a secret from the start, in each form", async () => {
	const key = pulumi.output("a");
	for (const derivedFrom of ["a", key, { primaryKey: key, secondaryKey: "b" }] as const) {
		const { told } = await declare({ authentication: { type: "sas", derivedFrom } });
		const sent = told.inputs["authentication"];
		assert.ok(pulumi.runtime.isRpcSecret(sent));
		const known = typeof derivedFrom === "object" && "secondaryKey" in derivedFrom;
		const value = known ? { primaryKey: "a", secondaryKey: "b" } : "a";
		assert.deepEqual(omitNullish(Object(unwrapSecret(sent))), { type: "sas", derivedFrom: value });
	}
});

test("a device of another deployment is read by its id", async () => {
	const device = DeviceIdentity.get("known", "gw-7", "h.example");
	const { inputs } = await engine.told(device);
	assert.equal(inputs["deviceId"], "gw-7");
	assert.equal(inputs["hubHostName"], "h.example");
	assert.ok(DeviceIdentity.isInstance(device));
	assert.equal(DeviceIdentity.isInstance({}), false);
});
