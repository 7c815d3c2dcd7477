import type { Issuer } from "../entra/issuer.ts";
import type { Answer } from "../http/answer.ts";
import type { Call, CallHead } from "../http/call.ts";
import { authenticate, authorize, type Caller, getRequiredAccess } from "./access.ts";
import type { Autopilot } from "./autopilot.ts";
import { createMalformedError, createUnknownSegmentError, GraphError } from "./graphError.ts";
import { changeRoutes } from "./routes/changes.ts";
import { identityRoutes } from "./routes/identities.ts";
import { importedRoutes } from "./routes/imported.ts";
import {
	findRoutesAt,
	findUnknownSegment,
	formatPathTemplate,
	getIntuneTarget,
	getPathKey,
	listRoutes,
} from "./routes/matchRoute.ts";
import { type GraphPath, type GraphRoute, readGraphPath, type Version } from "./routes/route.ts";
import { settingsRoutes } from "./routes/settings.ts";
import { uploadRoutes } from "./routes/uploads.ts";
import type { AutopilotSwitches } from "./switches.ts";

/** All routes, of every version and profile. */
const ROUTES: readonly GraphRoute[] = [
	...importedRoutes,
	...identityRoutes,
	...changeRoutes,
	...settingsRoutes,
	...uploadRoutes,
];

/** The parts of the service. */
export interface GraphParts {
	/** The service of the tenant of the request; before that is known, of the first tenant. */
	readonly autopilot: Autopilot;
	/** Returns the service of a tenant. */
	readonly getAutopilot: (tenantId: string) => Autopilot;
	readonly issuer: Issuer;
	readonly limiter: WriteLimiter;
	/** The origin under which clients reach it. */
	readonly origin: string;
}

/** Returns the route of a request, or undefined. */
export function findGraphRoute(head: CallHead, { autopilot }: GraphParts): GraphRoute | undefined {
	const path = readGraphPath(head.segments);
	if (path?.version === undefined) return undefined;
	return findRoutesAt(listRoutes(ROUTES, path, autopilot.switches), path).find(
		({ method }) => method === head.method,
	);
}

/** Returns the request's target as Intune writes it. */
export function getTraceTarget(head: CallHead, parts: GraphParts): string {
	const path = readGraphPath(head.segments);
	return path ? getIntuneTarget(findGraphRoute(head, parts), path) : "";
}

/** Returns the caller; every request except those to the token endpoint needs one. */
export function authenticateCaller(call: Call, { autopilot, issuer, origin }: GraphParts): Caller {
	return authenticate(call, issuer, [origin, autopilot.switches.resource]);
}

/** Returns the parsed path with its version, or throws 400. */
export function requirePath(head: CallHead): GraphPath & { readonly version: Version } {
	const path = readGraphPath(head.segments);
	if (path === undefined) throw createMalformedError("Invalid URI");
	const { version, segments } = path;
	if (version === undefined) throw createMalformedError(`Invalid version: ${head.segments[0] ?? ""}.`);
	return { version, segments };
}

/** Carries out one request, or throws the reason why it cannot. */
export function dispatch(call: Call, caller: Caller, parts: GraphParts): Answer {
	const { autopilot, limiter, origin } = parts;
	const path = requirePath(call);
	const route = requireRoute(call, path, autopilot);
	authorize(caller, route);
	const now = autopilot.agenda.settle();
	if (getRequiredAccess(route) === "write") {
		limiter.admit(caller.clientId, now);
		if (autopilot.switches.multiAdminApproval) autopilot.approvals.admit(call, caller, autopilot.switches);
	}
	const keys = { id: getPathKey(route, path, "{id}"), upload: getPathKey(route, path, "{upload}") };
	return route.handle({ call, version: path.version, keys, autopilot, now, origin });
}

/** Returns the route, or throws 400: Graph's error for an unknown path, Intune's for a method that the path does not have. */
function requireRoute(call: Call, path: GraphPath, { switches }: Autopilot): GraphRoute {
	const routes = listRoutes(ROUTES, path, switches);
	const candidates = findRoutesAt(routes, path);
	const route = candidates.find(({ method }) => method === call.method);
	if (route !== undefined) return route;
	const [other] = candidates;
	if (other === undefined) throw createUnknownSegmentError(findUnknownSegment(routes, path));
	throw new GraphError(
		400,
		"No method match route template",
		`No OData route exists that match template ${formatPathTemplate(other)} with http verb ${call.method} for request /DeviceEnrollmentFE/StatelessDeviceEnrollmentFEService/${getIntuneTarget(other, path)}.`,
	);
}

/**
 * Counts the writes of each application within a time window, as Intune limits device enrollment ("Microsoft Graph
 * service-specific throttling limits"). Rejected writes do not count.
 */
export class WriteLimiter {
	readonly #switches: AutopilotSwitches;
	readonly #admitted = new Map<string, number[]>();

	constructor(switches: AutopilotSwitches) {
		this.#switches = switches;
	}

	/** Counts a write, or throws 429. */
	admit(application: string, now: number): void {
		const { writeLimit, writeWindow, writeRetryAfter } = this.#switches;
		const recent = (this.#admitted.get(application) ?? []).filter((at) => at > now - writeWindow);
		this.#admitted.set(application, recent);
		if (writeLimit === 0 || recent.length < writeLimit) {
			recent.push(now);
			return;
		}
		const wait = Math.ceil(((recent[0] ?? now) + writeWindow - now) / 1000);
		throw new GraphError(429, "TooManyRequests", "Too many requests", {
			isNested: true,
			retryAfter: writeRetryAfter ? wait : undefined,
		});
	}
}
