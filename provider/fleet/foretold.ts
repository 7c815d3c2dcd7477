import type { Values } from "../lifecycle/kind.ts";
import { isOurs } from "../lifecycle/ours.ts";
import { UNKNOWN } from "../lifecycle/unknown.ts";
import type { FleetKind } from "./kind.ts";
import type { Members } from "./text.ts";

/** The parents to be made below which there are to be members that state knows, whatever is between them. */
export function parentsToCome<Inputs extends object>(
	kind: FleetKind<Inputs>,
	{ ids, declared }: { ids: readonly string[]; declared: Members },
): readonly string[] {
	const known = new Set(ids);
	const found = new Set<string>();
	for (const id of ids) {
		let at = kind.parentOf(declared.get(id) ?? {});
		while (at !== undefined && declared.has(at) && !known.has(at) && !found.has(at)) {
			found.add(at);
			at = kind.parentOf(declared.get(at) ?? {});
		}
	}
	return [...found];
}

/**
 * The scope of a parent that is to be made, where an interrupted run made it already: what that run moved below it is no
 * change that somebody else made.
 *
 * @param news the parent's inputs, as a resource of its own would have them
 */
export async function foretoldScope<Inputs extends object>(
	{ life, scopeOf }: Pick<FleetKind<Inputs>, "life" | "scopeOf">,
	id: string,
	news: Values,
): Promise<unknown> {
	const found = await life.kind.connect("read").find({ id, values: news });
	return found !== undefined && isOurs(life, found, { inputs: news }) ? scopeOf(found.facts) : UNKNOWN;
}
