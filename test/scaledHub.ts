import { setTimeout } from "node:timers/promises";
import type { Clock } from "../provider/http/clock.ts";
import { type IotHubService, createIotHubService } from "../provider/iothub/service.ts";
import type { Control, Emulator } from "./emulator/emulator.ts";

/** The hub's own clock for a client of it: where the hub's runs so many times as fast as the real one, pauses are as much shorter. */
export function createScaledClock(hub: Control["clock"]): Clock {
	return {
		now: () => hub.now(),
		sleep: async (milliseconds) => {
			await setTimeout(milliseconds / hub.scale);
		},
		random: Math.random,
	};
}

/** A provider process on the hub's own clock, with these settings besides the way to the hub. Nobody hears what it says. */
export function createHubService(
	{ control, iotHub }: Emulator,
	config: Readonly<Record<string, string>> = {},
): IotHubService {
	const settings: Readonly<Record<string, string>> = {
		"iothub:connectionString": iotHub.connectionString,
		"iothub:endpoint": iotHub.url,
		...config,
	};
	const sources = { config: (key: string) => settings[key], env: {} };
	return createIotHubService({ sources, clock: createScaledClock(control.clock), warn: () => undefined });
}
