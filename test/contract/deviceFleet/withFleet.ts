import assert from "node:assert/strict";
import { withHub } from "../deviceIdentity/withHub.ts";
import { Resource } from "../harness/resource.ts";
import { catchError } from "../scene.ts";
import type { HubOptions, HubStage } from "../subject/hubStage.ts";
import type { Values } from "../subject/subject.ts";

export { withHub };

/** Devices by id, as a program declares them. */
export type Devices = Readonly<Record<string, Values>>;

/** The inputs of a gateway. */
export const EDGE = { capabilities: { iotEdge: true } };

/** Creates a fleet. Each of its operations runs in a process with these options. */
export function createDeviceFleet(hub: HubStage, options?: HubOptions): Resource {
	return new Resource(() => hub.words.listenTo(hub.open(options).deviceFleet));
}

/** Creates a fleet as the SDK declares it in a stack; without an origin, as SDKs of earlier releases did. */
export function createDeviceFleetWithOrigin(
	hub: HubStage,
	origin: string | undefined,
	options?: HubOptions,
): Resource {
	return new Resource(() => hub.words.listenTo(hub.open(options).deviceFleet), { origin });
}

/** Deploys a fleet, and resets the record of its requests. */
export async function deployDeviceFleet(
	hub: HubStage,
	devices: Devices,
	rest: Values = {},
): Promise<Resource> {
	const fleet = createDeviceFleet(hub);
	await fleet.up(declareDeviceFleet(devices, rest));
	hub.control.requests.reset();
	return fleet;
}

/** Returns the inputs of a fleet. */
export function declareDeviceFleet(devices: Devices, rest: Values = {}): Values {
	return { devices: JSON.stringify(devices), ...rest };
}

/** Returns fifty devices in three rows: two gateways, four gateways below them, and forty-four sensors below those. */
export function declareFiftyDevices(): Record<string, Values> {
	const declareRow = (count: number, name: string, deviceOf: (at: number) => Values) =>
		Array.from({ length: count }, (_, at) => [`${name}-${at}`, deviceOf(at)] as const);
	return Object.fromEntries([
		...declareRow(44, "a-sensor", (at) => ({ status: "enabled", parent: `line-${at % 4}` })),
		...declareRow(4, "line", (at) => ({ ...EDGE, parent: `plant-${at % 2}` })),
		...declareRow(2, "plant", () => ({ ...EDGE, status: "enabled" })),
	]);
}

/** Returns this many devices without a parent, from `d-0`. */
export function declarePlainDevices(
	count: number,
	device: Values = { status: "enabled" },
): Record<string, Values> {
	return Object.fromEntries(Array.from({ length: count }, (_, at) => [`d-${at}`, device]));
}

/** Returns the devices without these. */
export function omitDevices(devices: Devices, ...ids: string[]): Record<string, Values> {
	return Object.fromEntries(Object.entries(devices).filter(([id]) => !ids.includes(id)));
}

/** Returns the writes since the last call, as `PUT id`, in order. */
export function takeWrites(hub: HubStage): string[] {
	const written = hub.control.requests
		.list()
		.filter(({ method, path }) => (method === "PUT" || method === "DELETE") && path.startsWith("/devices/"))
		.map(({ method, path }) => `${method} ${decodeURIComponent(path.slice("/devices/".length))}`);
	hub.control.requests.reset();
	return written;
}

/** Blocks all requests about devices after this many, as if the process had died. */
export async function simulateDeath(
	hub: HubStage,
	after: number,
	work: () => Promise<unknown>,
): Promise<void> {
	const action = { kind: "status", status: 400 } as const;
	hub.control.faults.add({ match: { path: "^/devices/" }, nth: after + 1, times: "always", action });
	await catchError(work());
	hub.control.faults.clear();
	hub.control.requests.reset();
}

/** Asserts that the hub has exactly these devices, each below its parent, and that a second plan has no changes and prints nothing. */
export async function assertDevicesDeployed(
	hub: HubStage,
	fleet: Resource,
	devices: Devices,
	rest: Values = {},
): Promise<void> {
	const ids = hub.control.devices.list().map(({ deviceId }) => deviceId);
	assert.deepEqual(ids.sort(), Object.keys(devices).sort());
	for (const [id, { status = "enabled", parent }] of Object.entries(devices)) {
		const device = hub.getDevice(id);
		assert.equal(device.status, status);
		const scopes = parent === undefined ? [] : [hub.getDevice(String(parent)).deviceScope];
		assert.deepEqual(device.parentScopes ?? [], scopes, `the parent of ${id}`);
	}
	assert.equal(fleet.getOutput("count"), ids.length);
	const said = hub.words.said.length;
	hub.control.requests.reset();
	assert.equal((await fleet.plan(declareDeviceFleet(devices, rest))).step, "same");
	assert.deepEqual(takeWrites(hub), []);
	assert.deepEqual(hub.words.said.slice(said), []);
}
