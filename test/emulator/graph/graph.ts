import type { Answer, ScriptedError, Service } from "../http/answer.ts";
import type { Call } from "../http/call.ts";
import { answerBatch, isBatch } from "./batch.ts";
import {
	authenticateCaller,
	dispatch,
	findGraphRoute,
	type GraphParts,
	getTraceTarget,
	requirePath,
} from "./dispatch.ts";
import { createGraphErrorAnswer, createTrace, type Trace } from "./errorAnswer.ts";
import { GraphError } from "./graphError.ts";
import { formatGraphRoute } from "./routes/route.ts";

/** The first path segments that belong to Graph: a version, or the segment after one. */
const OWN = /^(?:v\d+\.\d+|beta|deviceManagement)$/i;

/** Creates Microsoft Graph, as far as Windows Autopilot needs it. */
export function createGraph(parts: GraphParts): Service {
	const clock = parts.autopilot.clock;
	return {
		name: "graph",
		owns: ({ segments }) => OWN.test(segments[0] ?? ""),
		route: (head) => {
			const route = findGraphRoute(head, parts);
			return isBatch(head) ? "POST /$batch" : route && formatGraphRoute(route);
		},
		answer: async (call) =>
			answerTraced(call, parts, () => {
				const caller = authenticateCaller(call, parts);
				const own = { ...parts, autopilot: parts.getAutopilot(caller.tenantId) };
				if (!isBatch(call)) return dispatch(call, caller, own);
				requirePath(call);
				return answerBatch(call, (step) => answerTraced(step, own, () => dispatch(step, caller, own)));
			}),
		refuse: (status, error, head) => {
			const trace = createTrace(head, clock.now(), getTraceTarget(head, parts));
			return withServiceHeaders(
				createGraphErrorAnswer(createScriptedGraphError(status, error), trace),
				trace,
			);
		},
	};
}

/** Runs a request and turns its result or error into a response. */
function answerTraced(call: Call, parts: GraphParts, run: () => Answer): Answer {
	const trace = createTrace(call, parts.autopilot.clock.now(), getTraceTarget(call, parts));
	try {
		return withServiceHeaders(run(), trace);
	} catch (error) {
		if (!(error instanceof GraphError)) throw error;
		return withServiceHeaders(createGraphErrorAnswer(error, trace), trace);
	}
}

/** The default code of each status; the gateway's errors are not Intune's. */
const CODES: Readonly<Record<number, { readonly code: string; readonly isNested: boolean }>> = {
	400: { code: "BadRequest", isNested: true },
	401: { code: "InvalidAuthenticationToken", isNested: false },
	403: { code: "Forbidden", isNested: true },
	404: { code: "ResourceNotFound", isNested: true },
	409: { code: "Conflict", isNested: true },
	412: { code: "ConditionNotMet", isNested: true },
	429: { code: "TooManyRequests", isNested: true },
	500: { code: "InternalServerError", isNested: true },
	502: { code: "BadGateway", isNested: false },
	503: { code: "ServiceUnavailable", isNested: false },
	504: { code: "GatewayTimeout", isNested: false },
};

function createScriptedGraphError(status: number, { code, message }: ScriptedError): GraphError {
	const usual = CODES[status] ?? { code: "UnknownError", isNested: false };
	const { isNested } = usual;
	return new GraphError(status, code ?? usual.code, message ?? "An error has occurred", { isNested });
}

/** Adds the headers of every response. The date is that of the virtual clock. */
function withServiceHeaders(given: Answer, { requestId, clientRequestId, now }: Trace): Answer {
	const server = {
		DataCenter: "West Europe",
		Slice: "E",
		Ring: "5",
		ScaleUnit: "001",
		RoleInstance: "AM1PEPF00000001",
	};
	return {
		...given,
		headers: {
			date: new Date(now).toUTCString(),
			"strict-transport-security": "max-age=31536000",
			vary: "Accept-Encoding",
			"request-id": requestId,
			"client-request-id": clientRequestId,
			"x-ms-ags-diagnostic": JSON.stringify({ ServerInfo: server }),
			...given.headers,
		},
	};
}
