import { setTimeout } from "node:timers/promises";
import type { Clock } from "../../../provider/http/clock.ts";
import type { Control } from "../../emulator/emulator.ts";

/** The hub's own clock for a client of it: where the hub's runs so many times as fast as the real one, pauses are as much shorter. */
export function scaledClock(hub: Control["clock"]): Clock {
	return {
		now: () => hub.now(),
		sleep: async (milliseconds) => {
			await setTimeout(milliseconds / hub.scale);
		},
		random: Math.random,
	};
}
