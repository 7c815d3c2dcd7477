import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import type { Clock } from "../../../provider/http/clock.ts";
import type { SendRequest } from "../../../provider/http/pipeline.ts";
import { createIotHubService, type IotHubService } from "../../../provider/iothub/service.ts";
import type { Control, Emulator } from "../../emulator/emulator.ts";
import { readHead } from "../../emulator/http/call.ts";
import type { World } from "../../emulator/world.ts";
import { Chance } from "../../resilience/soak/chance.ts";

/** The emulated services as a network, without any. */
export function createServiceNetwork({ services, way }: World): SendRequest {
	return async ({ method, url, headers, body }) => {
		const head = readHead(method, `${url.pathname}${url.search}`, { host: url.host, ...headers });
		const service = services.find((candidate) => candidate.owns(head));
		assert.ok(service);
		const answer = await service.answer({ ...head, body: body ?? "" });
		const lower = Object.entries(answer.headers).map(([name, value]) => [name.toLowerCase(), value]);
		const date = new Date(way.clock.now()).toUTCString();
		return { status: answer.status, headers: { date, ...Object.fromEntries(lower) }, text: answer.body };
	};
}

/** The services' own clock, on which a pause takes no time. */
export function createServiceClock({ control }: World): Clock {
	return {
		now: () => control.clock.now(),
		getWallTime: () => control.clock.now(),
		sleep: async (milliseconds) => {
			if (milliseconds > 0) control.clock.advance(milliseconds);
		},
		random: () => 0.5,
	};
}

/** The hub's own clock for a client of it: where the hub's runs so many times as fast as the real one, pauses are as much shorter. */
export function createScaledClock(hub: Control["clock"]): Clock {
	const chance = new Chance(1);
	return {
		now: () => hub.now(),
		getWallTime: () => hub.now(),
		sleep: async (milliseconds) => {
			await setTimeout(milliseconds / hub.scale);
		},
		random: () => chance.next(),
	};
}

/**
 * Creates the service of a new provider process, with these settings besides the way to the hub; its warnings are dropped.
 *
 * @param clock default the hub's own
 */
export function createHubService(
	{ control, iotHub }: Emulator,
	config: Readonly<Record<string, string>> = {},
	clock: Clock = createScaledClock(control.clock),
): IotHubService {
	const settings: Readonly<Record<string, string>> = {
		"iothub:connectionString": iotHub.connectionString,
		"iothub:endpoint": iotHub.url,
		...config,
	};
	const sources = { config: (key: string) => settings[key], env: {} };
	return createIotHubService({ sources, clock, warn: () => undefined });
}
