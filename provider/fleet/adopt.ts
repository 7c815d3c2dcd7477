import type { LiveObject } from "../resource/resourceType.ts";
import { type AdoptedObject, buildOutputs } from "../resource/state.ts";
import type { Values } from "../values.ts";
import { checkFleet } from "./check.ts";
import type { DeclaredFleet } from "./declaredMembers.ts";
import type { FleetType } from "./fleetType.ts";
import { buildResourceInputs } from "./memberInputs.ts";
import { buildFleetOutputs, encodeMember, type MemberState } from "./memberState.ts";

/** An existing object, and the inputs with which a fleet will declare it. */
export interface ExistingMember<Inputs> {
	readonly live: LiveObject<Inputs>;
	readonly memberInputs: Values;
}

/**
 * Returns the inputs and outputs of a fleet whose members already exist as declared.
 *
 * @param ownInputs the fleet's inputs without its members
 * @throws TypeError if `check` refuses the inputs
 */
export function buildAdoptedFleet<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	ownInputs: Values,
	members: ReadonlyMap<string, ExistingMember<Inputs>>,
): AdoptedObject {
	const declaredMembers = new Map(
		[...members].map(([memberName, { memberInputs }]) => [memberName, memberInputs]),
	);
	const membersText = JSON.stringify(Object.fromEntries(declaredMembers));
	const inputsWithMembers = { ...ownInputs, [fleetType.membersProperty]: membersText };
	const { inputs, failures } = checkFleet(fleetType, inputsWithMembers, inputsWithMembers);
	if (failures.length > 0) throw new TypeError(failures.map(({ reason }) => reason).join("\n"));
	const fleet: DeclaredFleet = { fleetInputs: inputs, declaredMembers };
	const getParentScope = (parentName: string): unknown =>
		fleetType.hierarchy?.getScope(members.get(parentName)?.live.computed ?? {});
	const memberStates = new Map<string, MemberState>();
	for (const [memberName, { live, memberInputs }] of members) {
		const outputs = buildOutputs(
			fleetType.memberContext.resourceType,
			live,
			buildResourceInputs(fleetType, { memberName, fleet, getParentScope }),
		);
		const parentName = fleetType.hierarchy?.getParentName(memberInputs);
		const target = { id: live.id ?? memberName, values: outputs };
		memberStates.set(memberName, encodeMember(fleetType, { memberName, parentName }, target));
	}
	return { id: fleetType.getId(inputs), inputs, outputs: buildFleetOutputs(fleetType, inputs, memberStates) };
}
