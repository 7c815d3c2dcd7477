import assert from "node:assert/strict";
import { test } from "node:test";
import { createDriftReport } from "../../../provider/cli/drift.collect.ts";
import type { DriftReport, ReportedResource } from "../../../provider/cli/drift.report.ts";
import { type ManagedObject, readStackSettings, TYPE_TOKENS } from "../../../provider/cli/stackState.ts";
import { createDeviceFleet, declareDeviceFleet } from "../deviceFleet/withFleet.ts";
import { withHub } from "../deviceIdentity/withHub.ts";
import type { Resource } from "../harness/resource.ts";
import type { HubStage } from "../subject/hubStage.ts";
import type { Values } from "../subject/subject.ts";

type Rest = Partial<Pick<ManagedObject, "secretPaths" | "encryptedPaths" | "secretTexts" | "values">>;

/** Creates a resource as a stack's state has it. */
function createObject(
	kind: keyof typeof TYPE_TOKENS,
	name: string,
	resource: Resource,
	rest: Rest = {},
): ManagedObject {
	const type = TYPE_TOKENS[kind];
	return {
		urn: `urn:pulumi:dev::site::${type}::${name}`,
		type,
		name,
		id: resource.known.id,
		kind,
		values: resource.known.outputs,
		secretPaths: [],
		encryptedPaths: [],
		secretTexts: [],
		...rest,
	};
}

/** Reports on objects with the settings of the hub and these. */
async function report(
	hub: HubStage,
	objects: readonly ManagedObject[],
	settings: Readonly<Record<string, string>> = {},
): Promise<DriftReport> {
	const config = new Map(Object.entries({ ...hub.config, ...settings }));
	return createDriftReport({ objects, ...(await readStackSettings(config, "")) }, "strong");
}

/** Formats the report in short: `pump changed status`. */
const summarize = ({ resources }: DriftReport): string[] =>
	resources.map(({ name, status, differences }) =>
		[name, status, ...differences.map(({ path }) => path)].join(" "),
	);

async function deployDevice(hub: HubStage, deviceId: string, rest: Values = {}): Promise<Resource> {
	return hub.deploy({ deviceId, ...rest });
}

test(
	"Resources are listed by their URNs, and counted by what happened to each device",
	withHub(async (hub) => {
		const [tank, pump, gone, calm] = [
			await deployDevice(hub, "tank", { status: "enabled" }),
			await deployDevice(hub, "pump", { status: "enabled" }),
			await deployDevice(hub, "gone"),
			await deployDevice(hub, "calm"),
		];
		const fleet = createDeviceFleet(hub);
		await fleet.up(declareDeviceFleet({ "d-1": {}, "d-2": {}, "d-3": {} }));
		hub.control.devices.change("tank", { status: "disabled" });
		hub.control.devices.change("pump", { status: "disabled" });
		hub.control.devices.remove("gone");
		const objects = [
			createObject("deviceIdentity", "tank", tank),
			createObject("deviceIdentity", "pump", pump),
			createObject("deviceIdentity", "gone", gone),
			createObject("deviceIdentity", "calm", calm),
			createObject("deviceFleet", "plant", fleet),
		];
		const unreadable: ManagedObject = { ...createObject("deviceIdentity", "dark", calm), kind: undefined };
		const found = await report(hub, [...objects, unreadable]);
		assert.deepEqual(summarize(found), [
			"dark unreadable",
			"gone deleted",
			"pump changed status",
			"tank changed status",
		]);
		assert.deepEqual([found.checked, found.drifted, found.failed, found.withheld], [6, 3, 1, 0]);
		assert.deepEqual(found.devices, { checked: 8, changed: 2, deleted: 1, recreated: 0, unreadable: 1 });
		const withheld = createObject("deviceFleet", "plant", fleet, { encryptedPaths: ["__members"] });
		const encrypted = await report(hub, [withheld]);
		assert.deepEqual(summarize(encrypted), ["plant unreadable"]);
		assert.match(encrypted.resources[0]?.message ?? "", /The devices of DeviceFleet .* are encrypted/);
		assert.equal(encrypted.withheld, 1);
		assert.deepEqual(encrypted.devices, { checked: 3, changed: 0, deleted: 0, recreated: 0, unreadable: 3 });
	}),
);

test(
	"A value is a fingerprint if it is a secret in state, contains one or is inside one, and no other is",
	withHub(async (hub) => {
		const pump = await deployDevice(hub, "pump", { status: "enabled", statusReason: "in the vault" });
		hub.control.devices.change("pump", { status: "disabled", statusReason: "out of the vault" });
		const compareWith = async (...secretPaths: string[]): Promise<string[]> => {
			const [resource] = (await report(hub, [createObject("deviceIdentity", "pump", pump, { secretPaths })]))
				.resources;
			for (const { live, last, secret } of resource?.differences ?? [])
				if (secret) assert.match(`${last} ${live}`, /^[0-9a-f]{16} [0-9a-f]{16}$/);
			const secrets = (resource?.differences ?? []).filter(({ secret }) => secret).map(({ path }) => path);
			const shown = JSON.stringify(resource);
			assert.equal(shown.includes("vault"), !secrets.includes("statusReason"));
			return secrets;
		};
		assert.deepEqual(await compareWith(), []);
		assert.deepEqual(await compareWith("statusReason"), ["statusReason"]);
		assert.deepEqual(await compareWith("statusReason.inner"), ["statusReason"]);
		assert.deepEqual(await compareWith("status"), ["status"], "not every path that begins alike");
	}),
);

test(
	"A member of a fleet has its secrets below the fleet's",
	withHub(async (hub) => {
		const fleet = createDeviceFleet(hub);
		const devices = { "d-1": { statusReason: "in the vault" }, "d-2": { statusReason: "in the hall" } };
		await fleet.up(declareDeviceFleet(devices));
		for (const id of ["d-1", "d-2"]) hub.control.devices.change(id, { statusReason: `${id} is out` });
		const compareWith = async (...secretPaths: string[]): Promise<ReportedResource | undefined> =>
			(await report(hub, [createObject("deviceFleet", "plant", fleet, { secretPaths })])).resources[0];
		const all = await compareWith("__members");
		assert.deepEqual(
			all?.differences.map(({ path, secret }) => [path, secret]),
			[
				["d-1.statusReason", true],
				["d-2.statusReason", true],
			],
		);
		assert.doesNotMatch(JSON.stringify(all), /vault|hall|is out/);
		const one = await compareWith("__members.d-1.statusReason");
		assert.deepEqual(
			one?.differences.map(({ secret }) => secret),
			[true, undefined],
		);
		assert.match(JSON.stringify(one), /in the hall/);
		assert.doesNotMatch(JSON.stringify(one), /vault/);
	}),
);

test(
	"A fleet with a device that cannot be read is unreadable, the severe devices come first, and no message repeats a secret",
	withHub(async (hub) => {
		const secret = "a-password-of-the-program";
		const fleet = createDeviceFleet(hub);
		await fleet.up(declareDeviceFleet({ "d-1": { status: "enabled" }, "d-2": {}, "d-3": {} }));
		const { devices, faults } = hub.control;
		devices.change("d-1", { status: "disabled" });
		devices.remove("d-3");
		faults.add({
			match: { service: "iotHub", path: "/(devices|twins)/d-2" },
			times: "always",
			action: {
				kind: "status",
				status: 400,
				code: "ArgumentInvalid",
				message: `not ${secret}\u009b2J`,
			},
		});
		const found = await report(hub, [createObject("deviceFleet", "plant", fleet)], {
			"iothub:clientSecret": secret,
		});
		faults.clear();
		const [plant] = found.resources;
		assert.deepEqual([plant?.status, plant?.severity], ["unreadable", "error"]);
		assert.deepEqual(
			plant?.members?.map(({ name, status, severity }) => `${name} ${status} ${severity}`),
			["d-3 deleted error", "d-1 changed warning", "d-2 unreadable warning"],
		);
		assert.match(plant?.message ?? "", /^1 of 3 devices could not be read:\n/);
		assert.deepEqual(found.devices, { checked: 3, changed: 1, deleted: 1, recreated: 0, unreadable: 1 });
		const text = JSON.stringify(found);
		assert.match(text, /failed: not \[secret\]/);
		assert.ok(!text.includes(secret));
		assert.doesNotMatch(text, /\u009b|\\u009b/);
	}),
);

test(
	"No message about a change, and no label, repeats a secret of the object or of the settings, or a control character",
	withHub(async (hub) => {
		const [own, configured] = ["own-secret-of-the-object", "secret-of-the-settings"];
		const pump = await deployDevice(hub, "pump", { statusReason: "fine" });
		hub.control.devices.change("pump", { statusReason: `${own} ${configured} \u001b[2J` });
		const object = createObject("deviceIdentity", "pump", pump, { secretTexts: [own] });
		const [changed] = (await report(hub, [object], { "iothub:clientSecret": configured })).resources;
		assert.match(changed?.message ?? "", /"\[secret\] \[secret\] /);
		assert.ok(!changed?.message?.includes("\u001b"));
		const labelled = createObject("deviceIdentity", "pump", pump, { secretTexts: ["pump"] });
		assert.equal((await report(hub, [labelled])).resources[0]?.label, "[secret]");
		const fleet = createDeviceFleet(hub);
		await fleet.up(declareDeviceFleet({ "d-1": { status: "enabled" } }));
		hub.control.devices.change("d-1", { status: "disabled" });
		const plant = createObject("deviceFleet", "plant", fleet, { secretTexts: [fleet.known.id] });
		assert.equal((await report(hub, [plant])).resources[0]?.label, "[secret]");
	}),
);

test(
	"Encrypted values are not compared, and an encrypted address is not looked up",
	withHub(async (hub) => {
		const pump = await deployDevice(hub, "pump", { status: "enabled", statusReason: "fine" });
		hub.control.devices.change("pump", { status: "disabled", statusReason: "broken" });
		const compareWith = async (...encryptedPaths: string[]) =>
			report(hub, [createObject("deviceIdentity", "pump", pump, { encryptedPaths })]);
		const partly = await compareWith("statusReason");
		assert.deepEqual(summarize(partly), ["pump changed status"]);
		assert.equal(partly.withheld, 1);
		hub.control.requests.reset();
		const lost = await compareWith("deviceId");
		assert.deepEqual(summarize(lost), ["pump unreadable"]);
		assert.match(lost.resources[0]?.message ?? "", /its deviceId is encrypted in this state/);
		assert.deepEqual(hub.asked(), []);
	}),
);
