import type { Field } from "../lifecycle/facets.ts";
import type { Values } from "../lifecycle/plain.ts";
import { ResourceOperationError } from "../lifecycle/errors.ts";
import { encodeIdentity } from "../lifecycle/record.ts";
import type { FleetType } from "./kind.ts";

/**
 * Members that are declared as one and the same object, each with the first that is declared so. Only where members have
 * more to be told apart by than their names.
 *
 * @param getResourceInputs a member's inputs, as a resource of its own would have them
 */
export function findDuplicates<Inputs extends object>(
	{ memberContext }: Pick<FleetType<Inputs>, "memberContext">,
	memberNames: Iterable<string>,
	getResourceInputs: (id: string) => Values,
): ReadonlyMap<string, string> {
	const firstByIdentity = new Map<string, string>();
	const duplicates = new Map<string, string>();
	const { schema } = memberContext.resourceType;
	if (!Object.values<Field>(schema).some(({ writeOnly }) => writeOnly)) return duplicates;
	for (const id of memberNames) {
		const identity = encodeIdentity(schema, getResourceInputs(id), {});
		if (identity === undefined) continue;
		const other = firstByIdentity.get(identity);
		if (other === undefined) firstByIdentity.set(identity, id);
		else duplicates.set(id, other);
	}
	return duplicates;
}

/**
 * Why members can't be made that only the service's ids told from others: each would be taken for its twin.
 *
 * @param added the members to be made
 * @param duplicates what {@link findDuplicates} answered
 */
export function findAmbiguousDuplicates<Inputs extends object>(
	{ membersProperty }: Pick<FleetType<Inputs>, "membersProperty">,
	added: readonly string[],
	duplicates: ReadonlyMap<string, string>,
): ReadonlyMap<string, ResourceOperationError> {
	const addedNames = new Set(added);
	const errors = new Map<string, ResourceOperationError>();
	for (const [id, other] of duplicates) {
		const [name, left] = addedNames.has(id) ? [id, other] : [other, id];
		if (!addedNames.has(name)) continue;
		const text = `${name} is no longer there, and ${left} is declared in the same way. Leave ${name} out of the ${membersProperty}.`;
		errors.set(name, new ResourceOperationError("DeletedElsewhere", text));
	}
	return errors;
}
