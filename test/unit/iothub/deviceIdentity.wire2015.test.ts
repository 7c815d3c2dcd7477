import assert from "node:assert/strict";
import { test } from "node:test";
import { wire2015 } from "../../../provider/iothub/deviceIdentity.wire2015.ts";
import { fixture } from "../../fixtures/iot-hub/fixtures.ts";
import { START_TIME } from "../doubles.ts";
import { createDeviceInputs, createLiveDevice, KEYS } from "./devices.ts";

const declared = createDeviceInputs({
	status: "disabled",
	statusReason: "not yet sold",
	authentication: { type: "sas", symmetricKey: KEYS },
});

test("keys are auth.symKey.primary and .secondary, in creations and in updates", () => {
	assert.deepEqual(wire2015.encodeCreate(declared), fixture("update-2015.request"));
	assert.deepEqual(
		wire2015.encodeUpdates(declared, createLiveDevice()).map(({ body }) => body),
		[fixture("update-2015.request")],
	);
});

test("what is not declared, or does not exist in the api-version, is not sent", () => {
	assert.deepEqual(wire2015.encodeCreate(createDeviceInputs()), { deviceId: "dev-1" });
	const rest = {
		authentication: { type: "sas" },
		capabilities: { iotEdge: false },
		deviceScope: "",
	} as const;
	assert.deepEqual(wire2015.encodeCreate(createDeviceInputs(rest)), { deviceId: "dev-1" });
});

test("a device is decoded with its keys, normalized times and the current name of its connection state", () => {
	assert.deepEqual(wire2015.decode(fixture("device-2015.response"), START_TIME + 1_000), {
		etag: "MA==",
		uid: "639079488000000000",
		ageMs: 1_000,
		values: {
			deviceId: "dev-1",
			status: "disabled",
			statusReason: "not yet sold",
			authentication: { type: "sas", symmetricKey: KEYS },
		},
		computed: {
			generationId: "639079488000000000",
			statusUpdatedTime: "2026-03-01T08:05:30.48Z",
			connectionState: "Disconnected",
			connectionStateUpdatedTime: undefined,
			lastActivityTime: undefined,
		},
	});
});

test("a device without keys, or with a quoted etag, is decoded", () => {
	const { auth: _, ...device } = fixture("device-2015.response");
	const live = wire2015.decode({ ...device, etag: '"MA=="' }, undefined);
	assert.equal(live?.etag, "MA==");
	assert.deepEqual(live?.values.authentication, { type: "sas" });
});

test("a device without its id, etag or generation is undefined", () => {
	const device = fixture("device-2015.response");
	for (const member of ["deviceId", "etag", "generationId"]) {
		assert.equal(wire2015.decode({ ...device, [member]: undefined }, START_TIME), undefined);
	}
});

test("the api-version has no twins", () => assert.equal(wire2015.hasTwins, false));
