import type { CallHead } from "../../http/call.ts";
import type { Route } from "./route.ts";

/** The routes whose path fits, whatever their method. Literal segments match in any case. */
export function routesAt(routes: readonly Route[], head: CallHead): Route[] {
	return routes.filter((route) => fits(route.path.split("/").slice(1), head.segments));
}

/** The segment that stands where the route has a placeholder, percent-decoded; "" where the route has none. */
export function pathId(route: Route, head: CallHead, placeholder: "{id}" | "{mid}"): string {
	const at = route.path.split("/").slice(1).indexOf(placeholder);
	return at < 0 ? "" : decodeURIComponent(head.segments[at] ?? "");
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
	if (pattern.length !== segments.length) return false;
	return pattern.every((part, at) => {
		const segment = segments[at] ?? "";
		return part.startsWith("{") ? segment !== "" : part.toLowerCase() === segment.toLowerCase();
	});
}
