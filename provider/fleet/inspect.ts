import { LifecycleError } from "../lifecycle/errors.ts";
import { type Finding, inspect, type Look } from "../lifecycle/inspect.ts";
import type { Facet, Values } from "../lifecycle/kind.ts";
import { FleetError } from "./errors.ts";
import type { FleetKind } from "./kind.ts";
import { targetOf } from "./member.ts";
import { forEach } from "./pool.ts";
import { keptIn, STATE } from "./state.ts";
import { below, counted } from "./told.ts";

/**
 * One finding for the fleet out of those for its members.
 *
 * @throws LifecycleError AddressWithheld where state tells its members only encrypted
 */
export async function inspected<Inputs extends object>(
	kind: FleetKind<Inputs>,
	olds: Values,
	look: Look,
): Promise<Finding> {
	refuseEncrypted(kind, olds, look);
	const kept = keptIn(kind, olds);
	const { done, failed } = await forEach(kept.keys(), kind.width.looks, (name) => {
		const target = targetOf(kind, { name, kept: kept.get(name), fleet: olds });
		return inspect(kind.life, target, { how: look.how, veil: veilOf(name, look) });
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

/** Without its members a fleet would look as if nothing could be wrong with it. */
function refuseEncrypted<Inputs extends object>(
	kind: FleetKind<Inputs>,
	olds: Values,
	{ withheld = [] }: Look,
): void {
	if (!withheld.includes(STATE)) return;
	throw new LifecycleError(
		"AddressWithheld",
		`The ${kind.members} of ${kind.title} ${kind.id(olds)} can't be looked for: they are encrypted in this state. Export the ` +
			"state with --show-secrets.",
	);
}

/** What a member's state says is as secret as the text that holds it. */
function veilOf(id: string, { veil = (facet) => facet }: Look): (facet: Facet) => Facet {
	return (facet) => ({ ...veil({ ...facet, path: `${STATE}.${id}.${facet.path}` }), path: facet.path });
}
