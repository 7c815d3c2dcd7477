import type { Engine, Outcome } from "../engine/index.ts";
import type { Site } from "../program/site.ts";
import { atBench, succeeded } from "./bench.ts";
import type { Row } from "./table.ts";

/** What each operation on one device costs in requests, with credentials in state and without. */
export async function requestsPerOperation(engine: Engine): Promise<Row[]> {
	const stored = await rows(engine, "true");
	const bare = await rows(engine, "false");
	return stored.map((row, index) => ({
		...row,
		"without credentials in state": bare[index]?.["with credentials in state"] ?? "",
	}));
}

function rows(engine: Engine, storeCredentials: string): Promise<Row[]> {
	const config = { count: "1", "iothub:storeCredentials": storeCredentials };
	return atBench(engine, { program: "devices", config }, async (site) => [
		await counted(site, "create", () => site.stack.up()),
		await counted(site, "unchanged", () => site.stack.preview({ expectNoChanges: true })),
		await counted(site, "refresh", () => site.stack.refresh()),
		await counted(site, "update", async () => {
			await site.stack.setConfig("status", "disabled");
			return site.stack.up();
		}),
		await counted(site, "delete", () => site.stack.destroy()),
	]);
}

async function counted({ emulator }: Site, operation: string, work: () => Promise<Outcome>): Promise<Row> {
	emulator.control.requests.reset();
	await succeeded(work());
	const counts = Object.entries(emulator.control.requests.counts());
	return {
		operation,
		"with credentials in state": counts.map(([route, times]) => `${times} × ${route}`).join(", ") || "none",
	};
}
