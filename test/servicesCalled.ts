import assert from "node:assert/strict";
import type { Clock } from "../provider/http/clock.ts";
import type { SendRequest } from "../provider/http/message.ts";
import { readHead } from "./emulator/http/call.ts";
import type { World } from "./emulator/world.ts";

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
		sleep: async (milliseconds) => {
			if (milliseconds > 0) control.clock.advance(milliseconds);
		},
		random: () => 0.5,
	};
}
