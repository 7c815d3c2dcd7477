import type { Clock } from "../../../provider/http/clock.ts";
import { Deadline } from "../../../provider/http/deadline.ts";
import type { HttpRequest, HttpResponse, SendRequest } from "../../../provider/http/message.ts";

/** What a scripted network does next: an answer, or an error that it throws. */
export type ScriptedStep = Partial<HttpResponse> | Error;

/** A network that plays a script, and keeps what it was sent. The last step is played for ever. */
export function createScriptedNetwork(...steps: readonly ScriptedStep[]): { send: SendRequest; sent: HttpRequest[] } {
	const sent: HttpRequest[] = [];
	const send: SendRequest = async (request) => {
		const step = steps[Math.min(sent.length, steps.length - 1)] ?? {};
		sent.push(request);
		if (step instanceof Error) throw step;
		return { status: 200, headers: {}, text: "{}", ...step };
	};
	return { send, sent };
}

/** A request like any other, which has twenty minutes. */
export function createRequest(clock: Clock, rest: Partial<HttpRequest> = {}): HttpRequest {
	return {
		method: "GET",
		url: new URL("https://hub.example/devices/a"),
		headers: {},
		repeatable: true,
		meter: "registry",
		deadline: new Deadline("read", 20 * 60_000, clock),
		...rest,
	};
}
