import type { AdoptedObject } from "../lifecycle/adopted.ts";
import type { Live, Values } from "../lifecycle/kind.ts";
import { outputsOf as memberOutputs } from "../lifecycle/outputs.ts";
import { checkFleet } from "./checking.ts";
import type { FleetKind } from "./kind.ts";
import { type Kept, keptOf } from "./member.ts";
import { type Change, inputsFor } from "./plan.ts";
import { outputsOf } from "./state.ts";

/** A member that exists, and what is to be declared of it. */
export interface FoundMember<Inputs> {
	readonly live: Live<Inputs>;
	readonly declared: Values;
}

/**
 * State's record of a fleet whose members exist as they are declared.
 *
 * @param own the fleet's inputs besides its members
 * @throws TypeError where the declaration is not allowed
 */
export function adoptedFleet<Inputs extends object>(
	kind: FleetKind<Inputs>,
	own: Values,
	members: ReadonlyMap<string, FoundMember<Inputs>>,
): AdoptedObject {
	const declared = new Map([...members].map(([id, member]) => [id, member.declared]));
	const text = JSON.stringify(Object.fromEntries(declared));
	const whole = { ...own, [kind.members]: text };
	const { inputs, failures } = checkFleet(kind, whole, whole);
	if (failures.length > 0) throw new TypeError(failures.map(({ reason }) => reason).join("\n"));
	const change: Pick<Change, "fleet" | "declared"> = { fleet: inputs, declared };
	const scopes = (parent: string): unknown => kind.scopeOf(members.get(parent)?.live.facts ?? {});
	const kept = new Map<string, Kept>();
	for (const [id, { live, declared }] of members) {
		const outputs = memberOutputs(kind.life.kind, live, inputsFor(kind, { id, change, scopes }));
		const parent = kind.parentOf(declared);
		kept.set(id, {
			...keptOf(kind, id, { id: live.id ?? id, values: outputs }),
			...(parent !== undefined && { p: parent }),
		});
	}
	return { id: kind.id(inputs), inputs, outputs: outputsOf(kind, inputs, kept) };
}
