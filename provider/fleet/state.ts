import type { Values } from "../lifecycle/kind.ts";
import { ORIGIN } from "../lifecycle/origin.ts";
import { plain } from "../lifecycle/plain.ts";
import type { FleetKind } from "./kind.ts";
import type { Kept } from "./member.ts";
import { objectIn, textOf } from "./text.ts";

/** The output that holds the members as they were deployed. */
export const STATE = "__members";

/** The members in state, by id. */
export function keptIn(outputs: Values): ReadonlyMap<string, Kept> {
	const text = outputs[STATE];
	const members = typeof text === "string" ? objectIn(text) : undefined;
	return new Map(Object.entries((members ?? {}) as Record<string, Kept>));
}

/** What Pulumi keeps of a fleet: where it is and its policies, how many members there are, and what is known of each. */
export function outputsOf<Inputs extends object>(
	kind: Pick<FleetKind<Inputs>, "members" | "common">,
	inputs: Values,
	kept: ReadonlyMap<string, Kept>,
): Record<string, unknown> {
	const own = Object.entries(inputs).filter(
		([name]) => name !== kind.members && name !== ORIGIN && !Object.hasOwn(kind.common, name),
	);
	return plain({ ...Object.fromEntries(own), count: kept.size, [STATE]: textOf(kept) });
}
