import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type AdoptableDevices, findAdoptableDevices } from "../../../provider/iothub/adopt.ts";
import type { DeviceInputs } from "../../../provider/iothub/deviceIdentity.inputs.ts";
import { createDeviceIdentityType } from "../../../provider/iothub/deviceIdentity.type.ts";
import type { LiveObject, ResourceApi } from "../../../provider/resource/resourceType.ts";
import { createLiveDevice, createTestFleetType, HUB, KEYS, SCOPE, SHA1 } from "./devices.ts";
import { createHubAnswer, createScriptedHub } from "./hubClient.ts";

const FORBIDDEN = new Error("403 Forbidden");

/** A device as its twin describes it. */
const createTwin = (deviceId: string, rest: object = {}): object => ({
	deviceId,
	deviceEtag: "NzA=",
	status: "enabled",
	authenticationType: "sas",
	capabilities: { iotEdge: false },
	...rest,
});

/** What a read of a device from the registry returns: the device, nothing, or an error. */
type ReadOutcome = LiveObject<DeviceInputs> | undefined | Error;

/** Finds the devices of a hub whose query returns these twins, and whose registry has these devices. */
function find(
	twins: readonly object[],
	registry: Readonly<Record<string, ReadOutcome>> = {},
): Promise<AdoptableDevices> {
	const api: Partial<ResourceApi<DeviceInputs>> = {
		async get({ id }) {
			const outcome = registry[id];
			if (outcome instanceof Error) throw outcome;
			return outcome;
		},
	};
	const deviceType = createDeviceIdentityType({
		apiVersion: "2021-04-12",
		storeCredentials: true,
		disableOnDelete: false,
		getDefaultHost: () => HUB,
		connect: () => api as ResourceApi<DeviceInputs>,
	});
	return findAdoptableDevices({
		context: createScriptedHub(createHubAnswer(twins)),
		deviceType,
		fleetType: createTestFleetType(deviceType),
		query: "SELECT * FROM devices",
		exact: false,
	});
}

const createDevice = (deviceId: string, values: Partial<DeviceInputs> = {}, computed = {}) =>
	createLiveDevice({ deviceId, ...values }, computed);

describe("the devices of a hub to adopt as resources", () => {
	test("are none at all if one of them cannot be read: the error is the result", async () => {
		const found = await find([createTwin("a"), createTwin("b")], { a: createDevice("a"), b: FORBIDDEN });
		await assert.rejects(found.toResources(), (thrown) => thrown === FORBIDDEN);
	});

	test("are those that the registry still has", async () => {
		const found = await find([createTwin("gone"), createTwin("a")], { a: createDevice("a") });
		const { devices, skipped } = await found.toResources();
		assert.deepEqual(
			devices.map(({ id }) => id),
			["a"],
		);
		assert.deepEqual(skipped, []);
	});

	test("have no key in inputs or outputs: the files are plain text", async () => {
		const found = await find([createTwin("a")], { a: createDevice("a") });
		const { devices } = await found.toResources();
		assert.equal(devices[0]?.inputs["storeCredentials"], false);
		assert.deepEqual(devices[0]?.inputs["authentication"], { type: "sas" });
		const text = JSON.stringify(devices);
		for (const key of Object.values(KEYS)) assert.ok(!text.includes(key));
		assert.doesNotMatch(text, /SharedAccessKey/);
	});

	test("name the parent that is adopted too, and no other", async () => {
		const found = await find(
			["gw", "leaf", "stray"].map((id) => createTwin(id)),
			{
				gw: createDevice("gw", { capabilities: { iotEdge: true } }, { deviceScope: SCOPE }),
				leaf: createDevice("leaf", { deviceScope: SCOPE }),
				stray: createDevice("stray", { deviceScope: "ms-azure-iot-edge://other-1" }),
			},
		);
		const { devices } = await found.toResources();
		assert.deepEqual(
			devices.map(({ id, parent }) => [id, parent]),
			[
				["gw", undefined],
				["leaf", "gw"],
				["stray", undefined],
			],
		);
	});
});

describe("the devices of a hub to adopt as a fleet", () => {
	const gateway = createTwin("gw", { capabilities: { iotEdge: true }, deviceScope: SCOPE });

	test("are declared as they are, with the parent by its id", async () => {
		const found = await find([createTwin("leaf", { deviceScope: SCOPE, statusReason: "r" }), gateway]);
		const { devices, idsWithUnmanagedParent, skipped, fleet } = found.toFleet();
		assert.deepEqual(Object.fromEntries(devices), {
			gw: { status: "enabled", authentication: { type: "sas" }, capabilities: { iotEdge: true } },
			leaf: { status: "enabled", statusReason: "r", authentication: { type: "sas" }, parent: "gw" },
		});
		assert.deepEqual([idsWithUnmanagedParent, skipped], [[], []]);
		assert.equal(fleet.id, HUB);
	});

	test("do not declare a parent that was not selected, and name such devices", async () => {
		const { devices, idsWithUnmanagedParent } = (
			await find([createTwin("leaf", { deviceScope: SCOPE }), createTwin("free")])
		).toFleet();
		assert.deepEqual(idsWithUnmanagedParent, ["leaf"]);
		assert.ok(!("parent" in (devices.get("leaf") ?? {})));
	});

	test("are listed apart, with the reason, if no program can declare them, and their children have no parent then", async () => {
		const long = { ...gateway, statusReason: "x".repeat(129) };
		const found = await find([long, createTwin("leaf", { deviceScope: SCOPE })]);
		const { devices, idsWithUnmanagedParent, skipped } = found.toFleet();
		assert.deepEqual([...devices.keys()], ["leaf"]);
		assert.deepEqual(idsWithUnmanagedParent, ["leaf"]);
		assert.deepEqual(
			skipped.map(({ id }) => id),
			["gw"],
		);
		assert.match(skipped[0]?.reason ?? "", /129 characters/);
	});

	test("leave a certificate undeclared that no program can declare: only a secondary thumbprint", async () => {
		const certificate = { authenticationType: "selfSigned", x509Thumbprint: { secondaryThumbprint: SHA1 } };
		const { devices, skipped } = (await find([createTwin("a", certificate)])).toFleet();
		assert.deepEqual(skipped, []);
		assert.deepEqual(devices.get("a"), { status: "enabled" });
	});
});
