import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import {
	getDeviceIdentity,
	type ListDeviceIdentitiesArgs,
	listDeviceIdentities,
	queryDevices,
} from "../../../provider/sdk/deviceIdentity.functions.ts";

beforeEach(() => {
	for (const name of Object.keys(process.env)) if (name.startsWith("IOTHUB_")) delete process.env[name];
	pulumi.runtime.setAllConfig({});
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
