import type { Values } from "../../contract/subject/subject.ts";
import type { Chance } from "./chance.ts";

/** The declared devices, by id. */
export type Devices = Map<string, Values>;

/** The number of devices below one gateway. */
const BELOW = 50;
const EDGE = { capabilities: { iotEdge: true } };

/** Declares this many devices: one in 51 is a gateway, the others are below those. */
export function declareFirstDay(count: number): Devices {
	const gateways = Math.max(1, Math.round(count / (BELOW + 1)));
	const names = Array.from({ length: count }, (_, at) => formatName(at, gateways));
	return new Map(
		names.map((name, at) => [
			name,
			at < gateways
				? { ...EDGE, status: "enabled" }
				: { status: "enabled", parent: `gateway-${at % gateways}` },
		]),
	);
}

/** Returns the next day's program: some devices are changed, moved, removed and added. Gateways stay. */
export function nextDay(devices: Devices, chance: Chance, day: number): Devices {
	const next = new Map(devices);
	const leaves = [...devices.keys()].filter((id) => !id.startsWith("gateway"));
	const gateways = [...devices.keys()].filter((id) => id.startsWith("gateway"));
	for (const id of chance.some(leaves, 0.02)) {
		next.set(id, { ...next.get(id), status: "disabled", statusReason: `day ${day}` });
	}
	for (const id of chance.some(leaves, 0.01)) next.set(id, { ...next.get(id), parent: chance.of(gateways) });
	const gone = chance.some(leaves, 0.005);
	for (const id of gone) next.delete(id);
	for (const at of gone.keys())
		next.set(`late-${day}-${at}`, { status: "enabled", parent: chance.of(gateways) });
	return next;
}

function formatName(at: number, gateways: number): string {
	return at < gateways ? `gateway-${at}` : `device-${at}`;
}
