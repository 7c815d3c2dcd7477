import type { Engine, Outcome } from "../engine/index.ts";
import type { Site } from "../program/site.ts";
import { requireSuccess, runAtBench, runAtMachines } from "./bench.ts";
import type { Row } from "./table.ts";

/** Counts the requests of each operation on one device, with credentials in state and without. */
export async function countRequestsPerOperation(engine: Engine): Promise<Row[]> {
	const stored = await measureOperations(engine, "true");
	const bare = await measureOperations(engine, "false");
	return stored.map((row, index) => ({
		...row,
		"without credentials in state": bare[index]?.["with credentials in state"] ?? "",
	}));
}

function measureOperations(engine: Engine, storeCredentials: string): Promise<Row[]> {
	const config = { count: "1", "iothub:storeCredentials": storeCredentials };
	return runAtBench(engine, { program: "devices", config }, async (site) => [
		await countDeviceRequests(site, "create", () => site.stack.up()),
		await countDeviceRequests(site, "unchanged", () => site.stack.preview({ expectNoChanges: true })),
		await countDeviceRequests(site, "refresh", () => site.stack.refresh()),
		await countDeviceRequests(site, "update", async () => {
			await site.stack.setConfig("status", "disabled");
			return site.stack.up();
		}),
		await countDeviceRequests(site, "delete", () => site.stack.destroy()),
	]);
}

async function countDeviceRequests(
	{ emulator }: Site,
	operation: string,
	work: () => Promise<Outcome>,
): Promise<Row> {
	emulator.control.requests.reset();
	await requireSuccess(work());
	const counts = Object.entries(emulator.control.requests.counts());
	return {
		operation,
		"with credentials in state": counts.map(([route, times]) => `${times} × ${route}`).join(", ") || "none",
	};
}

/** Short names for the long paths of the service. */
const SHORT = [
	["/deviceManagement/importedWindowsAutopilotDeviceIdentities", "/imports"],
	["/deviceManagement/windowsAutopilotDeviceIdentities", "/machines"],
] as const;

/** Counts the requests of each operation on one machine, without the one sign-in of a process. */
export async function countRequestsPerMachine(engine: Engine): Promise<Row[]> {
	const named = await runAtMachines(engine, { config: { displayName: "pc-1" } }, (site) =>
		countMachineRequests(site, "create, with a display name", () => site.stack.up()),
	);
	const adopted = await runAtMachines(engine, { config: { adopt: "true" } }, (site) => {
		site.emulator.control.machines.seed([{ serialNumber: "machine-0", groupTag: "Office" }]);
		return countMachineRequests(site, "adopt", () => site.stack.up());
	});
	const life = await runAtMachines(engine, {}, async (site) => [
		await countMachineRequests(site, "create", () => site.stack.up()),
		await countMachineRequests(site, "unchanged", () => site.stack.preview({ expectNoChanges: true })),
		await countMachineRequests(site, "refresh", () => site.stack.refresh()),
		await countMachineRequests(site, "update", async () => {
			await site.stack.setConfig("groupTag", "Lab");
			return site.stack.up();
		}),
		await countMachineRequests(site, "delete", () => site.stack.destroy()),
	]);
	return [named, adopted, ...life];
}

/** Counts requests. Reads after the first write are polls, whose number depends on the service. */
async function countMachineRequests(
	{ emulator }: Site,
	operation: string,
	work: () => Promise<Outcome>,
): Promise<Row> {
	emulator.control.requests.reset();
	await requireSuccess(work());
	const all = emulator.control.requests.list({ service: "graph" });
	const first = all.findIndex(({ method }) => method !== "GET");
	const isLook = (index: number) => first >= 0 && index > first && all[index]?.method === "GET";
	const names = all.map(({ route = "" }) =>
		SHORT.reduce((name, [long, short]) => name.replace(long, short), route),
	);
	return {
		operation,
		requests: summed(names.filter((_, index) => !isLook(index))),
		"polls, if the service is fast": summed(names.filter((_, index) => isLook(index))),
	};
}

function summed(names: readonly string[]): string {
	const counts = new Map<string, number>();
	for (const name of names) counts.set(name, 1 + (counts.get(name) ?? 0));
	return [...counts].map(([name, times]) => `${times} × ${name}`).join(", ") || "none";
}
