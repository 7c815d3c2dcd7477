import { type Answer, createEmptyAnswer } from "../../http/answer.ts";
import { LEAST_SYNC_INTERVAL } from "../autopilot.ts";
import { createIntuneError } from "../graphError.ts";
import { createEntityAnswer, type GraphAsk, type GraphRoute } from "./route.ts";

const SET = "deviceManagement/windowsAutopilotSettings";

function getSettings(ask: GraphAsk): Answer {
	const { id, status, finishedAt, triggeredAt } = ask.autopilot.sync;
	const settings = {
		id,
		lastSyncDateTime: formatPrecisely(finishedAt),
		lastManualSyncTriggerDateTime: formatPrecisely(triggeredAt),
		syncStatus: status,
	};
	return createEntityAnswer(ask, 200, settings, SET);
}

function startSync({ autopilot: { sync, switches, agenda }, now }: GraphAsk): Answer {
	if (sync.status === "inProgress") throw createIntuneError(409, "Conflict", "A sync is already in progress");
	const wait = sync.triggeredAt + LEAST_SYNC_INTERVAL - now;
	if (wait > 0) {
		const seconds = switches.syncRetryAfter ? Math.ceil(wait / 1000) : undefined;
		throw createIntuneError(429, "TooManyRequests", "The last sync was too short a time ago", seconds);
	}
	Object.assign(sync, { status: "inProgress", triggeredAt: now });
	agenda.at(now + switches.tenantSyncDelay, (at) => {
		Object.assign(sync, { status: "completed", finishedAt: at });
	});
	return createEmptyAnswer(204);
}

/** Formats a time with seven digits, as .NET writes it. */
function formatPrecisely(at: number): string {
	return `${new Date(at).toISOString().slice(0, -1)}0000Z`;
}

/** Graph beta, "windowsAutopilotSettings resource type": get, sync. */
export const settingsRoutes: readonly GraphRoute[] = [
	{ method: "GET", path: `/${SET}`, version: "beta", handle: getSettings },
	{
		method: "POST",
		path: `/${SET}/sync`,
		version: "beta",
		alsoFor: ["DeviceManagementConfiguration.ReadWrite.All"],
		handle: startSync,
	},
];
