import type { Declaration, OtherHolder } from "../lifecycle/claims.ts";
import { refusalOfReplacement } from "../lifecycle/delete.ts";
import type { Values } from "../lifecycle/kind.ts";
import { findOtherHolder, requireOrder } from "../lifecycle/ownership.ts";
import { describeResource, type Holder } from "../lifecycle/recordMark.ts";
import { isUnknown } from "../lifecycle/unknown.ts";
import { FleetError } from "./errors.ts";
import type { FleetKind } from "./kind.ts";
import { type Kept, targetOf } from "./member.ts";
import { membersIn } from "./text.ts";
import { counted } from "./told.ts";

/** The same fleet, its members held by this record. */
export function withHolder<Inputs extends object>(
	kind: FleetKind<Inputs>,
	holder: Holder,
): FleetKind<Inputs> & { readonly holder: Holder } {
	return { ...kind, life: { ...kind.life, holder }, holder };
}

/** What a fleet declares, for the claims of this run; undefined while its members or their place are unknown. */
export function fleetDeclaration<Inputs extends object>(
	kind: FleetKind<Inputs>,
	{ olds, news }: { olds: Values; news: Values },
): Declaration | undefined {
	const { place, members } = kind;
	if (isUnknown(news[members]) || (place !== undefined && isUnknown(news[place]))) return undefined;
	const { name, tag } = describeResource(news);
	return { name, tag, declared: () => keysIn(kind, news), before: () => keysIn(kind, olds) };
}

/** The key of a member, as far as its declaration tells. */
export function keyOfMember<Inputs extends object>(
	{ life, address }: Pick<FleetKind<Inputs>, "life" | "address">,
	{ id, declared, fleet }: { id: string; declared: Values; fleet: Values },
): string {
	const values = { ...address(fleet, id), ...declared };
	return life.kind.key({ id: life.kind.id(values as Inputs), values });
}

/** Members in state that are no longer this record's to keep. */
export interface Departing {
	/** That are deleted. */
	readonly removed: readonly string[];
	/** That stay, because another resource of the program has them or declares them. */
	readonly handedOver: readonly string[];
}

/**
 * Tells members that are to be deleted from those that another resource has by now.
 *
 * @param isEarly whether the fleet gives them up before the run has registered all resources
 * @throws LifecycleError HeldElsewhere where the other resource may be registered later
 */
export function splitDeparting<Inputs extends object>(
	kind: FleetKind<Inputs> & { readonly holder: Holder },
	names: readonly string[],
	{ fleet, kept, isEarly }: { fleet: Values; kept: ReadonlyMap<string, Kept>; isEarly: boolean },
): Departing {
	const others = new Map<string, OtherHolder>();
	for (const name of names) {
		const target = targetOf(kind, { name, kept: kept.get(name), fleet });
		const other = findOtherHolder(kind.life, target, kind.holder);
		if (other !== undefined) others.set(name, other);
	}
	if (isEarly) requireOrder(kind.holder, others);
	return { removed: names.filter((name) => !others.has(name)), handedOver: [...others.keys()] };
}

/** Members that could not be created again are not deleted by a forced replacement, and nor are the others beside them. */
export function refuseReplacements<Inputs extends object>(
	kind: FleetKind<Inputs> & { readonly holder: Holder },
	names: readonly string[],
	{ fleet, kept }: { readonly fleet: Values; readonly kept: ReadonlyMap<string, Kept> },
): void {
	if (kind.life.kind.refusesReplacement === undefined) return;
	const refused = new Map<string, Error>();
	for (const name of names) {
		const target = targetOf(kind, { name, kept: kept.get(name), fleet });
		const error = refusalOfReplacement(kind.life, target, kind.holder);
		if (error !== undefined) refused.set(name, error);
	}
	if (refused.size > 0) throw new FleetError(`${counted(kind, refused.size)} can't be replaced`, refused);
}

function keysIn<Inputs extends object>(kind: FleetKind<Inputs>, fleet: Values): ReadonlySet<string> {
	const members = membersIn(fleet[kind.members]) ?? new Map<string, Values>();
	return new Set([...members].map(([id, declared]) => keyOfMember(kind, { id, declared, fleet })));
}
