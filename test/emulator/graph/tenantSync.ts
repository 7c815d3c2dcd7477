import { randomUUID } from "node:crypto";

/** The least time between two syncs of a tenant ("windowsAutopilotSettings: sync"). */
export const LEAST_SYNC_INTERVAL = 600_000;

/** The tenant's sync between Intune and the deployment service, in virtual milliseconds since 1970. */
export class TenantSync {
	readonly id = randomUUID();
	status: "completed" | "inProgress" = "completed";
	finishedAt: number;
	triggeredAt: number;

	/** The last sync before the emulator's start is an hour old. */
	constructor(now: number) {
		this.finishedAt = now - 3_600_000;
		this.triggeredAt = this.finishedAt - 1000;
	}
}
