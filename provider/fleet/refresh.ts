import type { Values } from "../lifecycle/plain.ts";
import type { ResourceProvider } from "../lifecycle/lifecycle.ts";
import { read } from "../lifecycle/read.ts";
import { FleetError } from "./errors.ts";
import { withBufferedMemberMessages } from "./gathered.ts";
import type { FleetType } from "./kind.ts";
import { type MemberState, encodeMember, readParentName, type StoredMember, decodeMember } from "./member.ts";
import { mapConcurrently } from "./pool.ts";
import { readMembersFromState, buildRefreshedOutputs } from "./state.ts";
import { formatMemberCount } from "./told.ts";

/**
 * Every member as it is; those that are gone are no members any more, so the next plan makes them again. Where one can't
 * be read nothing is: state stays as it was, rather than forgetting a member that may well be there.
 */
export async function refreshFleet<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	id: string,
	olds: Values,
): ReturnType<ResourceProvider["read"]> {
	const memberStates = readMembersFromState(fleetType, olds);
	const { done, failed } = await withBufferedMemberMessages(fleetType, (bufferedType) =>
		mapConcurrently(memberStates.keys(), fleetType.concurrency.reads, (memberName) =>
			readMember(bufferedType, { memberName, memberState: memberStates.get(memberName), fleetInputs: olds }),
		),
	);
	if (failed.size > 0)
		throw new FleetError(`${failed.size} of ${formatMemberCount(fleetType, memberStates.size)} can't be read`, failed);
	const remaining = [...done].filter((entry): entry is [string, MemberState] => entry[1] !== undefined);
	return { id, props: buildRefreshedOutputs(fleetType, olds, new Map(remaining)) };
}

async function readMember<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	member: StoredMember,
): Promise<MemberState | undefined> {
	const { id, values } = decodeMember(fleetType, member);
	const readResult = await read(fleetType.memberContext, id, values);
	if (readResult.id === "") return undefined;
	const parent = readParentName(member.memberState);
	const memberState = encodeMember(fleetType, member.memberName, { id: readResult.id, values: readResult.props });
	return { ...memberState, ...(parent === undefined ? {} : { p: parent }) };
}
