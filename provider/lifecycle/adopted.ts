import { check } from "./check.ts";
import type { Kind, Live, Values } from "./kind.ts";
import { outputsOf } from "./outputs.ts";

/** An object that exists, as state would have it if it had been deployed as it is. Nothing in it is secret. */
export interface AdoptedObject {
	/** The id under which Pulumi keeps it. */
	readonly id: string;
	readonly inputs: Values;
	readonly outputs: Values;
}

/** An object that can't be taken over. */
export interface LeftObject {
	readonly id: string;
	/** Why, and what to do. */
	readonly reason: string;
}

/**
 * State's record of an object under the first declaration that is allowed.
 *
 * @param declarations what may be declared of the object, the fullest first
 */
export function adopted<Inputs extends object>(
	kind: Kind<Inputs>,
	id: string,
	{ live, declarations }: { live: Live<Inputs>; declarations: readonly Values[] },
): AdoptedObject | LeftObject {
	const reasons: string[] = [];
	for (const declaration of declarations) {
		const { inputs, failures } = check(kind, declaration);
		if (failures.length === 0) return { id, inputs, outputs: outputsOf(kind, live, inputs) };
		reasons.push(...failures.map(({ reason }) => reason));
	}
	return { id, reason: reasons.at(-1) ?? "" };
}
