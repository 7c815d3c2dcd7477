import { randomUUID } from "node:crypto";
import { type Answer, createHtmlAnswer, createJsonAnswer, type Service } from "../http/answer.ts";
import { type Call, type CallHead, getHeader } from "../http/call.ts";
import { type Access, authorize } from "./access/authorize.ts";
import { PREVIEW_2015, requireApiVersion } from "./apiVersions.ts";
import { createHubErrorAnswer, createScriptedError, type ErrorScene } from "./errorAnswer.ts";
import { createThrottledError, HubError } from "./hubError.ts";
import type { Registry } from "./registry.ts";
import { bulkRoutes, deviceRoutes } from "./routes/devices.ts";
import { moduleRoutes } from "./routes/modules.ts";
import { queryRoutes } from "./routes/query.ts";
import {
	findHubRoutesAt,
	formatHubRoute,
	type HubCall,
	type Meter,
	type Route,
	readPathId,
} from "./routes/route.ts";
import { statisticsRoutes } from "./routes/statistics.ts";
import { twinRoutes } from "./routes/twins.ts";
import type { Throttle } from "./throttle.ts";

const ROUTES: readonly Route[] = [
	...deviceRoutes,
	...bulkRoutes,
	...queryRoutes,
	...moduleRoutes,
	...twinRoutes,
	...statisticsRoutes,
];

/** Returns the method of a request: the Java client, whose HTTP library has no PATCH, sends it as a POST with a header. */
function getHubMethod(head: CallHead): string {
	const isPatch = getHeader(head, "x-http-method-override")?.toUpperCase() === "PATCH";
	return head.method === "POST" && isPatch ? "PATCH" : head.method;
}

/** The operation types in the hub's throttling errors. */
const OPERATION_TYPES: Record<Meter, string> = {
	registry: "CRUD",
	query: "Query",
	twinRead: "TwinRead",
	twinWrite: "TwinUpdate",
};

/** The parts of an emulated hub. */
export interface HubParts {
	readonly registry: Registry;
	readonly access: Access;
	readonly throttle: Throttle;
}

/**
 * Creates an IoT Hub's service side: the registry, twins and queries of IoT Hub REST. It owns every path that no other
 * service owns.
 */
export function createIotHub(parts: HubParts): Service {
	return {
		name: "iotHub",
		owns: () => true,
		route: (head) => {
			const method = getHubMethod(head);
			const route = findHubRoutesAt(ROUTES, head).find((candidate) => candidate.method === method);
			return route && formatHubRoute(route);
		},
		answer: async (call) => withServiceHeaders(await answer(call, parts), parts),
		refuse: (status, error) =>
			withServiceHeaders(createScriptedError(status, error, createErrorScene(parts)), parts),
	};
}

async function answer(call: Call, parts: HubParts): Promise<Answer> {
	if (!isDecodable(call.path)) return createHtmlAnswer(400, "Bad Request - Invalid URL");
	try {
		return await dispatch(call, parts);
	} catch (error) {
		if (!(error instanceof HubError)) throw error;
		return createHubErrorAnswer(error, createErrorScene(parts));
	}
}

function createErrorScene({ registry }: HubParts): ErrorScene {
	const { clock, switches } = registry.setting;
	return { now: clock.now(), wire: switches.wire };
}

async function dispatch(call: Call, { registry, access, throttle }: HubParts): Promise<Answer> {
	const version = requireApiVersion(call.apiVersion);
	const candidates = findHubRoutesAt(ROUTES, call);
	const method = getHubMethod(call);
	const route = candidates.find((candidate) => candidate.method === method);
	if (route === undefined) return answerUnrouted(call, candidates);
	if (version === PREVIEW_2015 && !route.in2015) {
		throw new HubError(
			"InvalidProtocolVersion",
			`Protocol version '${version}' does not have ${formatHubRoute(route)}`,
		);
	}
	const scheme = authorize(call, route.requirement, access);
	const ids = { device: readPathId(route, call, "{id}"), module: readPathId(route, call, "{mid}") };
	await admit(route, call, { registry, throttle });
	const hubCall: HubCall = { call, ids, version, scheme, registry };
	return route.handle(hubCall);
}

async function admit(
	route: Route,
	call: Call,
	parts: Pick<HubParts, "registry" | "throttle">,
): Promise<void> {
	const { meter } = route;
	const backlog = parts.registry.setting.switches.throttleBacklog;
	const cost = route.cost?.(call) ?? 1;
	if (await parts.throttle.admit({ meter, cost, isRead: route.method === "GET", backlog })) return;
	throw createThrottledError(OPERATION_TYPES[meter]);
}

/**
 * Responds as the web framework in front of the registry does: without a code of the hub, so that nobody takes it for a
 * missing device.
 */
function answerUnrouted(call: CallHead, candidates: readonly Route[]): Answer {
	if (candidates.length === 0) {
		return createJsonAnswer(404, {
			Message: `No HTTP resource was found that matches the request URI '${call.path}'.`,
		});
	}
	return createJsonAnswer(405, {
		Message: `The requested resource does not support http method '${call.method}'.`,
	});
}

/** Adds the headers of every response. The date is that of the service's clock, by which clients judge ages and their own clock. */
function withServiceHeaders(answer: Answer, { registry }: HubParts): Answer {
	return {
		...answer,
		headers: {
			date: new Date(registry.setting.clock.now()).toUTCString(),
			server: "Microsoft-HTTPAPI/2.0",
			vary: "Origin",
			"x-ms-request-id": randomUUID(),
			...answer.headers,
		},
	};
}

function isDecodable(path: string): boolean {
	try {
		decodeURIComponent(path);
		return true;
	} catch {
		return false;
	}
}
