import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createDeviceFleet, declareDeviceFleet } from "../deviceFleet/withFleet.ts";
import { withHub } from "../deviceIdentity/withHub.ts";
import { catchError } from "../scene.ts";

const DEPLOYED = { status: "enabled", statusReason: "in service" };
/** Declares one of the two changes that somebody else makes, and not the other. */
const DECLARED = { status: "disabled", statusReason: "in service" };
const CHANGED = { status: "disabled", statusReason: "stolen" } as const;

describe("with onDrift fail, a program that declares one of two changed fields as it is now is refused because of the other", () => {
	for (const isRefreshed of [false, true]) {
		const when = isRefreshed ? "after a refresh" : "before a refresh";
		test(
			`a device, ${when}`,
			withHub(async (hub) => {
				const device = { deviceId: "press", onDrift: "fail" };
				const resource = await hub.deploy({ ...device, ...DEPLOYED });
				hub.control.devices.change("press", CHANGED);
				if (isRefreshed) await resource.refresh();
				hub.puts();
				const error = await catchError(resource.up({ ...device, ...DECLARED }));
				assert.match(error.message, /statusReason: "in service" at the last deployment, "stolen" now/);
				assert.equal("code" in error && error.code, "DriftRefused");
				assert.deepEqual(hub.puts(), []);
			}),
		);

		test(
			`a device of a fleet, ${when}`,
			withHub(async (hub) => {
				const fleet = createDeviceFleet(hub);
				const declare = (values: object) =>
					declareDeviceFleet({ press: { ...values }, drill: { ...DEPLOYED } }, { onDrift: "fail" });
				await fleet.up(declare(DEPLOYED));
				hub.control.devices.change("press", CHANGED);
				if (isRefreshed) await fleet.refresh();
				hub.puts();
				const { message } = await catchError(fleet.up(declare(DECLARED)));
				assert.match(message, /statusReason: "in service" at the last deployment, "stolen" now/);
				assert.match(message, /\[DriftRefused\]/);
				assert.deepEqual(hub.puts(), []);
			}),
		);
	}
});
