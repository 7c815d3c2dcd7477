import type { CallHead } from "../http/call.ts";
import type { RequestMatch } from "./fault.ts";

/** A request as faults and gates look at it. */
export interface Addressed {
	readonly head: CallHead;
	readonly service: string;
	readonly route: string | undefined;
}

/** Whether a request is one of those meant. */
export function matches(match: RequestMatch | undefined, { head, service, route }: Addressed): boolean {
	if (match === undefined) return true;
	return (
		(match.service === undefined || match.service === service) &&
		(match.method === undefined || match.method.toUpperCase() === head.method) &&
		(match.apiVersion === undefined || match.apiVersion === head.apiVersion) &&
		(match.route === undefined || match.route === route || match.route === route?.split(" ")[1]) &&
		(match.path === undefined || new RegExp(match.path).test(head.path))
	);
}

/** Throws at once, and not when a request comes, for a path that is no regular expression. */
export function requireSoundMatch(match: RequestMatch | undefined): void {
	if (match?.path !== undefined) new RegExp(match.path);
}
