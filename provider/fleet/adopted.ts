import type { Values } from "../lifecycle/plain.ts";
import type { AdoptedObject } from "../lifecycle/adopted.ts";
import type { LiveObject } from "../lifecycle/kind.ts";
import { buildOutputs as memberOutputs } from "../lifecycle/outputs.ts";
import { checkFleet } from "./checking.ts";
import type { FleetType } from "./kind.ts";
import { type MemberState, encodeMember } from "./member.ts";
import { type FleetChange, buildResourceInputs } from "./foretold.ts";
import { buildFleetOutputs } from "./state.ts";

/** A member that exists, and what is to be declared of it. */
export interface ExistingMember<Inputs> {
	readonly live: LiveObject<Inputs>;
	readonly memberInputs: Values;
}

/**
 * State's record of a fleet whose members exist as they are declared.
 *
 * @param fleetInputs the fleet's inputs besides its members
 * @throws TypeError where the declaration is not allowed
 */
export function buildAdoptedFleet<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	fleetInputs: Values,
	members: ReadonlyMap<string, ExistingMember<Inputs>>,
): AdoptedObject {
	const declaredMembers = new Map([...members].map(([id, member]) => [id, member.memberInputs]));
	const membersText = JSON.stringify(Object.fromEntries(declaredMembers));
	const inputsWithMembers = { ...fleetInputs, [fleetType.membersProperty]: membersText };
	const { inputs, failures } = checkFleet(fleetType, inputsWithMembers, inputsWithMembers);
	if (failures.length > 0) throw new TypeError(failures.map(({ reason }) => reason).join("\n"));
	const change: Pick<FleetChange, "fleetInputs" | "declaredMembers"> = { fleetInputs: inputs, declaredMembers };
	const scopes = (parent: string): unknown => fleetType.getScope(members.get(parent)?.live.computed ?? {});
	const memberStates = new Map<string, MemberState>();
	for (const [id, { live, memberInputs }] of members) {
		const outputs = memberOutputs(fleetType.memberContext.resourceType, live, buildResourceInputs(fleetType, { id, change, scopes }));
		const parent = fleetType.getParentName(memberInputs);
		memberStates.set(id, {
			...encodeMember(fleetType, id, { id: live.id ?? id, values: outputs }),
			...(parent !== undefined && { p: parent }),
		});
	}
	return { id: fleetType.getId(inputs), inputs, outputs: buildFleetOutputs(fleetType, inputs, memberStates) };
}
