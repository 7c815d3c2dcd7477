import type { Values } from "../lifecycle/plain.ts";
import type { Target } from "../lifecycle/kind.ts";
import { pickPaths } from "../lifecycle/merge.ts";
import { DRIFT_OUTPUT } from "../lifecycle/noted.ts";
import { DECLARED_OUTPUT, DECLARED_ONLY_OUTPUT, listDeclaredPaths, IDENTITY_OUTPUT } from "../lifecycle/record.ts";
import type { StateFields, FleetType } from "./kind.ts";

/**
 * A member as state keeps it: what was declared with the values that it had, the record of what was declared, and facts
 * such as its etag. No credentials, and nothing that the declaration does not need.
 */
export type MemberState = Values;

/**
 * What of a member's outputs a fleet keeps, under names of one letter, for there are a hundred thousand of them.
 *
 * @param memberName what the fleet calls the member; an id that the service chose is another one, and kept
 */
export function encodeMember<Inputs extends object>(
	{ stateFields, shouldKeepField }: Pick<FleetType<Inputs>, "stateFields" | "shouldKeepField">,
	memberName: string,
	{ id, values: outputs }: Target,
): MemberState {
	const storedFields = Object.entries(stateFields)
		.filter(([name]) => shouldKeepField(name, outputs))
		.map(([name, letter]) => [letter, outputs[name]]);
	const values = pickPaths(outputs, listDeclaredPaths(outputs));
	return {
		...(id === memberName ? {} : { i: id }),
		...Object.fromEntries(storedFields.filter(([, value]) => value !== undefined)),
		...(outputs[DECLARED_OUTPUT] ? { d: outputs[DECLARED_OUTPUT] } : {}),
		...(outputs[IDENTITY_OUTPUT] === undefined ? {} : { h: outputs[IDENTITY_OUTPUT] }),
		...(outputs[DRIFT_OUTPUT] === undefined ? {} : { n: outputs[DRIFT_OUTPUT] }),
		...(Object.keys(values).length === 0 ? {} : { v: values }),
	};
}

/** A member of some fleet, as state has it. */
export interface StoredMember {
	readonly memberName: string;
	/** Absent for one of which state knows nothing. */
	readonly memberState: MemberState | undefined;
	/** The fleet's own properties. */
	readonly fleetInputs: Values;
}

/** The member as a lifecycle of single objects knows it: by the id that the service chose, else by its name. */
export function decodeMember<Inputs extends object>(
	{ stateFields, getMemberAddress }: Pick<FleetType<Inputs>, "stateFields" | "getMemberAddress">,
	{ memberName, memberState = {}, fleetInputs }: StoredMember,
): Target {
	const { i = memberName } = memberState;
	return { id: String(i), values: decodeOutputs(memberState, stateFields, getMemberAddress(fleetInputs, memberName)) };
}

/** The outputs of the member as a lifecycle of single objects needs them. */
function decodeOutputs(memberState: MemberState, stateFields: StateFields, address: Values): Values {
	const { d = "", h, n, v } = memberState;
	const namedFields = Object.entries(stateFields).map(([name, letter]) => [name, memberState[letter]]);
	return {
		...address,
		...(typeof v === "object" ? v : {}),
		...Object.fromEntries(namedFields.filter(([, value]) => value !== undefined)),
		[DECLARED_OUTPUT]: d,
		[DECLARED_ONLY_OUTPUT]: true,
		...(h === undefined ? {} : { [IDENTITY_OUTPUT]: h }),
		...(n === undefined ? {} : { [DRIFT_OUTPUT]: n }),
	};
}

/** What the children of a member must be told of it; undefined for one that can have none. */
export function readScope<Inputs extends object>(
	{ stateFields, getScope }: Pick<FleetType<Inputs>, "stateFields" | "getScope">,
	memberState: MemberState,
): unknown {
	return getScope(Object.fromEntries(Object.entries(stateFields).map(([name, letter]) => [name, memberState[letter]])));
}

/** The parent of a member as state keeps it. */
export function readParentName(memberState: MemberState | undefined): string | undefined {
	return typeof memberState?.["p"] === "string" ? memberState["p"] : undefined;
}
