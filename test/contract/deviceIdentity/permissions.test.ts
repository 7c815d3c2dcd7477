import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createSharedAccessToken } from "../../emulator/testing/hubClient.ts";
import { catchError } from "../scene.ts";
import type { HubStage } from "../subject/hubStage.ts";
import { assertDeviceInStep, withHub } from "./withHub.ts";

const PRESS = { deviceId: "press" };

/** Configuration with another policy of the hub. */
function configurePolicy(
	hub: HubStage,
	policy: string,
): { readonly config: Readonly<Record<string, string>> } {
	return { config: { "iothub:connectionString": hub.control.hub.connectionString(policy) } };
}

describe("A shared access policy", () => {
	test(
		"is refused with a wrong key, and the error names policy, permission and device",
		withHub(async (hub) => {
			const { connectionString } = hub.emulator.iotHub;
			hub.control.policies.regenerate("iothubowner");
			const config = { "iothub:connectionString": connectionString };
			const { message } = await catchError(hub.deploy(PRESS, { config }));
			assert.match(
				message,
				/creating device "press" .* failed: Unauthorized \(401, IotHubUnauthorizedAccess/,
			);
			assert.match(
				message,
				/shared access policy "iothubowner" .* the policy needs the permission RegistryWrite/,
			);
			assert.match(message, /The key of the shared access policy .* must be one of its two current keys/);
			assert.deepEqual(hub.control.devices.list(), []);
		}),
	);
	test(
		"is refused in the same way if the hub does not know it",
		withHub(async (hub) => {
			const options = configurePolicy(hub, "registryReadWrite");
			hub.control.policies.remove("registryReadWrite");
			assert.match((await catchError(hub.deploy(PRESS, options))).message, /policy "registryReadWrite"/);
		}),
	);
	test(
		"works with its secondary key",
		withHub(async (hub) => {
			const { primaryKey, secondaryKey } = hub.control.policies.get("iothubowner") ?? {};
			const config = {
				"iothub:connectionString": hub.emulator.iotHub.connectionString.replace(
					String(primaryKey),
					String(secondaryKey),
				),
			};
			await hub.deploy(PRESS, { config });
		}),
	);
	test(
		"permits plans and refreshes if it can only read, and the error of a write names RegistryWrite",
		withHub(async (hub) => {
			const resource = await hub.deploy(PRESS);
			const reader = hub.createResource(configurePolicy(hub, "registryRead"));
			reader.state = resource.state;
			assert.equal((await reader.plan(PRESS)).step, "same");
			await reader.refresh();
			const { message } = await catchError(reader.up({ ...PRESS, status: "disabled" }));
			assert.match(message, /updating device "press" .* failed: Unauthorized \(401/);
			assert.match(message, /RegistryWrite \(which `registryReadWrite` has\)/);
			assert.match((await catchError(reader.destroy())).message, /deleting device "press" .* RegistryWrite/);
			assert.equal(hub.getDevice("press").status, "enabled");
		}),
	);
	test(
		"causes one warning without ServiceConnect, and the registry is read instead of twins",
		withHub(async (hub) => {
			const { deviceIdentity } = hub.open(configurePolicy(hub, "registryReadWrite"));
			const made = await Promise.all(
				["press", "lathe"].map((deviceId) =>
					deviceIdentity.create({ deviceId, hubHostName: hub.emulator.iotHub.hostName }),
				),
			);
			hub.asked();
			for (const { id, outs } of made) {
				const { changes } = await deviceIdentity.diff(id, outs, pickInputs(outs));
				assert.equal(changes, false);
			}
			assert.deepEqual(hub.asked(), ["GET /twins/{id}", "GET /devices/{id}", "GET /devices/{id}"]);
			assert.equal(hub.words.said.length, 1);
			assert.match(hub.words.said[0] ?? "", /refuses to return device twins \(401 .*ServiceConnect/);
		}),
	);
	test(
		"permits detecting drift, and changes between plan and write, without ServiceConnect",
		withHub(async (hub) => {
			const declared = { ...PRESS, statusReason: "in service" };
			const resource = await hub.deploy(declared, configurePolicy(hub, "registryReadWrite"));
			hub.control.devices.change("press", { statusReason: "seized" });
			const plan = await resource.plan(declared);
			assert.equal(plan.step, "update");
			hub.control.devices.change("press", { statusReason: "sold" });
			assert.match((await catchError(plan.apply())).message, /"sold" now/);
			await resource.up(declared);
			assert.equal(hub.getDevice("press").statusReason, "in service");
			assert.equal(resource.getOutput("etag"), hub.getDevice("press").etag);
		}),
	);
	test(
		"is refused by a hub that accepts only Entra tokens, and the error does not blame the device",
		withHub(
			async (hub) => {
				const { message } = await catchError(hub.deploy(PRESS));
				assert.match(message, /401/);
				assert.deepEqual(hub.control.devices.list(), []);
			},
			{ emulator: { switches: { disableLocalAuth: true } } },
		),
	);
});

describe("A configured shared access signature", () => {
	test(
		"works until it expires",
		withHub(async (hub) => {
			const resource = await hub.deploy(PRESS, configureSignature(hub, 3_600));
			await assertDeviceInStep(hub, resource, PRESS);
		}),
	);
	test(
		"is reported before any request if it has expired",
		withHub(async (hub) => {
			const { message } = await catchError(hub.deploy(PRESS, configureSignature(hub, -3_600)));
			assert.match(message, /SharedAccessSignature that expired at \d{4}-/);
			assert.match(message, /SharedAccessKey/);
			assert.deepEqual(hub.asked(), []);
		}),
	);
	test(
		"is reported by the second of two operations if it expires between them",
		withHub(async (hub) => {
			const { deviceIdentity } = hub.open(configureSignature(hub, 600));
			const inputs = { ...PRESS, hubHostName: hub.emulator.iotHub.hostName };
			const { id, outs } = await deviceIdentity.create(inputs);
			await hub.clock.sleep(700_000);
			assert.match((await catchError(deviceIdentity.delete(id, outs))).message, /expired/);
			assert.ok(hub.getDevice("press"));
		}),
	);
});

describe("A wrong clock", () => {
	for (const [hours, requests] of [
		[1, 1],
		[-1, 2],
	] as const) {
		test(
			`by an hour (${hours > 0 ? "ahead" : "behind"}) does not prevent the sign-in`,
			withHub(async (hub) => {
				const clock = hub.createClock(hours * 3_600_000);
				const resource = await hub.deploy(PRESS, { clock });
				assert.equal(hub.asked().length, requests);
				await resource.up({ ...PRESS, status: "disabled" });
				await assertDeviceInStep(hub, resource, { ...PRESS, status: "disabled" });
				await resource.destroy();
			}),
		);
		test(
			`by an hour (${hours > 0 ? "ahead" : "behind"}) does not claim an older device after a lost response`,
			withHub(async (hub) => {
				hub.seed({ deviceId: "press" });
				hub.control.faults.add({ match: { method: "PUT" }, action: { kind: "reset" } });
				const clock = hub.createClock(hours * 3_600_000);
				assert.match((await catchError(hub.deploy(PRESS, { clock }))).message, /exists already/);
			}),
		);
	}
	test(
		"is reported even if the key is also wrong",
		withHub(async (hub) => {
			const { connectionString } = hub.emulator.iotHub;
			hub.control.policies.regenerate("iothubowner");
			const config = { "iothub:connectionString": connectionString };
			const clock = hub.createClock(-3_600_000);
			const { message } = await catchError(hub.deploy(PRESS, { config, clock }));
			assert.match(message, /This machine's clock is 60 minutes behind the service's/);
		}),
	);
});

describe("A full hub", () => {
	test(
		"is reported with a remedy",
		withHub(
			async (hub) => {
				const { message } = await catchError(hub.deploy(PRESS));
				assert.match(message, /creating device "press" .* exceeded the allocated quota/);
				assert.match(message, /Add units/);
			},
			{ emulator: { maxDevices: 0 } },
		),
	);
});

function configureSignature(
	hub: HubStage,
	seconds: number,
): { readonly config: Readonly<Record<string, string>> } {
	const { hostName } = hub.emulator.iotHub;
	const policy = hub.control.policies.get("iothubowner");
	const token = createSharedAccessToken({
		resource: encodeURIComponent(hostName),
		policy: "iothubowner",
		key: String(policy?.primaryKey),
		expiry: Math.floor(Date.now() / 1_000) + seconds,
	});
	return { config: { "iothub:connectionString": `HostName=${hostName};SharedAccessSignature=${token}` } };
}

/** The inputs from which a device with these outputs was created. */
function pickInputs({ deviceId, hubHostName }: Readonly<Record<string, unknown>>): Record<string, unknown> {
	return { deviceId, hubHostName };
}
