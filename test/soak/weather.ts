import type { Control, Fault } from "../emulator/emulator.ts";
import type { Chance } from "./chance.ts";

/** What may go wrong with a request, and how often of the whole. */
const FAULTS: readonly Fault["action"][] = [
	{ kind: "throttle" },
	{ kind: "throttle", retryAfter: 20 },
	{ kind: "unavailable" },
	{ kind: "unavailable", retryAfter: 5 },
	{ kind: "refuse" },
	{ kind: "reset" },
	{ kind: "reset", when: "after" },
	{ kind: "status", status: 500 },
	{ kind: "status", status: 500, when: "after" },
	{ kind: "truncate" },
	{ kind: "html", status: 502 },
	{ kind: "html", status: 502, when: "after" },
	{ kind: "delay", ms: 20_000 },
];

/** So many faults, each for one of the next requests; those of yesterday are over. Answers how many of those happened. */
export function anotherDaysFaults(control: Control, chance: Chance, { count, requests }: Forecast): number {
	const happened = control.faults.list().filter((planned) => planned.happened > 0).length;
	control.faults.clear();
	const match = { service: "iotHub" };
	const faults = Array.from({ length: count }, () => ({
		match,
		nth: 1 + chance.below(requests),
		action: chance.of(FAULTS),
	}));
	control.faults.add(...faults);
	return happened;
}

/** How many faults there are to be, among how many requests. */
export interface Forecast {
	readonly count: number;
	readonly requests: number;
}
