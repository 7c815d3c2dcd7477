import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Fault } from "../../emulator/emulator.ts";
import { catchError } from "../scene.ts";
import type { HubStage } from "../subject/hubStage.ts";
import { assertDeviceInStep, withHub } from "./withHub.ts";

const EDGE = { capabilities: { iotEdge: true } };
const SENSOR = { deviceId: "sensor" };
const GATEWAY = { deviceId: "gateway", ...EDGE };
const PUT = { path: "^/devices/", method: "PUT" };

/** Registers gateways behind Pulumi's back; their scopes in the same order. */
function seedGateways(hub: HubStage, ...ids: string[]): [string, string] {
	const [first = "", second = ""] = ids.map((id) => hub.seed({ deviceId: id, ...EDGE }).deviceScope);
	return [first, second];
}

describe("A device behind a gateway", () => {
	test(
		"is created there, and the scope of its parent is an output",
		withHub(async (hub) => {
			const [north] = seedGateways(hub, "north");
			const declared = { ...SENSOR, deviceScope: north };
			const sensor = await hub.deploy(declared);
			assert.deepEqual(hub.getDevice("sensor").parentScopes, [north]);
			assert.equal(sensor.getOutput("deviceScope"), north);
			await assertDeviceInStep(hub, sensor, declared);
		}),
	);
	test(
		"is moved there, to another gateway and away again, each with one write that keeps its keys",
		withHub(async (hub) => {
			const [north, south] = seedGateways(hub, "north", "south");
			const sensor = await hub.deploy(SENSOR);
			const { authentication } = hub.getDevice("sensor");
			for (const scope of [north, south, "", south, undefined]) {
				hub.puts();
				const declared = scope === undefined ? SENSOR : { ...SENSOR, deviceScope: scope };
				assert.equal(await sensor.up(declared), "update");
				assert.equal(hub.puts().length, 1);
				assert.equal(hub.getDevice("sensor").deviceScope, scope || undefined);
				assert.deepEqual(hub.getDevice("sensor").authentication, authentication);
				await assertDeviceInStep(hub, sensor, declared);
			}
		}),
	);
	test(
		"stays there if somebody else moved it there and an update changes another field",
		withHub(async (hub) => {
			const [north] = seedGateways(hub, "north");
			const sensor = await hub.deploy(SENSOR);
			hub.control.devices.change("sensor", { deviceScope: north });
			await sensor.up({ ...SENSOR, status: "disabled" });
			assert.equal(hub.getDevice("sensor").deviceScope, north);
			assert.equal(hub.getDevice("sensor").status, "disabled");
		}),
	);
	test(
		"is removed from it once the parent is no longer declared, even if somebody else turned the device into a gateway below another one",
		withHub(async (hub) => {
			const [north, south] = seedGateways(hub, "north", "south");
			const leaf = { ...SENSOR, capabilities: { iotEdge: false } };
			const sensor = await hub.deploy({ ...leaf, deviceScope: north });
			hub.control.devices.change("sensor", { ...EDGE, deviceScope: "", parentScopes: [south] });
			await sensor.up(SENSOR);
			assert.equal(hub.getDevice("sensor").deviceScope, undefined);
			assert.deepEqual(hub.getDevice("sensor").parentScopes ?? [], []);
		}),
	);
	test(
		"is moved back if somebody else moved it, which is drift",
		withHub(async (hub) => {
			const [north, south] = seedGateways(hub, "north", "south");
			const declared = { ...SENSOR, deviceScope: north };
			const sensor = await hub.deploy(declared);
			hub.control.devices.change("sensor", { deviceScope: south });
			await sensor.up(declared);
			assert.ok(hub.words.said[0]?.includes(`"${south}" now`));
			assert.equal(hub.getDevice("sensor").deviceScope, north);
			await assertDeviceInStep(hub, sensor, declared);
		}),
	);
	test(
		"does not count as moved if it becomes a gateway, or stops being one, and somebody else changed another field",
		withHub(async (hub) => {
			const [north] = seedGateways(hub, "north");
			const leaf = { ...SENSOR, capabilities: { iotEdge: false }, deviceScope: north };
			const gateway = { ...SENSOR, ...EDGE, parentScopes: [north] };
			const sensor = await hub.deploy(leaf);
			for (const declared of [gateway, leaf]) {
				hub.control.devices.rotateKeys("sensor");
				assert.equal(await sensor.up(declared), "update");
				assert.deepEqual(hub.words.said, []);
				assert.deepEqual(hub.getDevice("sensor").parentScopes, [north]);
				await assertDeviceInStep(hub, sensor, declared);
			}
		}),
	);
	test(
		"keeps its scope when the gateway is deleted",
		withHub(async (hub) => {
			const gateway = await hub.deploy(GATEWAY);
			const declared = { ...SENSOR, deviceScope: String(gateway.getOutput("deviceScope")) };
			const sensor = await hub.deploy(declared);
			await gateway.destroy();
			await assertDeviceInStep(hub, sensor, declared);
		}),
	);
	test(
		"is moved to the new scope of a gateway that was created again",
		withHub(async (hub) => {
			const gateway = await hub.deploy(GATEWAY);
			const old = String(gateway.getOutput("deviceScope"));
			const sensor = await hub.deploy({ ...SENSOR, deviceScope: old });
			hub.control.devices.recreate("gateway");
			await gateway.up(GATEWAY);
			const fresh = String(gateway.getOutput("deviceScope"));
			assert.notEqual(fresh, old);
			const declared = { ...SENSOR, deviceScope: fresh };
			assert.equal(await sensor.up(declared), "update");
			assert.deepEqual(hub.getDevice("sensor").parentScopes, [fresh]);
			await assertDeviceInStep(hub, sensor, declared);
		}),
	);
});

describe("A gateway", () => {
	test(
		"has a scope that the hub generates and every update sends back",
		withHub(async (hub) => {
			const gateway = await hub.deploy(GATEWAY);
			const { deviceScope } = hub.getDevice("gateway");
			assert.equal(gateway.getOutput("deviceScope"), deviceScope);
			hub.puts();
			await gateway.up({ ...GATEWAY, status: "disabled" });
			assert.deepEqual(
				hub.puts().map((body) => (body as { deviceScope?: unknown }).deviceScope),
				[deviceScope],
			);
			await assertDeviceInStep(hub, gateway, { ...GATEWAY, status: "disabled" });
		}),
	);
	test(
		"is moved below another one, then below a third one, and away again",
		withHub(async (hub) => {
			const [north, south] = seedGateways(hub, "north", "south");
			const gateway = await hub.deploy({ ...GATEWAY, parentScopes: [north] });
			const { deviceScope } = hub.getDevice("gateway");
			assert.deepEqual(hub.getDevice("gateway").parentScopes, [north]);
			for (const parentScopes of [[south], [], [north], undefined]) {
				const declared = { ...GATEWAY, ...(parentScopes && { parentScopes }) };
				assert.equal(await gateway.up(declared), "update");
				assert.deepEqual(hub.getDevice("gateway").parentScopes, parentScopes ?? []);
				assert.equal(hub.getDevice("gateway").deviceScope, deviceScope);
				await assertDeviceInStep(hub, gateway, declared);
			}
		}),
	);
	test(
		"stays below another one if somebody else moved it there",
		withHub(async (hub) => {
			const [north] = seedGateways(hub, "north");
			const gateway = await hub.deploy(GATEWAY);
			hub.control.devices.change("gateway", { parentScopes: [north] });
			await gateway.up({ ...GATEWAY, status: "disabled" });
			assert.deepEqual(hub.getDevice("gateway").parentScopes, [north]);
		}),
	);
	test(
		"has its new scope as an output after somebody created it again",
		withHub(async (hub) => {
			const gateway = await hub.deploy(GATEWAY);
			const { deviceScope } = hub.control.devices.recreate("gateway");
			await gateway.refresh();
			assert.equal(gateway.getOutput("deviceScope"), deviceScope);
			await gateway.up({ ...GATEWAY, status: "disabled" });
			assert.equal(hub.getDevice("gateway").deviceScope, deviceScope);
		}),
	);
});

describe("A device that becomes a gateway", () => {
	test(
		"becomes one without a replacement, with a scope that has no generation",
		withHub(async (hub) => {
			const device = await hub.deploy(SENSOR);
			const before = hub.getDevice("sensor");
			hub.puts();
			assert.equal(await device.up({ ...SENSOR, ...EDGE }), "update");
			assert.equal(hub.puts().length, 1);
			const { deviceScope, generationId, authentication } = hub.getDevice("sensor");
			assert.equal(deviceScope, "ms-azure-iot-edge://sensor-");
			assert.equal(generationId, before.generationId);
			assert.deepEqual(authentication, before.authentication);
			assert.equal(device.getOutput("deviceScope"), deviceScope);
			await assertDeviceInStep(hub, device, { ...SENSOR, ...EDGE });
			assert.equal(await device.up({ ...SENSOR, ...EDGE, status: "disabled" }), "update");
		}),
	);
	test(
		"keeps its parent if the parent is now declared in parentScopes",
		withHub(async (hub) => {
			const [north] = seedGateways(hub, "north");
			const device = await hub.deploy({ ...SENSOR, deviceScope: north });
			const declared = { ...SENSOR, ...EDGE, parentScopes: [north] };
			hub.puts();
			await device.up(declared);
			assert.equal(hub.puts().length, 1);
			assert.deepEqual(hub.getDevice("sensor").parentScopes, [north]);
			await assertDeviceInStep(hub, device, declared);
		}),
	);
	test(
		"keeps a parent that somebody else set",
		withHub(async (hub) => {
			const [north] = seedGateways(hub, "north");
			const device = await hub.deploy(SENSOR);
			hub.control.devices.change("sensor", { deviceScope: north });
			await device.up({ ...SENSOR, ...EDGE });
			assert.deepEqual(hub.getDevice("sensor").parentScopes, [north]);
			await assertDeviceInStep(hub, device, { ...SENSOR, ...EDGE });
		}),
	);
	test(
		"is removed from a parent that is no longer declared",
		withHub(async (hub) => {
			const [north] = seedGateways(hub, "north");
			const device = await hub.deploy({ ...SENSOR, deviceScope: north });
			await device.up({ ...SENSOR, ...EDGE });
			assert.deepEqual(hub.getDevice("sensor").parentScopes, []);
			await assertDeviceInStep(hub, device, { ...SENSOR, ...EDGE });
		}),
	);
});

describe("A gateway that becomes a leaf device", () => {
	for (const leaf of [SENSOR, { ...SENSOR, capabilities: { iotEdge: false } }]) {
		test(
			`without a parent needs one write (capabilities ${"capabilities" in leaf ? "false" : "left out"})`,
			withHub(async (hub) => {
				const device = await hub.deploy({ ...SENSOR, ...EDGE });
				const before = hub.getDevice("sensor");
				hub.puts();
				assert.equal(await device.up(leaf), "update");
				assert.equal(hub.puts().length, 1);
				const after = hub.getDevice("sensor");
				assert.deepEqual(after.capabilities, { iotEdge: false });
				assert.equal(after.deviceScope, undefined);
				assert.deepEqual(after.authentication, before.authentication);
				await assertDeviceInStep(hub, device, leaf);
			}),
		);
	}
	for (const storeCredentials of [true, false]) {
		test(
			`with a parent needs two writes in this order (credentials ${storeCredentials ? "" : "not "}in state)`,
			withHub(async (hub) => {
				const { declared, device } = await prepareDemotion(hub, { storeCredentials });
				const before = hub.getDevice("sensor");
				assert.equal(await device.up(declared), "update");
				const scopes = hub.puts().map((body) => (body as { deviceScope?: unknown }).deviceScope);
				assert.deepEqual(scopes, [before.deviceScope, declared.deviceScope]);
				const after = hub.getDevice("sensor");
				assert.deepEqual(after.parentScopes, [declared.deviceScope]);
				assert.deepEqual(after.authentication, before.authentication);
				await assertDeviceInStep(hub, device, declared);
			}),
		);
	}
	test(
		"keeps a parent that somebody else set",
		withHub(async (hub) => {
			const [north] = seedGateways(hub, "north");
			const device = await hub.deploy({ ...SENSOR, ...EDGE });
			hub.control.devices.change("sensor", { parentScopes: [north] });
			await device.up(SENSOR);
			assert.equal(hub.getDevice("sensor").deviceScope, north);
			await assertDeviceInStep(hub, device, SENSOR);
		}),
	);
	const refusals: readonly {
		readonly what: string;
		readonly action: Fault["action"];
		readonly says: RegExp;
	}[] = [
		{ what: "is refused", action: { kind: "status", status: 400, code: "ArgumentInvalid" }, says: /400/ },
		{ what: "is forbidden", action: { kind: "status", status: 403 }, says: /403/ },
	];
	for (const { what, action, says } of refusals) {
		test(
			`stays partially updated in state if the second write ${what}, and the next run completes it`,
			withHub(async (hub) => {
				const { declared, device } = await prepareDemotion(hub);
				hub.control.faults.add({ match: PUT, nth: 2, action });
				const { message } = await catchError(device.up(declared));
				assert.match(message, /sensor/);
				assert.match(message, says);
				const half = hub.getDevice("sensor");
				assert.deepEqual(half.capabilities, { iotEdge: false });
				assert.equal(device.getOutput("etag"), half.etag);
				assert.equal(device.getOutput("deviceScope"), undefined);
				assert.deepEqual(device.known.initErrors.length, 1);
				assert.equal(await device.up(declared), "update");
				assert.deepEqual(device.known.initErrors, []);
				assert.equal(hub.getDevice("sensor").deviceScope, declared.deviceScope);
				assert.deepEqual(hub.getDevice("sensor").authentication, half.authentication);
				await assertDeviceInStep(hub, device, declared);
				assert.deepEqual(hub.words.said, []);
			}),
		);
	}
	test(
		"does not lose a change between the two writes, and the next run plans it",
		withHub(async (hub) => {
			const { declared, device } = await prepareDemotion(hub, { statusReason: "in service" });
			const seize = () => void hub.control.devices.change("sensor", { statusReason: "seized" });
			hub.control.faults.add({ match: PUT, nth: 2, action: { kind: "run", run: seize } });
			await catchError(device.up(declared));
			assert.equal(hub.getDevice("sensor").statusReason, "seized");
			assert.equal(await device.up(declared), "update");
			assert.ok(hub.words.said[0]?.includes('"seized" now'));
			assert.equal(hub.getDevice("sensor").deviceScope, declared.deviceScope);
			await assertDeviceInStep(hub, device, declared);
		}),
	);
	for (const nth of [1, 2]) {
		for (const when of ["before", "after"] as const) {
			test(
				`is updated although the response to write ${nth} is lost ${when} the hub acted`,
				withHub(async (hub) => {
					const { declared, device } = await prepareDemotion(hub);
					const { authentication } = hub.getDevice("sensor");
					hub.control.faults.add({ match: PUT, nth, action: { kind: "reset", when } });
					await device.up(declared);
					assert.equal(hub.getDevice("sensor").deviceScope, declared.deviceScope);
					assert.deepEqual(hub.getDevice("sensor").authentication, authentication);
					assert.deepEqual(hub.words.listTexts(), []);
					await assertDeviceInStep(hub, device, declared);
				}),
			);
		}
	}
});

/** A gateway below another one, and the declaration that turns it into a leaf device below the same gateway. */
async function prepareDemotion(hub: HubStage, rest: Readonly<Record<string, unknown>> = {}) {
	const [north] = seedGateways(hub, "north");
	const device = await hub.deploy({ ...SENSOR, ...EDGE, ...rest, parentScopes: [north] });
	hub.control.requests.reset();
	return { declared: { ...SENSOR, ...rest, deviceScope: north }, device };
}
