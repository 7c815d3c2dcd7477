import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CheckFailed } from "../harness/resource.ts";
import { catchError } from "../scene.ts";
import { assertDeviceInStep, withHub } from "./withHub.ts";

/** Strings with a special meaning in a path, a query, a header or JSON. */
const ODD = [
	"'; SELECT * FROM devices --",
	"a&api-version=x#?y=%00",
	"../%2e%2e/",
	'"},{"x":"\\u0000',
	"ßäé 工場 🏭",
	"a\u2028b\u2029c",
	"a\r\nx-y: z",
	"a\0b\u001b[2Jc\u0085",
	"__proto__",
	"x".repeat(128),
];

describe("The status reason of a device is sent unchanged, such as", () => {
	for (const statusReason of ODD) {
		test(
			JSON.stringify(statusReason.slice(0, 40)),
			withHub(async (hub) => {
				const declared = { deviceId: "press", statusReason };
				const resource = await hub.deploy(declared);
				assert.equal(hub.control.devices.get("press")?.statusReason, statusReason);
				await assertDeviceInStep(hub, resource, declared);
				await resource.refresh();
				await assertDeviceInStep(hub, resource, declared);
			}),
		);
	}
});

describe("An unpaired surrogate is rejected before any request, in", () => {
	// At the end of a string: elsewhere it is lost between Pulumi and the provider.
	const refused: Readonly<Record<string, object>> = {
		deviceId: { deviceId: "a\ud800" },
		statusReason: { statusReason: "a\udfff" },
		deviceScope: { deviceScope: "ms-azure-iot-edge://a\ud800" },
	};
	for (const [property, inputs] of Object.entries(refused)) {
		test(
			property,
			withHub(async (hub) => {
				const error = await catchError(hub.deploy({ deviceId: "press", ...inputs }));
				assert.ok(error instanceof CheckFailed, error.message);
				assert.ok(error.message.startsWith(`${property}: `), error.message);
				assert.deepEqual(hub.asked(), []);
			}),
		);
	}
});

test(
	"A query is sent unchanged",
	withHub(async (hub) => {
		hub.control.devices.seed([{ deviceId: "it's" }, { deviceId: "other" }]);
		const { functions } = hub.open();
		const rows = await functions.queryDevices({
			query: "SELECT deviceId FROM devices WHERE deviceId = 'it''s'",
		});
		assert.deepEqual(rows, [{ deviceId: "it's" }]);
	}),
);
