import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CheckFailed } from "../harness/resource.ts";
import { catchError } from "../scene.ts";
import { HubStage } from "../subject/hubStage.ts";
import { assertDeviceInStep, withHub } from "./withHub.ts";

const LEGAL = [...`-.%_*?!(),:=@$';`].flatMap((character) => [
	`a${character}b`,
	`${character}a`,
	`a${character}`,
]);
const NASTY = [
	"%41",
	"%2e%2e",
	"a%2Fb",
	"..a",
	"a..",
	"?top=1",
	"a;SharedAccessKey=b",
	"$edgeAgent",
	"100%",
	"it's",
	"0",
];
const LONGEST = `${"a".repeat(127)}*`;
const ILLEGAL = ["a+b", "a#b", "a/b", "a\\b", "a b", "a&b", "ä", "a\n", "", ".", "..", "a".repeat(129)];

describe("A device's id", () => {
	for (const deviceId of [...LEGAL, ...NASTY, LONGEST]) {
		test(
			`${JSON.stringify(deviceId)} is created, updated and deleted under its name`,
			withHub(async (hub) => {
				const resource = await hub.deploy({ deviceId });
				assert.deepEqual(
					hub.control.devices.list().map((device) => device.deviceId),
					[deviceId],
				);
				await assertDeviceInStep(hub, resource, { deviceId });
				await resource.up({ deviceId, status: "disabled" });
				await resource.refresh();
				await assertDeviceInStep(hub, resource, { deviceId, status: "disabled" });
				await resource.destroy();
				assert.deepEqual(hub.control.devices.list(), []);
			}),
		);
	}
	for (const deviceId of ILLEGAL) {
		test(
			`${JSON.stringify(deviceId.slice(0, 12))} is refused before any request`,
			withHub(async (hub) => {
				const error = await catchError(hub.deploy({ deviceId }));
				assert.ok(error instanceof CheckFailed);
				assert.match(error.message, /^deviceId: /);
				assert.deepEqual(hub.asked(), []);
			}),
		);
	}
	test(
		"differs from one in another case",
		withHub(async (hub) => {
			await hub.deploy({ deviceId: "press" });
			const upper = await hub.deploy({ deviceId: "PRESS", status: "disabled" });
			assert.equal(hub.getDevice("press").status, "enabled");
			await upper.destroy();
			assert.ok(hub.getDevice("press"));
		}),
	);
	test(
		"changes by deleting the old device and creating the new one",
		withHub(async (hub) => {
			const resource = await hub.deploy({ deviceId: "press" });
			hub.asked();
			assert.equal(await resource.up({ deviceId: "Press" }), "replace");
			assert.deepEqual(hub.asked(), ["DELETE /devices/{id}", "PUT /devices/{id}"]);
		}),
	);
});

describe("Fields that are no longer declared", () => {
	test(
		"status is reset to enabled, and statusReason is removed",
		withHub(async (hub) => {
			const resource = await hub.deploy({ deviceId: "press", status: "disabled", statusReason: "stolen" });
			assert.equal(await resource.up({ deviceId: "press" }), "update");
			assert.equal(hub.getDevice("press").status, "enabled");
			assert.equal(hub.getDevice("press").statusReason, null);
			await assertDeviceInStep(hub, resource, { deviceId: "press" });
		}),
	);
	test(
		"an empty statusReason counts as none",
		withHub(async (hub) => {
			const resource = await hub.deploy({ deviceId: "press", statusReason: "" });
			await assertDeviceInStep(hub, resource, { deviceId: "press", statusReason: "" });
			hub.puts();
			await resource.up({ deviceId: "press" });
			assert.deepEqual(hub.puts(), []);
		}),
	);
	test(
		"fields that were never declared stay as somebody else set them, through every update",
		withHub(async (hub) => {
			const resource = await hub.deploy({ deviceId: "press", statusReason: "in service" });
			hub.control.devices.change("press", { status: "disabled" });
			hub.control.devices.patchTwin("press", { tags: { site: "north" } });
			await resource.up({ deviceId: "press", statusReason: "being repaired" });
			const { status, twin } = hub.getDevice("press");
			assert.equal(status, "disabled");
			assert.deepEqual(twin.tags, { site: "north" });
			assert.equal(resource.getOutput("status"), "disabled");
			assert.deepEqual(hub.words.said, []);
		}),
	);
	test(
		"statusUpdatedTime changes with the status and is an output",
		withHub(async (hub) => {
			const resource = await hub.deploy({ deviceId: "press" });
			assert.equal(resource.getOutput("statusUpdatedTime"), undefined);
			await resource.up({ deviceId: "press", status: "disabled" });
			assert.match(String(resource.getOutput("statusUpdatedTime")), /^20\d\d-.*Z$/);
		}),
	);
});

describe("A hub's name", () => {
	test(
		"is compared case-insensitively, in programs and in connection strings",
		withHub(
			async (hub) => {
				const { connectionString } = hub.emulator.iotHub;
				const config = { "iothub:connectionString": connectionString.replace("fleet.azure", "FLEET.Azure") };
				const resource = await hub.deploy({ deviceId: "press" }, { config });
				assert.equal(resource.getOutput("hubHostName"), "fleet.azure-devices.net");
				const shouted = { deviceId: "press", hubHostName: "Fleet.AZURE-devices.net" };
				await assertDeviceInStep(hub, resource, shouted);
			},
			{ emulator: { hostName: "fleet.azure-devices.net" } },
		),
	);
	test(
		"timestamps are read in the newer format of the service, too",
		withHub(
			async (hub) => {
				const resource = await hub.deploy({ deviceId: "press", status: "disabled" });
				await resource.up({ deviceId: "press" });
				await resource.refresh();
				await assertDeviceInStep(hub, resource, { deviceId: "press" });
				assert.match(
					String(resource.getOutput("statusUpdatedTime")),
					/^\d{4}-\d\d-\d\dT[\d:]{8}(\.\d*[1-9])?Z$/,
				);
			},
			{ emulator: { switches: { wire: "2026" } } },
		),
	);
});

describe("Several hubs in one process", () => {
	test("Each device is in its own hub, with its own credentials", () =>
		withTwoHubs(async ({ north, south, open }) => {
			const { deviceIdentity } = open();
			const inputs = ["north", "south"].map((name) => ({ deviceId: "press", hubHostName: formatHost(name) }));
			const made = await Promise.all(inputs.map((input) => deviceIdentity.create(input)));
			for (const [at, hub] of [north, south].entries()) {
				assert.equal(hub.control.devices.list().length, 1);
				assert.equal(
					made[at]?.outs["primaryKey"],
					hub.getDevice("press").authentication.symmetricKey.primaryKey,
				);
			}
		}));
	test("A device without a hub is rejected if no setting names one", () =>
		withTwoHubs(async ({ north, open }) => {
			const { deviceIdentity } = open();
			const { message } = await catchError(deviceIdentity.check({}, { deviceId: "press" }));
			assert.match(message, /iothub:hostName is not set and iothub:connectionString names several hubs/);
			const { inputs } = await open({ "iothub:hostName": formatHost("north") }).deviceIdentity.check(
				{},
				{ deviceId: "press" },
			);
			assert.equal(inputs["hubHostName"], formatHost("north"));
			assert.deepEqual(north.asked(), []);
		}));
	test("Another hub replaces the device: it is deleted in the old hub and created in the new one", () =>
		withTwoHubs(async ({ north, south, config }) => {
			const resource = north.createResource({ config });
			await resource.up({ deviceId: "press", hubHostName: formatHost("north") });
			assert.equal(await resource.up({ deviceId: "press", hubHostName: formatHost("south") }), "replace");
			assert.deepEqual(north.control.devices.list(), []);
			assert.equal(resource.getOutput("etag"), south.getDevice("press").etag);
		}));
});

interface TwoHubs {
	readonly north: HubStage;
	readonly south: HubStage;
	readonly config: Readonly<Record<string, string>>;
	open(more?: Readonly<Record<string, string>>): ReturnType<HubStage["open"]>;
}

/** Two hubs behind one configuration: a list of connection strings, and endpoints by host name. */
async function withTwoHubs(play: (hubs: TwoHubs) => Promise<void>): Promise<void> {
	const hubs = await Promise.all(
		["north", "south"].map((name) => HubStage.start({}, { hostName: formatHost(name) })),
	);
	const [north, south] = hubs;
	try {
		if (north === undefined || south === undefined) throw new TypeError("two hubs were started");
		const config = {
			"iothub:connectionString": JSON.stringify(hubs.map(({ emulator }) => emulator.iotHub.connectionString)),
			"iothub:endpoint": JSON.stringify(
				Object.fromEntries(hubs.map(({ emulator }) => [emulator.iotHub.hostName, emulator.iotHub.url])),
			),
		};
		await play({ north, south, config, open: (more) => north.open({ config: { ...config, ...more } }) });
	} finally {
		await Promise.all(hubs.map((hub) => hub.close()));
	}
}

function formatHost(name: string): string {
	return `${name}.azure-devices.net`;
}
