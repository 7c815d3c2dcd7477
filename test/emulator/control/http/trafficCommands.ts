import { readFaults, readMatch, readOperation } from "../../faults/readFault.ts";
import { readOptionalChoice, readOptionalNumber, requireObject } from "../../json.ts";
import type { ControlAsk, ControlCommand } from "../control.ts";

/** Faults, the request log, gates and the clock over HTTP. */
export const trafficCommands: readonly ControlCommand[] = [
	{
		method: "GET",
		path: "/_control/requests",
		help: "The request log; ?method=, ?path=, ?route=, ?service= and ?apiVersion= narrow it",
		run: ({ control, query }) => control.requests.list(readMatch(query)),
	},
	{
		method: "DELETE",
		path: "/_control/requests",
		help: "Forget the request log",
		run: ({ control }) => control.requests.reset(),
	},
	{
		method: "GET",
		path: "/_control/counts",
		help: "Requests by route, the most that were open at once, and operations as the throttles count them",
		run: ({ control }) => ({
			routes: control.requests.counts(),
			peak: control.requests.peak(),
			operations: control.hub.operations,
		}),
	},
	{
		method: "GET",
		path: "/_control/faults",
		help: "Planned faults and how often each happened",
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
		help: "Take all faults back",
		run: ({ control }) => control.faults.clear(),
	},
	{
		method: "DELETE",
		path: "/_control/faults/{id}",
		help: "Take one fault back",
		run: ({ control, name }) => ({ removed: control.faults.remove(Number(name)) }),
	},
	{
		method: "POST",
		path: "/_control/perform",
		help: 'Do one thing given as data, e.g. {"do":"remove","id":"a"}',
		run: ({ control, body }) => control.perform(readOperation(body)),
	},
	{
		method: "POST",
		path: "/_control/pause",
		help: 'Hold requests; body {"match":{…},"when":"before"|"after"} or none for all answers',
		run: pause,
	},
	{
		method: "POST",
		path: "/_control/resume",
		help: "Let held requests go",
		run: ({ control }) => control.gate.resume(),
	},
	{
		method: "GET",
		path: "/_control/pause",
		help: "How many requests are held",
		run: ({ control }) => ({ held: control.gate.held }),
	},
	{ method: "GET", path: "/_control/clock", help: "The virtual time", run: readClock },
	{
		method: "POST",
		path: "/_control/clock",
		help: 'Let time pass or change its pace: {"advance":60000} or {"scale":10}; scale 0 freezes',
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
