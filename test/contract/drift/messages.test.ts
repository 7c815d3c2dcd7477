import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { computeFingerprint } from "../../../provider/keys/fingerprint.ts";
import { assertDeviceInStep, withHub } from "../deviceIdentity/withHub.ts";
import { catchError } from "../scene.ts";

const PRESS = { deviceId: "press", statusReason: "in service" };
const createKeys = (letter: string) => ({
	primaryKey: Buffer.alloc(32, `${letter}1`).toString("base64"),
	secondaryKey: Buffer.alloc(32, `${letter}2`).toString("base64"),
});
const withKeys = (letter: string) => ({
	...PRESS,
	authentication: { type: "sas", symmetricKey: createKeys(letter) },
});
const PRIMARY = "authentication.symmetricKey.primaryKey";

describe("A device's keys", () => {
	test(
		"that the program declares are reported as rotated, by fingerprint only, and reverted",
		withHub(async (hub) => {
			const resource = await hub.deploy(withKeys("a"));
			hub.control.devices.rotateKeys("press", "primary");
			const now = hub.getDevice("press").authentication.symmetricKey.primaryKey ?? "";
			assert.equal((await resource.plan(withKeys("a"))).step, "update");
			const was = computeFingerprint(createKeys("a").primaryKey);
			assert.deepEqual(hub.words.said, [
				"DeviceIdentity press had its keys rotated outside Pulumi since the last deployment:\n" +
					`    ${PRIMARY}: key ${was} at the last deployment, key ${computeFingerprint(now)} now, key ${was} declared`,
			]);
			await resource.up(withKeys("a"));
			assert.deepEqual(hub.getDevice("press").authentication.symmetricKey, createKeys("a"));
			await assertDeviceInStep(hub, resource, withKeys("a"));
		}),
	);

	test(
		"that the program declares are refused under fail after a refresh too, by fingerprint alone",
		withHub(async (hub) => {
			const audited = { ...withKeys("a"), onDrift: "fail" };
			const resource = await hub.deploy(audited);
			hub.control.devices.rotateKeys("press");
			await resource.refresh();
			const { message } = await catchError(resource.plan(audited));
			assert.match(message, /had its keys rotated outside Pulumi/);
			const was = computeFingerprint(createKeys("a").primaryKey);
			assert.ok(message.includes(`${PRIMARY}: key ${was} at the last deployment, key `), message);
			hub.control.devices.change("press", { authentication: { symmetricKey: createKeys("a") } });
			await resource.up(audited);
			await assertDeviceInStep(hub, resource, audited);
		}),
	);

	test(
		"that the program declares after a refresh recorded them are deployed without a write",
		withHub(async (hub) => {
			const resource = await hub.deploy({ ...withKeys("a"), onDrift: "fail" });
			hub.control.devices.change("press", { authentication: { symmetricKey: createKeys("b") } });
			await resource.refresh();
			hub.puts();
			await resource.up({ ...withKeys("b"), onDrift: "fail" });
			assert.deepEqual(hub.puts(), []);
			await assertDeviceInStep(hub, resource, { ...withKeys("b"), onDrift: "fail" });
		}),
	);

	test(
		"that the hub created are not compared in a plan; a refresh reports their rotation and records them in state",
		withHub(async (hub) => {
			const resource = await hub.deploy(PRESS);
			const before = String(resource.getOutput("primaryKey"));
			hub.control.devices.rotateKeys("press");
			assert.equal((await resource.plan(PRESS)).step, "same");
			assert.equal(hub.words.said.length, 0);
			await resource.refresh();
			const { primaryKey, secondaryKey } = hub.getDevice("press").authentication.symmetricKey;
			assert.equal(hub.words.said.length, 1);
			assert.match(hub.words.said[0] ?? "", /^DeviceIdentity press had its keys rotated outside Pulumi/);
			assert.ok(
				hub.words.said[0]?.includes(
					`primaryKey ${computeFingerprint(before)}, now ${computeFingerprint(primaryKey ?? "")}; secondaryKey `,
				),
			);
			assert.deepEqual(
				[resource.getOutput("primaryKey"), resource.getOutput("secondaryKey")],
				[primaryKey, secondaryKey],
			);
			assert.ok(String(resource.getOutput("primaryConnectionString")).endsWith(`=${primaryKey}`));
			await assertDeviceInStep(hub, resource, PRESS);
		}),
	);
});

describe("A device's parent", () => {
	test(
		"that somebody changed is reported as such, and reverted",
		withHub(async (hub) => {
			const scopes = ["gate-1", "gate-2"].map(
				(deviceId) => hub.seed({ deviceId, capabilities: { iotEdge: true } }).deviceScope ?? "",
			);
			const [deviceScope = "", other = ""] = scopes;
			const declared = { ...PRESS, deviceScope };
			const resource = await hub.deploy(declared);
			hub.control.devices.change("press", { deviceScope: other, parentScopes: [other] });
			assert.equal((await resource.plan(declared)).step, "update");
			assert.deepEqual(hub.words.said, [
				"DeviceIdentity press was moved to another parent outside Pulumi since the last deployment:\n" +
					`    deviceScope: "${deviceScope}" at the last deployment, "${other}" now, "${deviceScope}" declared`,
			]);
			await resource.up(declared);
			assert.equal(hub.getDevice("press").deviceScope, deviceScope);
			await assertDeviceInStep(hub, resource, declared);
		}),
	);

	test(
		"that somebody changed together with another field is one change of both",
		withHub(async (hub) => {
			const { deviceScope = "" } = hub.seed({ deviceId: "gate-1", capabilities: { iotEdge: true } });
			const declared = { ...PRESS, deviceScope };
			const resource = await hub.deploy(declared);
			hub.control.devices.change("press", { deviceScope: "", parentScopes: [], statusReason: "seized" });
			await resource.plan(declared);
			assert.match(hub.words.said.join("\n"), /^DeviceIdentity press was changed outside Pulumi/);
			const scope = `deviceScope: "${deviceScope}" at the last deployment, none now, "${deviceScope}" declared`;
			assert.ok(hub.words.said[0]?.includes(scope), hub.words.said[0]);
			assert.match(hub.words.said[0] ?? "", /statusReason: "in service" .*, "seized" now/);
		}),
	);
});

test(
	"A device that connects, sends and changes its twin all day shows no difference, refreshed or not",
	withHub(async (hub) => {
		const resource = await hub.deploy(withKeys("a"));
		const { state } = resource;
		for (let day = 0; day < 3; day++) {
			const { devices } = hub.control;
			devices.connect("press");
			devices.sendTelemetry("press");
			devices.patchTwin("press", { properties: { desired: { day }, reported: { day } } });
			devices.disconnect("press");
			assert.equal((await resource.plan(withKeys("a"))).step, "same");
			await resource.refresh();
			assert.deepEqual(resource.state, state);
		}
		assert.deepEqual(hub.words.listTexts(), []);
	}),
);
