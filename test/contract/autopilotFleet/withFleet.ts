import assert from "node:assert/strict";
import { createTransport } from "../../../provider/http/transport.ts";
import type { ResourceProvider } from "../../../provider/resource/resourceProvider.ts";
import { generateHardwareHash, type MachineView } from "../../emulator/emulator.ts";
import { ASK, MACHINES, withTenant } from "../autopilotIdentity/withTenant.ts";
import { IdleClock } from "../harness/clocks.ts";
import { Resource } from "../harness/resource.ts";
import type { Values } from "../subject/subject.ts";
import type { TenantOptions, TenantStage } from "../subject/tenantStage.ts";

export { ASK, withTenant };

/** Machines by name, as a program declares them. */
export type Machines = Readonly<Record<string, Values>>;

/** A fleet whose operations each run in a process of its own, on a clock that advances while everything waits. */
export function createMachineFleet(tenant: TenantStage, options: TenantOptions = {}): Resource {
	return new Resource(() => openMachineFleets(tenant, options));
}

/** The fleets of one process. */
export function openMachineFleets(tenant: TenantStage, options: TenantOptions = {}): ResourceProvider {
	const clock = new IdleClock(tenant.control.clock);
	const network = clock.watch(createTransport());
	return tenant.words.listenTo(tenant.open({ ...options, shared: clock, network }).autopilotFleet);
}

/** Deploys a fleet, then forgets its requests and messages. */
export async function deployMachineFleet(
	tenant: TenantStage,
	machines: Machines,
	rest: Values = {},
): Promise<Resource> {
	const fleet = createMachineFleet(tenant);
	await fleet.up(declareMachineFleet(machines, rest));
	tenant.requests.reset();
	tenant.words.said.splice(0);
	return fleet;
}

/** The inputs of a fleet. */
export function declareMachineFleet(machines: Machines, rest: Values = {}): Values {
	return { machines: JSON.stringify(machines), ...rest };
}

/** The serial number of one of the machines of {@link declareKiosks}. */
export function formatSerial(at: number): string {
	return `5CG${String(at).padStart(4, "0")}`;
}

/** A machine as these tests declare it. Its hash has the length that hashes have. */
export function declareKiosk(serialNumber: string, more: Values = {}): Values {
	return { hardwareIdentifier: generateHardwareHash(serialNumber), groupTag: "Kiosk", ...more };
}

/** A machine with the same serial number on another mainboard. */
export function declareOtherKiosk(serialNumber: string): Values {
	const uuid = Buffer.from("other mainboard!");
	return declareKiosk(serialNumber, { hardwareIdentifier: generateHardwareHash(serialNumber, { uuid }) });
}

/** Returns this many machines by their serial numbers. */
export function declareKiosks(count: number, more: Values = {}): Record<string, Values> {
	const serials = Array.from({ length: count }, (_, at) => formatSerial(at));
	return Object.fromEntries(serials.map((name) => [name, declareKiosk(name, more)]));
}

/** Returns the machines without these. */
export function omitMachines(machines: Machines, ...names: string[]): Record<string, Values> {
	return Object.fromEntries(Object.entries(machines).filter(([name]) => !names.includes(name)));
}

/** Returns the number of requests since the last call by their name in {@link ASK}, or by their path if they have none. */
export function takeRequestCounts(tenant: TenantStage): Readonly<Record<string, number>> {
	const tally: Record<string, number> = {};
	for (const { method, path } of tenant.requests.list()) {
		const known = Object.entries(ASK).find(([, ask]) => ask.method === method && RegExp(ask.path).test(path));
		const name = known?.[0] ?? `${method} ${path}`;
		tally[name] = (tally[name] ?? 0) + 1;
	}
	tenant.requests.reset();
	return tally;
}

/** Returns the number of queued imports, single or in batches. */
export function countQueuedImports({ requests }: TenantStage): number {
	const sizes = requests.list(ASK.queueMany).map(({ body }) => {
		return Object(body).importedWindowsAutopilotDeviceIdentities.length as number;
	});
	return sizes.reduce((sum, size) => sum + size, requests.count(ASK.queue));
}

/** Returns the number of each write since the last call. */
export function takeWriteCounts(tenant: TenantStage): Readonly<Record<string, number>> {
	const looks = ["findRecord", "readRecord", "list", "read"];
	return Object.fromEntries(
		Object.entries(takeRequestCounts(tenant)).filter(([name]) => !looks.includes(name)),
	);
}

/** Returns the state of each member. */
export function getMembers(fleet: Resource): Readonly<Record<string, Values>> {
	return JSON.parse(String(fleet.getOutput("__members")));
}

/** A read of one of the machines. */
export function matchRead({ id }: MachineView): { method: string; path: string } {
	return { method: "GET", path: `^${MACHINES}/${id}$` };
}

/** Asserts that the tenant has only these machines, that state has their ids, and that the same program changes and logs nothing. */
export async function assertMachinesDeployed(
	tenant: TenantStage,
	fleet: Resource,
	machines: Machines,
	rest: Values = {},
): Promise<void> {
	const live = tenant.control.machines.list();
	const serials = Object.entries(machines).map(([name, { serialNumber = name }]) => String(serialNumber));
	assert.deepEqual(live.map(({ serialNumber }) => serialNumber).sort(), serials.sort());
	const members = getMembers(fleet);
	assert.deepEqual(Object.keys(members).sort(), Object.keys(machines).sort());
	for (const [name, { serialNumber = name, groupTag = "", hardwareIdentifier }] of Object.entries(machines)) {
		const machine = tenant.control.machines.get(String(members[name]?.["i"]));
		assert.equal(machine?.serialNumber, serialNumber, `the machine of ${name}`);
		assert.equal(machine?.groupTag, groupTag, `the group tag of ${name}`);
		if (hardwareIdentifier !== undefined) assert.equal(machine?.hardwareIdentifier, hardwareIdentifier);
	}
	assert.equal(fleet.getOutput("count"), live.length);
	assert.deepEqual(fleet.known.initErrors, []);
	const said = tenant.words.said.length;
	tenant.requests.reset();
	assert.equal((await fleet.plan(declareMachineFleet(machines, rest))).step, "same");
	assert.deepEqual(takeWriteCounts(tenant), {});
	assert.deepEqual(tenant.words.said.slice(said), []);
}

/** Asserts that an update to these machines deletes and then imports the named one, logs it, and writes nothing else. */
export async function assertReplaces(
	tenant: TenantStage,
	fleet: Resource,
	{ machines, name }: { machines: Machines; name: string },
): Promise<void> {
	const { id } = tenant.getMachine(name);
	assert.equal(await fleet.up(declareMachineFleet(machines)), "update");
	assert.deepEqual(tenant.words.said, [`Resource one: 1 machine to replace (${name})`]);
	const writes = tenant.requests.list().filter(({ method }) => method !== "GET");
	assert.deepEqual(
		writes.map(({ method }) => method),
		["DELETE", "POST", "DELETE"],
	);
	assert.notEqual(tenant.getMachine(name).id, id);
	await assertMachinesDeployed(tenant, fleet, machines);
}
