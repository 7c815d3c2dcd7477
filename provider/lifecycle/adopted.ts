import type { Values } from "./plain.ts";
import { check } from "./check.ts";
import type { ResourceType, LiveObject } from "./kind.ts";
import { buildOutputs } from "./outputs.ts";

/** An object that exists, as state would have it if it had been deployed as it is. Nothing in it is secret. */
export interface AdoptedObject {
	/** The id under which Pulumi keeps it. */
	readonly id: string;
	readonly inputs: Values;
	readonly outputs: Values;
}

/** An object that can't be taken over. */
export interface SkippedObject {
	readonly id: string;
	/** Why, and what to do. */
	readonly reason: string;
}

/**
 * State's record of an object under the first declaration that is allowed.
 *
 * @param declarations what may be declared of the object, the fullest first
 */
export function buildAdoptedObject<Inputs extends object>(
	resourceType: ResourceType<Inputs>,
	id: string,
	{ live, declarations }: { live: LiveObject<Inputs>; declarations: readonly Values[] },
): AdoptedObject | SkippedObject {
	const reasons: string[] = [];
	for (const declaration of declarations) {
		const { inputs, failures } = check(resourceType, declaration);
		if (failures.length === 0) return { id, inputs, outputs: buildOutputs(resourceType, live, inputs) };
		reasons.push(...failures.map(({ reason }) => reason));
	}
	return { id, reason: reasons.at(-1) ?? "" };
}
