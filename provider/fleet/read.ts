import { ResourceOperationError } from "../resource/errors.ts";
import { type InspectOptions, type InspectResult, inspectResource } from "../resource/inspect.ts";
import { read } from "../resource/read.ts";
import type { ResourceProvider } from "../resource/resourceProvider.ts";
import type { FieldValue } from "../resource/schema.ts";
import { MEMBERS_OUTPUT } from "../stateKeys.ts";
import type { Values } from "../values.ts";
import { type ConcurrentOutcome, mapConcurrently } from "./concurrency.ts";
import type { MemberFailures } from "./failures.ts";
import type { FleetType } from "./fleetType.ts";
import {
	buildRefreshedOutputs,
	decodeMember,
	encodeMember,
	type MemberState,
	readMembersFromState,
	readParentName,
	type StoredFleet,
} from "./memberState.ts";
import { createFleetError, joinMessages, withBufferedMemberMessages } from "./reporting.ts";

/**
 * Reads every member and returns the fleet's outputs. Missing members leave state, so the next plan creates them again.
 *
 * @throws FleetError if a member cannot be read; state then stays as it was, because the member may still exist
 */
export async function refreshFleet<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	id: string,
	olds: Values,
): ReturnType<ResourceProvider["read"]> {
	const fleet: StoredFleet = { fleetInputs: olds, memberStates: readMembersFromState(fleetType, olds) };
	const outcome = await withBufferedMemberMessages(fleetType, (bufferedType) =>
		mapConcurrently(fleet.memberStates.keys(), fleetType.concurrency.reads, (memberName) =>
			readMember(bufferedType, fleet, memberName),
		),
	);
	throwIfAnyFailed(fleetType, fleet, outcome);
	const remaining = [...outcome.done].filter(
		(entry): entry is [string, MemberState] => entry[1] !== undefined,
	);
	return { id, props: buildRefreshedOutputs(fleetType, olds, new Map(remaining)) };
}

async function readMember<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	fleet: StoredFleet,
	memberName: string,
): Promise<MemberState | undefined> {
	const { id, values } = decodeMember(fleetType, fleet, memberName);
	const readResult = await read(fleetType.memberContext, id, values);
	if (readResult.id === "") return undefined;
	const parentName = readParentName(fleet.memberStates.get(memberName));
	const target = { id: readResult.id, values: readResult.props };
	return encodeMember(fleetType, { memberName, parentName }, target);
}

/**
 * Inspects every member and returns one result for the fleet.
 *
 * @throws ResourceOperationError AddressWithheld if the members in state are encrypted
 */
export async function inspectFleet<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	olds: Values,
	options: InspectOptions,
): Promise<InspectResult> {
	refuseEncryptedMembers(fleetType, olds, options);
	const fleet: StoredFleet = { fleetInputs: olds, memberStates: readMembersFromState(fleetType, olds) };
	const outcome = await inspectMembers(fleetType, fleet, (memberName) => ({
		consistency: options.consistency,
		redact: createMemberRedactor(memberName, options),
	}));
	throwIfAnyFailed(fleetType, fleet, outcome);
	const changedMembers = [...outcome.done].filter(([, { status }]) => status !== "unchanged");
	const differences = changedMembers.flatMap(([memberName, result]) =>
		result.differences.map((difference) => ({ ...difference, path: `${memberName}.${difference.path}` })),
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

/**
 * Inspects every member, each as if it were a resource of its own.
 *
 * @param createOptions returns how to inspect a member
 */
export function inspectMembers<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	fleet: StoredFleet,
	createOptions: (memberName: string) => InspectOptions,
): Promise<ConcurrentOutcome<InspectResult>> {
	return mapConcurrently(fleet.memberStates.keys(), fleetType.concurrency.reads, (memberName) =>
		inspectResource(
			fleetType.memberContext,
			decodeMember(fleetType, fleet, memberName),
			createOptions(memberName),
		),
	);
}

function throwIfAnyFailed<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	{ memberStates }: StoredFleet,
	failures: MemberFailures,
): void {
	if (failures.failed.size > 0)
		throw createFleetError(fleetType, failures, { verb: "cannot be read", total: memberStates.size });
}

/** Throws if the members are encrypted: without them, a fleet would look unchanged. */
function refuseEncryptedMembers<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	olds: Values,
	{ encryptedPaths = [] }: InspectOptions,
): void {
	if (!encryptedPaths.includes(MEMBERS_OUTPUT)) return;
	throw new ResourceOperationError(
		"AddressWithheld",
		`The ${fleetType.membersProperty} of ${fleetType.title} ${fleetType.getId(olds)} cannot be looked up: they are encrypted in this ` +
			"state. Export the state with --show-secrets.",
	);
}

/** Returns a redactor for one member, whose values in state are as secret as the string that contains them. */
function createMemberRedactor(
	memberName: string,
	{ redact = (value) => value }: InspectOptions,
): (value: FieldValue) => FieldValue {
	return (value) => ({
		...redact({ ...value, path: `${MEMBERS_OUTPUT}.${memberName}.${value.path}` }),
		path: value.path,
	});
}
