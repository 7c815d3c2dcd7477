import { type Finding, inspect, type Look } from "../lifecycle/inspect.ts";
import type { Values } from "../lifecycle/kind.ts";
import { FleetError } from "./errors.ts";
import type { FleetKind } from "./kind.ts";
import { restored } from "./member.ts";
import { forEach } from "./pool.ts";
import { keptIn } from "./state.ts";
import { below, counted } from "./told.ts";

/** One finding for the fleet out of those for its members. */
export async function inspected<Inputs extends object>(
	kind: FleetKind<Inputs>,
	olds: Values,
	look: Look,
): Promise<Finding> {
	const kept = keptIn(olds);
	const { done, failed } = await forEach(kept.keys(), kind.width, (id) => {
		const values = restored(kept.get(id) ?? {}, kind.facts, kind.address(olds, id));
		return inspect(kind.life, { id, values }, look);
	});
	if (failed.size > 0)
		throw new FleetError(`${failed.size} of ${counted(kind, kept.size)} can't be read`, failed);
	const touched = [...done].filter(([, { status }]) => status !== "unchanged");
	const differences = touched.flatMap(([id, found]) =>
		found.differences.map((difference) => ({ ...difference, path: `${id}.${difference.path}` })),
	);
	const label = kind.id(olds);
	if (touched.length === 0) return { status: "unchanged", label, differences };
	return { status: "changed", label, differences, told: below(touched.map(([, { told = "" }]) => told)) };
}
