import type { FieldValue } from "../lifecycle/facets.ts";
import type { Values } from "../lifecycle/plain.ts";
import { ResourceOperationError } from "../lifecycle/errors.ts";
import { type InspectResult, inspectResource, type InspectOptions } from "../lifecycle/inspect.ts";
import { FleetError } from "./errors.ts";
import type { FleetType } from "./kind.ts";
import { decodeMember } from "./member.ts";
import { mapConcurrently } from "./pool.ts";
import { readMembersFromState, MEMBERS_OUTPUT } from "./state.ts";
import { joinMessages, formatMemberCount } from "./told.ts";

/**
 * One finding for the fleet out of those for its members.
 *
 * @throws LifecycleError AddressWithheld where state tells its members only encrypted
 */
export async function inspectFleet<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	olds: Values,
	options: InspectOptions,
): Promise<InspectResult> {
	refuseEncryptedMembers(fleetType, olds, options);
	const memberStates = readMembersFromState(fleetType, olds);
	const { done, failed } = await mapConcurrently(memberStates.keys(), fleetType.concurrency.reads, (memberName) => {
		const target = decodeMember(fleetType, { memberName, memberState: memberStates.get(memberName), fleetInputs: olds });
		return inspectResource(fleetType.memberContext, target, { consistency: options.consistency, redact: redactMember(memberName, options) });
	});
	if (failed.size > 0)
		throw new FleetError(`${failed.size} of ${formatMemberCount(fleetType, memberStates.size)} can't be read`, failed);
	const changedMembers = [...done].filter(([, { status }]) => status !== "unchanged");
	const differences = changedMembers.flatMap(([id, found]) =>
		found.differences.map((difference) => ({ ...difference, path: `${id}.${difference.path}` })),
	);
	const label = fleetType.getId(olds);
	if (changedMembers.length === 0) return { status: "unchanged", label, differences };
	return { status: "changed", label, differences, message: joinMessages(changedMembers.map(([, { message = "" }]) => message)) };
}

/** Without its members a fleet would look as if nothing could be wrong with it. */
function refuseEncryptedMembers<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	olds: Values,
	{ encryptedPaths = [] }: InspectOptions,
): void {
	if (!encryptedPaths.includes(MEMBERS_OUTPUT)) return;
	throw new ResourceOperationError(
		"AddressWithheld",
		`The ${fleetType.membersProperty} of ${fleetType.title} ${fleetType.getId(olds)} can't be looked for: they are encrypted in this state. Export the ` +
			"state with --show-secrets.",
	);
}

/** What a member's state says is as secret as the text that holds it. */
function redactMember(memberName: string, { redact = (facet) => facet }: InspectOptions): (value: FieldValue) => FieldValue {
	return (facet) => ({ ...redact({ ...facet, path: `${MEMBERS_OUTPUT}.${memberName}.${facet.path}` }), path: facet.path });
}
