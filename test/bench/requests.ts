import type { Engine, Outcome } from "../engine/index.ts";
import type { Site } from "../program/site.ts";
import { runAtBench, requireSuccess } from "./bench.ts";
import type { Row } from "./table.ts";

/** What each operation on one device costs in requests, with credentials in state and without. */
export async function requestsPerOperation(engine: Engine): Promise<Row[]> {
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

async function countDeviceRequests({ emulator }: Site, operation: string, work: () => Promise<Outcome>): Promise<Row> {
	emulator.control.requests.reset();
	await requireSuccess(work());
	const counts = Object.entries(emulator.control.requests.counts());
	return {
		operation,
		"with credentials in state": counts.map(([route, times]) => `${times} × ${route}`).join(", ") || "none",
	};
}
