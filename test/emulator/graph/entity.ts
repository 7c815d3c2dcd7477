import { formatEtag, hasEtags } from "./etag.ts";
import type { ImportRecord } from "./importRecord.ts";
import type { Machine } from "./machine.ts";
import { machineJson } from "./machineJson.ts";
import { recordJson } from "./recordJson.ts";
import type { GraphAsk } from "./routes/route.ts";

/** An import record as this request is to see it. */
export function recordEntity({ autopilot: { switches } }: GraphAsk, record: ImportRecord): object {
	const etag = hasEtags(switches) ? { "@odata.etag": formatEtag(record) } : {};
	return { ...etag, ...recordJson(record, switches) };
}

/** A machine as this request is to see it, alone or in a list. */
export function machineEntity(ask: GraphAsk, machine: Machine, isListed: boolean): Record<string, unknown> {
	const { version, autopilot } = ask;
	const { switches } = autopilot;
	const etag = hasEtags(switches) ? { "@odata.etag": formatEtag(machine) } : {};
	return { ...etag, ...machineJson(machine, { version, isListed, switches }) };
}

/** The members that `$select` names, or all. */
export function selected(entity: object, select: string | undefined): object {
	if (select === undefined) return entity;
	const names = select.split(",").map((name) => name.trim().toLowerCase());
	return Object.fromEntries(Object.entries(entity).filter(([key]) => names.includes(key.toLowerCase())));
}
