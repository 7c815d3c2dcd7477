import { readFaults, readMatch, readOperation } from "../../faults/readFault.ts";
import { readOptionalChoice, readOptionalNumber, requireObject } from "../../json.ts";
import type { ControlAsk, ControlCommand } from "../control.ts";

/** The commands for faults, the request log, gates and the clock. */
export const trafficCommands: readonly ControlCommand[] = [
	{
		method: "GET",
		path: "/_control/requests",
		help: "Show the request log; filter it with ?method=, ?path=, ?route=, ?service= and ?apiVersion=",
		run: ({ control, query }) => control.requests.list(readMatch(query)),
	},
	{
		method: "DELETE",
		path: "/_control/requests",
		help: "Clear the request log",
		run: ({ control }) => control.requests.reset(),
	},
	{
		method: "GET",
		path: "/_control/counts",
		help: "Show requests by route, the highest number of concurrent requests, and operations as the throttles count them",
		run: ({ control }) => ({
			routes: control.requests.counts(),
			peak: control.requests.peak(),
			operations: control.hub.operations,
		}),
	},
	{
		method: "GET",
		path: "/_control/faults",
		help: "List planned faults and how often each occurred",
		run: ({ control }) => control.faults.list(),
	},
	{
		method: "POST",
		path: "/_control/faults",
		help: 'Plan faults, e.g. {"match":{"route":"PUT /devices/{id}"},"nth":2,"times":1,"action":{"kind":"reset","when":"after"}}',
		run: ({ control, body }) => ({ ids: control.faults.add(...readFaults(body)) }),
	},
	{
		method: "DELETE",
		path: "/_control/faults",
		help: "Remove all faults",
		run: ({ control }) => control.faults.clear(),
	},
	{
		method: "DELETE",
		path: "/_control/faults/{id}",
		help: "Remove one fault",
		run: ({ control, name }) => ({ removed: control.faults.remove(Number(name)) }),
	},
	{
		method: "POST",
		path: "/_control/perform",
		help: 'Carry out one operation given as data, e.g. {"do":"remove","id":"a"}',
		run: ({ control, body }) => control.perform(readOperation(body)),
	},
	{
		method: "POST",
		path: "/_control/pause",
		help: 'Hold requests; body {"match":{…},"when":"before"|"after"}, or none to hold all responses',
		run: pause,
	},
	{
		method: "POST",
		path: "/_control/resume",
		help: "Release held requests",
		run: ({ control }) => control.gate.resume(),
	},
	{
		method: "GET",
		path: "/_control/pause",
		help: "Show how many requests are held",
		run: ({ control }) => ({ held: control.gate.held }),
	},
	{ method: "GET", path: "/_control/clock", help: "Show the virtual time", run: readClock },
	{
		method: "POST",
		path: "/_control/clock",
		help: 'Advance time or change its scale: {"advance":60000} or {"scale":10}; scale 0 freezes it',
		run: setClock,
	},
];

function pause({ control, body }: ControlAsk): void {
	const holder = body === undefined ? {} : requireObject(body, "The body");
	const match = holder["match"] === undefined ? undefined : readMatch(holder["match"]);
	control.gate.pause(match, readOptionalChoice(holder, "when", ["before", "after"]));
}

function readClock({ control: { clock } }: Pick<ControlAsk, "control">): object {
	return { now: clock.now(), iso: new Date(clock.now()).toISOString(), scale: clock.scale };
}

function setClock({ control, body }: ControlAsk): object {
	const holder = requireObject(body, "The body");
	const scale = readOptionalNumber(holder, "scale");
	if (scale !== undefined) control.clock.setScale(scale);
	control.clock.advance(readOptionalNumber(holder, "advance") ?? 0);
	return readClock({ control });
}
