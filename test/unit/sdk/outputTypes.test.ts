import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type * as pulumi from "@pulumi/pulumi";
import { createAutopilotIdentityType } from "../../../provider/graph/autopilotIdentity.type.ts";
import { decodeMachine } from "../../../provider/graph/autopilotIdentity.wire.ts";
import { createDeviceIdentityType } from "../../../provider/iothub/deviceIdentity.type.ts";
import { type DeviceCodec, wire2021 } from "../../../provider/iothub/deviceIdentity.wire.ts";
import { wire2015 } from "../../../provider/iothub/deviceIdentity.wire2015.ts";
import type { AutopilotIdentity } from "../../../provider/sdk/autopilotIdentity.ts";
import type { DeviceIdentity } from "../../../provider/sdk/deviceIdentity.ts";
import type { Values } from "../../../provider/values.ts";

/** The outputs of a resource whose declared type includes undefined. */
type OptionalOutputs<Resource> = {
	[Name in keyof Resource]: Resource[Name] extends pulumi.Output<infer Value>
		? undefined extends Value
			? Name
			: never
		: never;
}[keyof Resource] &
	string;

/** All of them; a missing or an additional name does not compile. */
type AllOptionalOutputs<Resource> = Readonly<Record<OptionalOutputs<Resource>, true>>;

const OPTIONAL_DEVICE_OUTPUTS: AllOptionalOutputs<DeviceIdentity> = {
	statusReason: true,
	capabilities: true,
	deviceScope: true,
	parentScopes: true,
	statusUpdatedTime: true,
	primaryKey: true,
	secondaryKey: true,
	primaryConnectionString: true,
	secondaryConnectionString: true,
};

const OPTIONAL_MACHINE_OUTPUTS: AllOptionalOutputs<AutopilotIdentity> = {
	assignedUserPrincipalName: true,
	addressableUserName: true,
	displayName: true,
	state: true,
	manufacturer: true,
	model: true,
	systemFamily: true,
	skuNumber: true,
	purchaseOrderIdentifier: true,
	tenantId: true,
};

const DEVICE_OUTPUTS = [
	"deviceId",
	"hubHostName",
	"status",
	"authentication",
	"etag",
	"generationId",
	...Object.keys(OPTIONAL_DEVICE_OUTPUTS),
];

const MACHINE_OUTPUTS = [
	"serialNumber",
	"productKey",
	"groupTag",
	"etag",
	...Object.keys(OPTIONAL_MACHINE_OUTPUTS),
];

function listUndefined(outputs: Values, names: readonly string[]): readonly string[] {
	return names.filter((name) => outputs[name] === undefined).sort();
}

/** Returns the outputs of a device for which the hub returns only the required values. */
function createLeastDeviceOutputs(codec: DeviceCodec): Values {
	const type = createDeviceIdentityType({
		apiVersion: codec.apiVersion,
		storeCredentials: false,
		disableOnDelete: false,
		getDefaultHost: () => "hub.example",
		connect: () => assert.fail("no request is sent"),
	});
	const live = codec.decode({ deviceId: "sensor", etag: "MQ==", generationId: "1" }, undefined);
	assert.ok(live !== undefined);
	return type.toOutputs(live, { deviceId: "sensor", hubHostName: "hub.example" }, {});
}

describe("an output whose type excludes undefined always has a value", () => {
	test("for a leaf device without a parent", () => {
		const expected = Object.keys(OPTIONAL_DEVICE_OUTPUTS).filter((name) => name !== "capabilities");
		assert.deepEqual(listUndefined(createLeastDeviceOutputs(wire2021), DEVICE_OUTPUTS), expected.sort());
	});

	test("for a device with api-version 2015-08-15-preview", () => {
		const expected = Object.keys(OPTIONAL_DEVICE_OUTPUTS).sort();
		assert.deepEqual(listUndefined(createLeastDeviceOutputs(wire2015), DEVICE_OUTPUTS), expected);
	});

	test("for a machine", () => {
		const type = createAutopilotIdentityType({
			strategy: "live",
			fields: [],
			connect: () => assert.fail("no request is sent"),
		});
		const live = decodeMachine({ json: { id: "1", serialNumber: "S" }, headers: {} });
		assert.ok(live !== undefined);
		const expected = Object.keys(OPTIONAL_MACHINE_OUTPUTS).sort();
		assert.deepEqual(
			listUndefined(type.toOutputs(live, { serialNumber: "S", adopt: true }, {}), MACHINE_OUTPUTS),
			expected,
		);
	});
});
