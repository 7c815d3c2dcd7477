import type { Clock } from "../http/clock.ts";
import type { Deadline } from "../http/deadline.ts";
import { FaultGate } from "../http/faultGate.ts";
import { createPipeline, type HttpRequest, type SendRequest } from "../http/pipeline.ts";
import { limitRate, type RateLimits } from "../http/rateLimit.ts";
import {
	type JsonResponse,
	requireJsonResponse,
	toJsonResponse,
	withOperationName,
} from "../http/response.ts";
import { retryRequests } from "../http/retry.ts";
import type { FaultScope } from "../sharedFault.ts";
import {
	BASIC_TIER_LACKS_TWINS,
	type HubErrorInfo,
	type HubPermission,
	isRefusalOfAllDevices,
	parseHubError,
	suggestPermissionRemedy,
	UNAVAILABLE_IN_TIER_CODE,
} from "./errors.ts";
import { authorizeWithFallback, suggestKeyRemedy } from "./fallbackKey.ts";
import type { Hub } from "./hubs.ts";

/** A request to a hub. */
export interface HubRequest {
	/** The purpose of the request, for error messages: `creating device "gw-1"`. */
	readonly operationName: string;
	readonly method: HttpRequest["method"];
	/** The path on the hub, with percent-encoded ids. */
	readonly path: string;
	readonly apiVersion: string;
	readonly permission: HubPermission;
	/** Query parameters in addition to the api-version. */
	readonly query?: Readonly<Record<string, string>>;
	/** An etag as bodies contain it. It is sent in quotes: the service once ignored unquoted ones, and updates were lost. */
	readonly ifMatch?: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: unknown;
	readonly deadline: Deadline;
}

/** A client of one hub, shared by all operations of this process. */
export interface HubClient {
	readonly hub: Hub;
	/** Sends a request. Throws {@link AnyHttpError}. */
	send(request: HubRequest): Promise<JsonResponse>;
}

const RATE_LIMIT_BY_PERMISSION: Readonly<Record<HubPermission, string>> = {
	registryRead: "registry",
	registryWrite: "registry",
	twinRead: "twin",
	query: "query",
};

/** Dependencies of a hub client. */
export interface HubClientOptions {
	readonly network: SendRequest;
	readonly rateLimits: RateLimits;
	readonly clock: Clock;
	/** Shows a warning to the user. */
	warn(text: string): void;
}

/**
 * Creates the client of a hub. Retries wrap rate limiting, which wraps authorization, so that every attempt is authorized
 * anew.
 */
export function createHubClient(hub: Hub, { network, rateLimits, clock, warn }: HubClientOptions): HubClient {
	const sendHttp = createPipeline(
		network,
		retryRequests(clock),
		limitRate(rateLimits, clock),
		requireJsonResponse(),
		authorizeWithFallback(hub, warn),
	);
	const faultGate = new FaultGate(clock);
	return {
		hub,
		async send(request) {
			const operationName = describeOperation(request, hub);
			const { permission, deadline } = request;
			return faultGate.run({ operationName, permission, deadline }, async (signal) => {
				const response = await withOperationName(operationName, () =>
					sendHttp({ ...toHttpRequest(hub, request), signal }),
				);
				if (response.status < 300) return toJsonResponse(response);
				throw parseHubError(response, {
					operationName,
					suggestRemedy: (error) => suggestRemedy(error, hub, request),
					findScope: (error) => findScope(error, request),
				});
			});
		},
	};
}

function toHttpRequest(hub: Hub, request: HubRequest): HttpRequest {
	const url = new URL(request.path, hub.origin);
	for (const [name, value] of Object.entries({ ...request.query, "api-version": request.apiVersion })) {
		url.searchParams.set(name, value);
	}
	const headers = {
		accept: "application/json",
		...(request.body === undefined ? {} : { "content-type": "application/json; charset=utf-8" }),
		...(request.ifMatch === undefined ? {} : { "if-match": `"${request.ifMatch}"` }),
		...request.headers,
	};
	const { method, permission, deadline } = request;
	const repeatable = permission !== "registryWrite";
	const body = request.body === undefined ? {} : { body: JSON.stringify(request.body) };
	return { method, url, headers, repeatable, meter: RATE_LIMIT_BY_PERMISSION[permission], deadline, ...body };
}

function describeOperation({ operationName }: HubRequest, { hostName }: Hub): string {
	return `${operationName} in hub ${hostName}`;
}

function suggestRemedy(error: HubErrorInfo, hub: Hub, request: HubRequest): string {
	const { status, code } = error;
	if (status === 403 && isHubFull(error, request)) {
		return "The hub has reached its maximum number of devices. Add units (`az iot hub update`), or delete some devices.";
	}
	if (code === "IotHubQuotaExceeded") {
		return "The hub has used up its daily quota. Add units (`az iot hub update`), or run the command again tomorrow (UTC).";
	}
	if (code === UNAVAILABLE_IN_TIER_CODE)
		return `${BASIC_TIER_LACKS_TWINS} Use an edition that has them, such as S1.`;
	if (status === 401)
		return `${suggestPermissionRemedy(hub, request.permission)}${hub.keySource ? suggestKeyRemedy(hub.keySource) : ""}`;
	if (status === 403) return suggestPermissionRemedy(hub, request.permission);
	if (code === "InvalidProtocolVersion")
		return `The hub does not support api-version ${request.apiVersion}. Set iothub:apiVersion to one that it supports.`;
	return "";
}

/**
 * Returns what an error of the hub concerns besides the device. A refusal of a twin or a query concerns nothing else, because the
 * registry is read instead.
 */
function findScope(error: HubErrorInfo, request: HubRequest): FaultScope | undefined {
	if (error.code === "InvalidProtocolVersion") return "service";
	if (error.status === 403 && isHubFull(error, request)) return "creations";
	const isOfRegistry = request.permission === "registryRead" || request.permission === "registryWrite";
	return isOfRegistry && isRefusalOfAllDevices(error) ? "service" : undefined;
}

/** Whether the hub has reached its maximum number of devices. That quota has several codes, one of which has other meanings too. */
function isHubFull({ code, message }: HubErrorInfo, { method, ifMatch }: HubRequest): boolean {
	const isCreate = method === "PUT" && ifMatch === undefined;
	return (
		code === "TooManyDevices" ||
		/number of devices .*allocated quota/i.test(message) ||
		(isCreate && code === "IotHubQuotaExceeded")
	);
}
