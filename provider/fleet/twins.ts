import { LifecycleError } from "../lifecycle/errors.ts";
import type { Field, Values } from "../lifecycle/kind.ts";
import { recordIdentity } from "../lifecycle/record.ts";
import type { FleetKind } from "./kind.ts";

/**
 * Members that are declared as one and the same object, each with the first that is declared so. Only where members have
 * more to be told apart by than their names.
 *
 * @param inputsOf a member's inputs, as a resource of its own would have them
 */
export function twinsIn<Inputs extends object>(
	{ life }: Pick<FleetKind<Inputs>, "life">,
	ids: Iterable<string>,
	inputsOf: (id: string) => Values,
): ReadonlyMap<string, string> {
	const known = new Map<string, string>();
	const twins = new Map<string, string>();
	const { fields } = life.kind;
	if (!Object.values<Field>(fields).some(({ remembered }) => remembered)) return twins;
	for (const id of ids) {
		const identity = recordIdentity(fields, inputsOf(id), {});
		if (identity === undefined) continue;
		const other = known.get(identity);
		if (other === undefined) known.set(identity, id);
		else twins.set(id, other);
	}
	return twins;
}

/**
 * Why members can't be made that only the service's ids told from others: each would be taken for its twin.
 *
 * @param added the members to be made
 * @param twins what {@link twinsIn} answered
 */
export function lostTwins<Inputs extends object>(
	{ members }: Pick<FleetKind<Inputs>, "members">,
	added: readonly string[],
	twins: ReadonlyMap<string, string>,
): ReadonlyMap<string, LifecycleError> {
	const gone = new Set(added);
	const lost = new Map<string, LifecycleError>();
	for (const [id, other] of twins) {
		const [name, left] = gone.has(id) ? [id, other] : [other, id];
		if (!gone.has(name)) continue;
		const text = `${name} is no longer there, and ${left} is declared in the same way. Leave ${name} out of the ${members}.`;
		lost.set(name, new LifecycleError("DeletedElsewhere", text));
	}
	return lost;
}
