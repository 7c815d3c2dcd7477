import type { LiveObject } from "../resource/resourceType.ts";
import { type AdoptedObject, buildOutputs as memberOutputs } from "../resource/state.ts";
import { MEMBER_KEYS } from "../stateKeys.ts";
import type { Values } from "../values.ts";
import { checkFleet } from "./check.ts";
import type { FleetType } from "./fleetType.ts";
import { buildResourceInputs, type FleetChange } from "./memberInputs.ts";
import { buildFleetOutputs, encodeMember, type MemberState } from "./memberState.ts";

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
	const change: Pick<FleetChange, "fleetInputs" | "declaredMembers"> = {
		fleetInputs: inputs,
		declaredMembers,
	};
	const scopes = (parent: string): unknown => fleetType.getScope(members.get(parent)?.live.computed ?? {});
	const memberStates = new Map<string, MemberState>();
	for (const [id, { live, memberInputs }] of members) {
		const outputs = memberOutputs(
			fleetType.memberContext.resourceType,
			live,
			buildResourceInputs(fleetType, { id, change, scopes }),
		);
		const parent = fleetType.getParentName(memberInputs);
		memberStates.set(id, {
			...encodeMember(fleetType, id, { id: live.id ?? id, values: outputs }),
			...(parent !== undefined && { [MEMBER_KEYS.parent]: parent }),
		});
	}
	return { id: fleetType.getId(inputs), inputs, outputs: buildFleetOutputs(fleetType, inputs, memberStates) };
}
