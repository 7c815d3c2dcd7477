import type { VirtualClock } from "../clock.ts";
import type { Operation } from "../control/operation.ts";
import type { FaultAction, Moment, RetryAfter } from "../faults/fault.ts";
import { type Answer, type Cut, createHtmlAnswer, type Service } from "../http/answer.ts";
import type { CallHead } from "../http/call.ts";

/** The effect of faults on a request: a response of their own, or none at all. */
export type Spoiled = { readonly answer: Answer } | { readonly silence: "reset" | "hung" } | undefined;

/** The context of faults. */
export interface SpoilScene {
	readonly clock: VirtualClock;
	readonly service: Service;
	/** The request that they affect. */
	readonly head: CallHead;
	readonly perform: (operation: Operation) => void;
}

/** Applies the faults of one moment in order, up to the first that determines the response. */
export async function spoil(
	actions: readonly FaultAction[],
	when: Moment,
	scene: SpoilScene,
): Promise<Spoiled> {
	for (const action of actions) {
		if (getMoment(action) !== when) continue;
		const spoiled = await performAction(action, scene);
		if (spoiled !== undefined) return spoiled;
	}
	return undefined;
}

/** Returns the service's response with the faults applied. */
export function distortAnswer(
	answer: Answer,
	actions: readonly FaultAction[],
): { readonly answer: Answer; readonly cut: Cut } {
	const label = actions.find((action) => action.kind === "contentType");
	const truncate = actions.find((action) => action.kind === "truncate");
	const cut =
		truncate === undefined
			? "whole"
			: truncate.contentLength === "cut"
				? "halfUnderItsLength"
				: "halfUnderFullLength";
	if (label === undefined) return { answer, cut };
	return { answer: { ...answer, headers: { ...answer.headers, "content-type": label.value } }, cut };
}

function getMoment(action: FaultAction): Moment | undefined {
	if (action.kind === "truncate" || action.kind === "contentType") return undefined;
	return ("when" in action ? action.when : undefined) ?? "before";
}

async function performAction(action: FaultAction, scene: SpoilScene): Promise<Spoiled> {
	switch (action.kind) {
		case "reset":
			return { silence: "reset" };
		case "hang":
			return { silence: "hung" };
		case "delay":
			await (action.clock === "real" ? sleepInRealTime(action.ms) : scene.clock.sleep(action.ms));
			return undefined;
		case "change":
			scene.perform(action.operation);
			return undefined;
		case "run":
			await action.run();
			return undefined;
		default:
			return { answer: createMadeUpAnswer(action, scene) };
	}
}

type MadeUp = Exclude<FaultAction, { kind: "reset" | "hang" | "delay" | "change" | "run" }>;

function createMadeUpAnswer(action: MadeUp, scene: SpoilScene): Answer {
	switch (action.kind) {
		case "status":
			return createStatusAnswer(action, scene);
		case "throttle":
			return addRetryAfter(scene.service.refuse(429, {}, scene.head), action.retryAfter, scene.clock);
		case "unavailable":
			return addRetryAfter(scene.service.refuse(503, {}, scene.head), action.retryAfter, scene.clock);
		case "html":
			return createHtmlAnswer(action.status ?? 502, "Bad Gateway");
		case "redirect":
			return { status: action.status ?? 307, headers: { location: action.location }, body: "" };
		default:
			throw new TypeError(`The fault ${action.kind} makes no answer`);
	}
}

function createStatusAnswer(
	{ status, code, message, body, headers }: MadeUp & { kind: "status" },
	{ service, head }: SpoilScene,
): Answer {
	const error = { ...(code && { code }), ...(message !== undefined && { message }) };
	const base = service.refuse(status, error, head);
	const text = typeof body === "string" ? body : JSON.stringify(body);
	return { ...base, headers: { ...base.headers, ...headers }, body: body === undefined ? base.body : text };
}

/** Adds the header. A date comes with the `Date` of the service, because a date says how long to wait only together with it. */
function addRetryAfter(answer: Answer, value: RetryAfter | undefined, clock: VirtualClock): Answer {
	if (value === undefined) return answer;
	if (typeof value !== "object")
		return { ...answer, headers: { ...answer.headers, "retry-after": String(value) } };
	const now = clock.now();
	const date = new Date(now).toUTCString();
	const retryAfter = new Date(now + 1_000 * value.dateIn).toUTCString();
	return { ...answer, headers: { ...answer.headers, date, "retry-after": retryAfter } };
}

function sleepInRealTime(milliseconds: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
