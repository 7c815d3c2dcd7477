import { type Answer, createJsonAnswer } from "../http/answer.ts";
import { type Call, type CallHead, readHead } from "../http/call.ts";
import { isObject, type JsonObject, parseJson } from "../json.ts";
import { readObjectBody } from "./body.ts";
import { createMalformedError } from "./graphError.ts";

/** The maximum number of requests of one batch ("Combine multiple HTTP requests using JSON batching"). */
const LARGEST_BATCH = 20;

interface Step {
	readonly id: string;
	readonly call: Call;
	readonly dependsOn: readonly string[];
}

/** Returns whether a request is a batch. */
export function isBatch({ method, segments }: CallHead): boolean {
	return method === "POST" && segments.length === 2 && /^(?:\$|%24)batch$/i.test(segments[1] ?? "");
}

/** Runs the requests of a batch one by one. The response to a request whose dependency failed is 424. */
export function answerBatch(call: Call, run: (step: Call) => Answer): Answer {
	const steps = sortSteps(readSteps(call));
	const answers = new Map<string, Answer>();
	for (const step of steps) {
		const failed = step.dependsOn.some((id) => (answers.get(id)?.status ?? 0) >= 400);
		answers.set(step.id, failed ? createFailedDependency() : run(step.call));
	}
	return createJsonAnswer(200, {
		responses: [...answers].map(([id, answer]) => ({ id, ...stepJson(answer) })),
	});
}

function stepJson({ status, headers, body }: Answer): object {
	return { status, headers, ...(body !== "" && { body: parseJson(body) ?? body }) };
}

function createFailedDependency(): Answer {
	const error = { code: "FailedDependency", message: "A request that this one depends on has failed." };
	return createJsonAnswer(424, { error });
}

function readSteps(call: Call): Step[] {
	const { requests } = readObjectBody(call, parseJson);
	if (!Array.isArray(requests) || requests.length === 0 || !requests.every(isObject)) {
		throw createMalformedError("Invalid batch payload format.");
	}
	if (requests.length > LARGEST_BATCH) {
		throw createMalformedError(
			`Number of batch request steps exceeds the maximum value of ${LARGEST_BATCH}.`,
		);
	}
	const steps = requests.map((request: JsonObject) => readStep(request, call));
	if (new Set(steps.map(({ id }) => id)).size < steps.length) {
		throw createMalformedError("Request Id has to be unique in a batch.");
	}
	return steps;
}

function readStep({ id, method, url, headers, body, dependsOn }: JsonObject, outer: Call): Step {
	const isSound = [id, method, url].every((value) => typeof value === "string" && value !== "");
	if (!isSound || !isTexts(dependsOn ?? []) || !isObject(headers ?? {})) {
		throw createMalformedError("Invalid batch payload format.");
	}
	const target = `/${outer.segments[0]}/${String(url).replace(/^\/+/, "")}`;
	const head = readHead(String(method).toUpperCase(), target, lowercaseNames(headers));
	const text = body === undefined || typeof body === "string" ? (body ?? "") : JSON.stringify(body);
	return { id: String(id), call: { ...head, body: text }, dependsOn: (dependsOn ?? []) as string[] };
}

function isTexts(value: unknown): value is string[] {
	return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function lowercaseNames(headers: unknown): Record<string, string> {
	const entries = Object.entries(isObject(headers) ? headers : {});
	return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]));
}

/** Sorts the requests so that each follows its dependencies; throws 400 if that is impossible. */
function sortSteps(steps: readonly Step[]): Step[] {
	const ordered: Step[] = [];
	const left = [...steps];
	while (left.length > 0) {
		const ready = left.findIndex(({ dependsOn }) =>
			dependsOn.every((id) => ordered.some((done) => done.id === id)),
		);
		if (ready < 0)
			throw createMalformedError("Invalid dependsOn: no such request, or one that depends on itself.");
		ordered.push(...left.splice(ready, 1));
	}
	return ordered;
}
