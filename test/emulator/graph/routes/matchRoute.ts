import type { AutopilotSwitches } from "../switches.ts";
import type { GraphPath, GraphRoute } from "./route.ts";

/** Returns the routes whose path matches, whatever their method. A literal segment takes precedence over a key. */
export function findRoutesAt(routes: readonly GraphRoute[], { segments }: GraphPath): GraphRoute[] {
	const fitting = routes.filter((route) => {
		const parts = splitPath(route);
		return parts.length === segments.length && countMatched(parts, segments) === parts.length;
	});
	const most = Math.max(...fitting.map(countLiterals));
	return fitting.filter((route) => countLiterals(route) === most);
}

/** Returns the routes that a version has under the switches. */
export function listRoutes(
	routes: readonly GraphRoute[],
	{ version }: GraphPath,
	switches: AutopilotSwitches,
): GraphRoute[] {
	return routes.filter(
		(route) => (route.version ?? version) === version && (route.exists?.(switches) ?? true),
	);
}

/** Returns the first segment that no route has. */
export function findUnknownSegment(routes: readonly GraphRoute[], { segments }: GraphPath): string {
	const known = Math.max(0, ...routes.map((route) => countMatched(splitPath(route), segments)));
	return segments[Math.min(known, segments.length - 1)] ?? "";
}

/** Returns the segment in place of the route's key; "" if the route has none. */
export function getPathKey(route: GraphRoute, { segments }: GraphPath, key: "{id}" | "{upload}"): string {
	return segments[splitPath(route).indexOf(key)] ?? "";
}

/** Returns the path of a request as Intune writes it: `deviceManagement/windowsAutopilotDeviceIdentities('…')`. */
export function getIntuneTarget(route: GraphRoute | undefined, { segments }: GraphPath): string {
	const parts = route ? splitPath(route) : segments;
	return parts.reduce((written, part, at) => {
		if (part.startsWith("{")) return `${written}('${segments[at] ?? ""}')`;
		const isAction = at > 1 && parts[at - 1]?.startsWith("{");
		return `${written}${at > 0 ? "/" : ""}${isAction ? "microsoft.management.services.api." : ""}${part}`;
	}, "");
}

/** Returns the shape of a route as OData's router names it: `~/singleton/navigation/key`. */
export function formatPathTemplate(route: GraphRoute): string {
	const names = splitPath(route).map((part, at) => {
		if (at === 0) return "singleton";
		if (part.startsWith("{")) return "key";
		return at === 1 || part === "deviceIdentities" ? "navigation" : "action";
	});
	return `~/${names.join("/")}`;
}

function splitPath({ path }: GraphRoute): string[] {
	return path.split("/").slice(1);
}

function countLiterals(route: GraphRoute): number {
	return splitPath(route).filter((part) => !part.startsWith("{")).length;
}

/** Returns how many leading segments match. */
function countMatched(parts: readonly string[], segments: readonly string[]): number {
	const end = parts.findIndex((part, at) => !fits(part, segments[at] ?? ""));
	return Math.min(end < 0 ? parts.length : end, segments.length);
}

function fits(part: string, segment: string): boolean {
	if (!part.startsWith("{")) return part.toLowerCase() === segment.toLowerCase();
	return segment !== "" && !segment.startsWith("$");
}
