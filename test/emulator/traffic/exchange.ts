import type { IncomingMessage, ServerResponse } from "node:http";
import type { VirtualClock } from "../clock.ts";
import type { Operation } from "../control/operation.ts";
import type { Addressed, FaultAction } from "../faults/fault.ts";
import type { FaultPlan } from "../faults/faultPlan.ts";
import { type Answer, createJsonAnswer, type Service, sendAnswer } from "../http/answer.ts";
import { type CallHead, readBody } from "../http/call.ts";
import type { Gate } from "./gate.ts";
import { type LoggedRequest, type RequestLog, readLoggedBody } from "./requestLog.ts";
import { distortAnswer, type Spoiled, spoil } from "./spoil.ts";

/** Everything that a request passes on its way. */
export interface Way {
	readonly clock: VirtualClock;
	readonly faults: FaultPlan;
	readonly gate: Gate;
	readonly log: RequestLog;
	/** Functions of the test that are called with each request before it is handled. */
	readonly watchers: ReadonlySet<(request: LoggedRequest) => void | Promise<void>>;
	readonly perform: (operation: Operation) => void;
}

/** A request on its way through one service. */
interface Passage extends Addressed {
	readonly way: Way;
	readonly target: Service;
	readonly actions: readonly FaultAction[];
	readonly entry: LoggedRequest;
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
}

/** Handles one request from its arrival to its response: log, faults, gates, the service itself. */
export async function answerRequest(
	{ request, response, head }: { request: IncomingMessage; response: ServerResponse; head: CallHead },
	target: Service,
	way: Way,
): Promise<void> {
	const addressed: Addressed = { head, service: target.name, route: target.route(head) };
	const entry = way.log.open(head, target.name, addressed.route);
	const actions = way.faults.take(addressed);
	const passage: Passage = { ...addressed, way, target, actions, entry, request, response };
	response.once("close", () => way.log.close(entry, "aborted"));
	if (actions.some(({ kind }) => kind === "refuse")) return drop(passage, "refused");
	try {
		await pass(passage);
	} catch (error) {
		if (request.destroyed && !request.complete) way.log.close(entry, "aborted");
		else await fail(passage, error);
	}
}

/** Reports an error that the client did not cause: an impossible fault, or a watcher that throws. */
async function fail({ way, entry, head, response }: Passage, error: unknown): Promise<void> {
	console.error(`The emulator could not go on with ${head.method} ${head.path}:`, error);
	entry.status = 500;
	way.log.close(entry, "answered");
	const message = error instanceof Error ? error.message : String(error);
	await sendAnswer(response, createJsonAnswer(500, { Message: `The emulator could not go on: ${message}` }));
}

async function pass(passage: Passage): Promise<void> {
	const { way, target, actions, entry, request, head } = passage;
	const body = await readBody(request);
	if (body === undefined)
		return finish(
			passage,
			target.refuse(413, { code: "MessageTooLarge", message: "The body is too large" }, head),
		);
	if (!target.hidesBodies) entry.body = readLoggedBody(body);
	for (const watcher of way.watchers) await watcher(entry);
	await way.gate.pass(passage, "before");
	const scene = { clock: way.clock, service: target, head, perform: way.perform };
	const early = await spoil(actions, "before", scene);
	if (early !== undefined) return sendSpoiled(passage, early);
	const answer = await target.answer({ ...head, body });
	entry.status = answer.status;
	const late = await spoil(actions, "after", scene);
	await way.gate.pass(passage, "after");
	return sendSpoiled(passage, late ?? { answer });
}

async function sendSpoiled(passage: Passage, spoiled: NonNullable<Spoiled>): Promise<void> {
	if ("answer" in spoiled) return finish(passage, spoiled.answer);
	if (spoiled.silence === "reset") return drop(passage, "reset");
	passage.way.log.close(passage.entry, "hung");
}

async function finish({ way, actions, entry, response }: Passage, given: Answer): Promise<void> {
	const { answer, cut } = distortAnswer(given, actions);
	entry.status = answer.status;
	way.log.close(entry, cut === "halfUnderFullLength" ? "cut" : "answered");
	await sendAnswer(response, answer, cut);
}

function drop({ way, entry, request }: Passage, outcome: "refused" | "reset"): void {
	way.log.close(entry, outcome);
	request.socket.destroy();
}
