import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import {
	getDeviceIdentity,
	type ListDeviceIdentitiesArgs,
	listDeviceIdentities,
	queryDevices,
} from "../../../provider/sdk/deviceIdentity.functions.ts";
import { invokeFunction } from "../../../provider/sdk/invoke.ts";

beforeEach(() => {
	for (const name of Object.keys(process.env)) if (name.startsWith("IOTHUB_")) delete process.env[name];
	pulumi.runtime.setAllConfig({});
});

/** Runs what follows as a program of this project. */
async function setProject(name: string): Promise<void> {
	const newResource = ({ name: id }: pulumi.runtime.MockResourceArgs) => ({ id, state: {} });
	await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, name);
}

// The first test, since the settings are read once and then kept.
test("a function rejects what is not a setting of the stack, unless it is the project's own", async () => {
	const refusals: readonly [project: string, key: string, message: RegExp][] = [
		["plant", "iothub:hostNam", /^iothub:hostNam is not a setting\. Did you mean iothub:hostName\?/],
		["plant", "iothub:site", /^iothub:site is not a setting\. The settings are: /],
		["iothub", "iothub:hostNam", /^iothub:hostNam is not a setting\. /],
		["iothub", "iothub:site", /^iothub:hostName is not set, /],
	];
	for (const [project, key, message] of refusals) {
		await setProject(project);
		pulumi.runtime.setAllConfig({ [key]: "oslo" });
		await assert.rejects(getDeviceIdentity({ deviceId: "a" }), { code: "ConfigurationError", message });
	}
});

test("a function reads the stack's configuration, and reports missing settings", async () => {
	await assert.rejects(getDeviceIdentity({ deviceId: "a" }), {
		code: "ConfigurationError",
		message: /^iothub:hostName is not set, nor is iothub:connectionString/,
	});
});

test("an expected failure is a RunError with its cause, of which Pulumi prints only the message", async () => {
	pulumi.runtime.setAllConfig({ "iothub:hostName": "https://fleet.example" });
	await assert.rejects(queryDevices({ query: "SELECT * FROM devices" }), (error) => {
		assert.ok(pulumi.RunError.isInstance(error));
		assert.ok(error.cause instanceof Error);
		assert.equal(error.message, error.cause.message);
		return true;
	});
});

test("a bug is thrown as it is, so that Pulumi prints its stack", async () => {
	await assert.rejects(invokeFunction("noSuchFunction" as "queryDevices", {}), (error) => {
		assert.ok(error instanceof TypeError && !pulumi.RunError.isInstance(error));
		return true;
	});
});

test("a misspelt status is rejected with a suggestion", async () => {
	const args = { status: "Disabeld" } as unknown as ListDeviceIdentitiesArgs;
	await assert.rejects(listDeviceIdentities(args), {
		name: "TypeError",
		message: 'status must be "enabled" or "disabled", got "Disabeld" (did you mean "disabled"?)',
	});
});

test("an unknown status is rejected before it gets into a query", async () => {
	const args = { status: "x' OR status = 'enabled" } as unknown as ListDeviceIdentitiesArgs;
	await assert.rejects(listDeviceIdentities(args), {
		name: "TypeError",
		message: `status must be "enabled" or "disabled", got ${JSON.stringify(args.status)}`,
	});
});

test("a capability that is not true or false is rejected before it gets into a query", async () => {
	const args = { iotEdge: "true OR status = 'enabled'" } as unknown as ListDeviceIdentitiesArgs;
	await assert.rejects(listDeviceIdentities(args), {
		name: "TypeError",
		message: "iotEdge must be true or false",
	});
});
