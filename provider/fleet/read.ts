import { ResourceOperationError } from "../resource/errors.ts";
import { type InspectOptions, type InspectResult, inspectResource } from "../resource/inspect.ts";
import { read } from "../resource/read.ts";
import type { ResourceProvider } from "../resource/resourceProvider.ts";
import type { FieldValue } from "../resource/schema.ts";
import { MEMBER_KEYS, MEMBERS_OUTPUT } from "../stateKeys.ts";
import type { Values } from "../values.ts";
import { mapConcurrently } from "./concurrency.ts";
import type { FleetType } from "./fleetType.ts";
import {
	buildRefreshedOutputs,
	decodeMember,
	encodeMember,
	type MemberState,
	readMembersFromState,
	readParentName,
	type StoredMember,
} from "./memberState.ts";
import { FleetError, formatMemberCount, joinMessages, withBufferedMemberMessages } from "./reporting.ts";

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
		throw new FleetError(
			`${failed.size} of ${formatMemberCount(fleetType, memberStates.size)} can't be read`,
			failed,
		);
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
	const memberState = encodeMember(fleetType, member.memberName, {
		id: readResult.id,
		values: readResult.props,
	});
	return { ...memberState, ...(parent === undefined ? {} : { [MEMBER_KEYS.parent]: parent }) };
}

/**
 * One finding for the fleet out of those for its members.
 *
 * @throws ResourceOperationError AddressWithheld where state tells its members only encrypted
 */
export async function inspectFleet<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	olds: Values,
	options: InspectOptions,
): Promise<InspectResult> {
	refuseEncryptedMembers(fleetType, olds, options);
	const memberStates = readMembersFromState(fleetType, olds);
	const { done, failed } = await mapConcurrently(
		memberStates.keys(),
		fleetType.concurrency.reads,
		(memberName) => {
			const target = decodeMember(fleetType, {
				memberName,
				memberState: memberStates.get(memberName),
				fleetInputs: olds,
			});
			return inspectResource(fleetType.memberContext, target, {
				consistency: options.consistency,
				redact: redactMember(memberName, options),
			});
		},
	);
	if (failed.size > 0)
		throw new FleetError(
			`${failed.size} of ${formatMemberCount(fleetType, memberStates.size)} can't be read`,
			failed,
		);
	const changedMembers = [...done].filter(([, { status }]) => status !== "unchanged");
	const differences = changedMembers.flatMap(([id, found]) =>
		found.differences.map((difference) => ({ ...difference, path: `${id}.${difference.path}` })),
	);
	const label = fleetType.getId(olds);
	if (changedMembers.length === 0) return { status: "unchanged", label, differences };
	return {
		status: "changed",
		label,
		differences,
		message: joinMessages(changedMembers.map(([, { message = "" }]) => message)),
	};
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
function redactMember(
	memberName: string,
	{ redact = (facet) => facet }: InspectOptions,
): (value: FieldValue) => FieldValue {
	return (facet) => ({
		...redact({ ...facet, path: `${MEMBERS_OUTPUT}.${memberName}.${facet.path}` }),
		path: facet.path,
	});
}
