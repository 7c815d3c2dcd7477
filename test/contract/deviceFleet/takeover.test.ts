import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { SendRequest } from "../../../provider/http/pipeline.ts";
import { isKeyGeneratedFor } from "../../../provider/iothub/keyRotation.ts";
import { createIotHubService } from "../../../provider/iothub/service.ts";
import type { DeviceSeed } from "../../emulator/emulator.ts";
import { createWorld } from "../../emulator/world.ts";
import { createServiceClock, createServiceNetwork } from "../harness/emulatedServices.ts";
import { Resource } from "../harness/resource.ts";
import { catchError } from "../scene.ts";
import type { HubStage } from "../subject/hubStage.ts";
import type { Values } from "../subject/subject.ts";
import {
	assertDevicesDeployed,
	createDeviceFleet,
	createDeviceFleetWithOrigin,
	type Devices,
	declareDeviceFleet,
	declarePlainDevices,
	EDGE,
	simulateDeath,
	takeWrites,
	withHub,
} from "./withFleet.ts";

const PLANT = "organization/plant/dev/DeviceFleet/plant";
const OTHER_STACK = "organization/plant/prod/DeviceFleet/plant";

const KEYS = {
	primaryKey: Buffer.alloc(32, 1).toString("base64"),
	secondaryKey: Buffer.alloc(32, 2).toString("base64"),
};
const THUMBPRINT = "AB".repeat(20);
const BOTH_DIALECTS = ["2021-04-12", "2015-08-15-preview"] as const;

/** Nothing proves that a run of this program made the device, so it stays as it is. */
async function assertRefused(
	hub: HubStage,
	createFleet: Resource,
	devices: Devices,
	id = "d-0",
): Promise<void> {
	const before = hub.getDevice(id);
	hub.control.requests.reset();
	const { message } = await catchError(createFleet.up(declareDeviceFleet(devices)));
	assert.match(
		message,
		new RegExp(`^ {4}${id}: Device ${id} exists already and was left as it is; nothing proves that an`, "m"),
	);
	assert.match(message, /set `adopt: true` on it[\s\S]*\[AlreadyExists\]/);
	assert.deepEqual(hub.getDevice(id), before);
	const kept = JSON.parse(String(createFleet.state?.outputs["__members"] ?? "{}")) as object;
	assert.ok(!(id in kept), "and no fleet has it in state");
}

/** A run that made the devices and was killed before anything of it was in state. */
async function killBeforeState(hub: HubStage, devices: Devices, origin?: string): Promise<void> {
	const fleet = origin === undefined ? createDeviceFleet(hub) : createDeviceFleetWithOrigin(hub, origin);
	await fleet.up(declareDeviceFleet(devices));
	hub.control.requests.reset();
}

describe("The keys of a fleet's devices without declared keys", () => {
	for (const apiVersion of BOTH_DIALECTS) {
		test(
			`are created by the fleet in ${apiVersion}, prove in both slots which fleet it was, and are stored nowhere`,
			withHub(
				async (hub) => {
					const fleet = createDeviceFleetWithOrigin(hub, PLANT);
					await fleet.up(declareDeviceFleet(declarePlainDevices(2)));
					const host = String(fleet.getOutput("hubHostName"));
					const { primaryKey, secondaryKey } = hub.getDevice("d-0").authentication.symmetricKey;
					const mark = (slot: string, id = "d-0", origin = PLANT) => [origin, host, id, slot].join("\n");
					assert.ok(isKeyGeneratedFor(mark("primaryKey"), primaryKey ?? ""));
					assert.ok(isKeyGeneratedFor(mark("secondaryKey"), secondaryKey ?? ""));
					for (const other of [
						mark("secondaryKey"),
						mark("primaryKey", "d-1"),
						mark("primaryKey", "d-0", OTHER_STACK),
					])
						assert.ok(!isKeyGeneratedFor(other, primaryKey ?? ""));
					const state = JSON.stringify(fleet.state);
					for (const secret of hub.listSecrets()) assert.ok(!state.includes(secret));
					assert.ok(!("__origin" in fleet.known.outputs), "state's outputs hold no origin");
					assert.ok(!state.includes("symmetricKey"), "nor does anything say that keys were declared");
					await assertDevicesDeployed(hub, fleet, declarePlainDevices(2));
					await fleet.refresh();
					await assertDevicesDeployed(hub, fleet, declarePlainDevices(2));
				},
				{ config: { "iothub:apiVersion": apiVersion } },
			),
		);
	}
	test(
		"are ignored once they exist: rotated ones are not drift",
		withHub(async (hub) => {
			const fleet = createDeviceFleetWithOrigin(hub, PLANT);
			await fleet.up(declareDeviceFleet(declarePlainDevices(1)));
			hub.control.devices.rotateKeys("d-0");
			assert.equal((await fleet.plan(declareDeviceFleet(declarePlainDevices(1)))).step, "same");
		}),
	);
	test(
		"are created by the hub if the origin is not known, and for a single resource",
		withHub(async (hub) => {
			await createDeviceFleetWithOrigin(hub, undefined).up(declareDeviceFleet(declarePlainDevices(1)));
			await hub.deploy({ deviceId: "single" });
			for (const body of hub.puts()) assert.ok(!JSON.stringify(body).includes("symmetricKey"));
		}),
	);
	test(
		"are the derived or declared ones if there are any, and none for a certificate",
		withHub(async (hub) => {
			const derivedFrom = Buffer.alloc(32, 7).toString("base64");
			const devices = {
				derived: {},
				own: { authentication: { type: "sas", symmetricKey: KEYS } },
				signed: { authentication: { type: "certificateAuthority" } },
			};
			const first = createDeviceFleetWithOrigin(hub, PLANT);
			await first.up(declareDeviceFleet(devices, { derivedFrom }));
			const keys = hub.getDevice("derived").authentication.symmetricKey;
			assert.deepEqual(hub.getDevice("own").authentication.symmetricKey, KEYS);
			await first.destroy();
			await createDeviceFleetWithOrigin(hub, OTHER_STACK).up(declareDeviceFleet(devices, { derivedFrom }));
			assert.deepEqual(hub.getDevice("derived").authentication.symmetricKey, keys);
		}),
	);
});

describe("An existing device is taken over by a fleet", () => {
	for (const apiVersion of BOTH_DIALECTS) {
		test(
			`if its keys prove in ${apiVersion} that an interrupted run of the same program created it`,
			withHub(
				async (hub) => {
					await killBeforeState(hub, declarePlainDevices(3), PLANT);
					const before = hub.control.devices.list();
					const fleet = createDeviceFleetWithOrigin(hub, PLANT);
					await fleet.up(declareDeviceFleet(declarePlainDevices(3)));
					assert.deepEqual(hub.control.devices.list(), before);
					assert.match(
						hub.words.said.join("\n"),
						/^Device d-0 exists exactly as declared; it counts as created by an interrupted run$/m,
					);
					await assertDevicesDeployed(hub, fleet, declarePlainDevices(3));
				},
				{ config: { "iothub:apiVersion": apiVersion } },
			),
		);
	}
	test(
		"if it has exactly the declared or derived keys, although the origin is not known",
		withHub(async (hub) => {
			const derivedFrom = Buffer.alloc(32, 7).toString("base64");
			const devices = { own: { authentication: { type: "sas", symmetricKey: KEYS } }, derived: {} };
			await createDeviceFleetWithOrigin(hub, undefined).up(declareDeviceFleet(devices, { derivedFrom }));
			const before = hub.control.devices.list();
			await createDeviceFleetWithOrigin(hub, undefined).up(declareDeviceFleet(devices, { derivedFrom }));
			assert.deepEqual(hub.control.devices.list(), before);
		}),
	);
	test(
		"but not if it has other keys than declared",
		withHub(async (hub) => {
			const own = (secondaryKey: string) => ({
				"d-0": { authentication: { type: "sas", symmetricKey: { ...KEYS, secondaryKey } } },
			});
			await killBeforeState(hub, own(KEYS.secondaryKey));
			await assertRefused(hub, createDeviceFleet(hub), own(Buffer.alloc(32, 3).toString("base64")));
		}),
	);
	test(
		"but not if it is somebody else's disabled gateway, just created, and nothing is declared for it",
		withHub(async (hub) => {
			hub.control.devices.seed([{ deviceId: "d-0", ...EDGE, status: "disabled" }]);
			await assertRefused(hub, createDeviceFleetWithOrigin(hub, PLANT), { "d-0": {} });
		}),
	);
	test(
		"but not if it looks the same and has keys that the hub created",
		withHub(async (hub) => {
			hub.control.devices.seed([{ deviceId: "d-0" }]);
			await assertRefused(hub, createDeviceFleetWithOrigin(hub, PLANT), { "d-0": {} });
		}),
	);
	for (const slot of ["primaryKey", "secondaryKey"] as const) {
		test(
			`but not if somebody gave it another ${slot}`,
			withHub(async (hub) => {
				await killBeforeState(hub, declarePlainDevices(1), PLANT);
				const { primaryKey, secondaryKey } = hub.getDevice("d-0").authentication.symmetricKey;
				const made = { primaryKey: primaryKey ?? "", secondaryKey: secondaryKey ?? "" };
				const symmetricKey = { ...made, [slot]: KEYS[slot] };
				hub.control.devices.change("d-0", { authentication: { type: "sas", symmetricKey } });
				await assertRefused(hub, createDeviceFleetWithOrigin(hub, PLANT), declarePlainDevices(1));
			}),
		);
	}
	test(
		"but not if another stack created it, which keeps it",
		withHub(async (hub) => {
			const theirs = createDeviceFleetWithOrigin(hub, PLANT);
			await theirs.up(declareDeviceFleet(declarePlainDevices(2)));
			const ours = createDeviceFleetWithOrigin(hub, OTHER_STACK);
			const { message } = await catchError(ours.up(declareDeviceFleet(declarePlainDevices(3))));
			assert.match(message, /^2 of 3 devices failed/);
			await ours.destroy();
			await assertDevicesDeployed(hub, theirs, declarePlainDevices(2));
		}),
	);
	test(
		"but not if another fleet of the same program created it, or the origin is not known",
		withHub(async (hub) => {
			await killBeforeState(hub, declarePlainDevices(1), PLANT);
			await assertRefused(hub, createDeviceFleetWithOrigin(hub, `${PLANT}-2`), declarePlainDevices(1));
			await assertRefused(hub, createDeviceFleetWithOrigin(hub, undefined), declarePlainDevices(1));
		}),
	);
	for (const [what, authentication] of [
		["thumbprint", { type: "selfSigned", x509Thumbprint: { primaryThumbprint: THUMBPRINT } }],
		["authority's signature", { type: "certificateAuthority" }],
	] as const) {
		test(
			`but not by its ${what}, which proves nothing, unless \`adopt\` is set`,
			withHub(async (hub) => {
				const devices = { "d-0": { authentication } };
				await killBeforeState(hub, devices, PLANT);
				await assertRefused(hub, createDeviceFleetWithOrigin(hub, PLANT), devices);
				hub.control.requests.reset();
				const fleet = createDeviceFleetWithOrigin(hub, PLANT);
				await fleet.up(declareDeviceFleet(devices, { adopt: true }));
				assert.deepEqual(takeWrites(hub), ["PUT d-0"], "the refused creation, and no other write");
			}),
		);
	}
	const changes: readonly [what: string, device: Values, change: Partial<DeviceSeed>][] = [
		["disabled", {}, { status: "disabled" }],
		["given a reason", {}, { statusReason: "seized" }],
		["made a gateway", {}, { ...EDGE, deviceScope: "", parentScopes: [] }],
		["given a reason that is not declared", { status: "disabled" }, { statusReason: "seized" }],
	];
	for (const [what, device, change] of changes) {
		test(
			`but not if it was ${what} since an interrupted run created it`,
			withHub(async (hub) => {
				await killBeforeState(hub, { "d-0": device }, PLANT);
				hub.control.devices.change("d-0", change);
				await assertRefused(hub, createDeviceFleetWithOrigin(hub, PLANT), { "d-0": device });
			}),
		);
	}
	test(
		"but not if it was moved below another parent since, or lost its own",
		withHub(async (hub) => {
			const devices = { gw: EDGE, free: {}, bound: { parent: "gw" } };
			await killBeforeState(hub, devices, PLANT);
			hub.control.devices.change("free", { deviceScope: hub.getDevice("gw").deviceScope ?? "" });
			hub.control.devices.change("bound", { deviceScope: "" });
			await assertRefused(hub, createDeviceFleetWithOrigin(hub, PLANT), devices, "free");
			await assertRefused(hub, createDeviceFleetWithOrigin(hub, PLANT), devices, "bound");
		}),
	);
	test(
		"with the differences written, if `adopt` is set",
		withHub(async (hub) => {
			hub.control.devices.seed([{ deviceId: "d-0", status: "disabled", ...EDGE }]);
			const fleet = createDeviceFleetWithOrigin(hub, PLANT);
			await fleet.up(declareDeviceFleet(declarePlainDevices(1), { adopt: true }));
			assert.equal(hub.getDevice("d-0").status, "enabled");
		}),
	);
});

describe("A gateway that an interrupted run created", () => {
	const rest = { onDrift: "fail" };
	const devices = { old: EDGE, one: { parent: "old" } };
	const moved = { ...devices, high: EDGE, one: { parent: "high" } };
	for (const [whose, origin] of [
		["another stack", OTHER_STACK],
		["nobody known", undefined],
	] as const) {
		test(
			`does not allow under onDrift "fail" a device that was moved below it, if ${whose} created it`,
			withHub(async (hub) => {
				const fleet = createDeviceFleetWithOrigin(hub, PLANT);
				await fleet.up(declareDeviceFleet(devices, rest));
				await createDeviceFleetWithOrigin(hub, origin).up(declareDeviceFleet({ high: EDGE }));
				hub.control.devices.change("one", { deviceScope: hub.getDevice("high").deviceScope ?? "" });
				const { message } = await catchError(fleet.plan(declareDeviceFleet(moved, rest)));
				assert.match(message, /^ {4}one: Device one was moved to another parent/m);
			}),
		);
	}
	test(
		"allows it if its keys prove it, although the run before was interrupted",
		withHub(async (hub) => {
			const fleet = createDeviceFleetWithOrigin(hub, PLANT);
			await fleet.up(declareDeviceFleet(devices, rest));
			const before = fleet.state;
			const { apply } = await fleet.plan(declareDeviceFleet(moved, rest));
			await simulateDeath(hub, 2, apply);
			fleet.state = before;
			await fleet.up(declareDeviceFleet(moved, rest));
			await assertDevicesDeployed(hub, fleet, moved, rest);
		}),
	);
});

/** A hub without sockets whose answers are dated as they are told. */
function createDatedHub(dateOf: (now: number) => number | undefined) {
	const host = "fleet.example";
	const world = createWorld({}, { hostName: host, port: 443, origin: `https://${host}` });
	const network = createServiceNetwork(world);
	const sendDated: SendRequest = async (request) => {
		const { headers, ...rest } = await network(request);
		const { date: _, ...others } = headers;
		const now = dateOf(world.control.clock.now());
		return {
			...rest,
			headers: { ...others, ...(now !== undefined && { date: new Date(now).toUTCString() }) },
		};
	};
	const readConfig = (key: string) =>
		key === "iothub:connectionString" ? world.control.hub.connectionString() : undefined;
	const fleet = () =>
		new Resource(
			() =>
				createIotHubService({
					sources: { config: readConfig, env: {} },
					clock: createServiceClock(world),
					warn: () => {},
					network: sendDated,
				}).deviceFleet,
			{ origin: PLANT },
		);
	return { world, fleet };
}

describe("The age of a device that proves that this program created it", () => {
	const HOUR = 3_600_000;
	const cases: readonly [
		title: string,
		hours: number,
		dateOf: (now: number) => number | undefined,
		taken: boolean,
	][] = [
		["is that of an interrupted run within a day", 23, (now) => now, true],
		["is too high after a day", 25, (now) => now, false],
		["is not lowered by an answer that is dated in the past", 25, (now) => now - 24 * HOUR, false],
		["is none where the answer was dated before the device was made", 1, (now) => now - 24 * HOUR, false],
		["is not known where the answer has no date", 1, () => undefined, false],
		["is the service's to say where its clock is ahead of ours", 1, (now) => now + 2 * HOUR, true],
		["is too high where only the service's clock says so", 1, (now) => now + 25 * HOUR, false],
	];
	for (const [title, hours, dateOf, isTaken] of cases) {
		test(title, async () => {
			const { world, fleet } = createDatedHub(dateOf);
			await fleet().up(declareDeviceFleet(declarePlainDevices(1)));
			world.control.clock.advance(hours * HOUR);
			const work = fleet().up(declareDeviceFleet(declarePlainDevices(1)));
			if (isTaken) assert.equal(await work, "create");
			else assert.match((await catchError(work)).message, /d-0 exists already and was left as it is/);
		});
	}
});
