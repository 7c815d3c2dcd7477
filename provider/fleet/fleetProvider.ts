import { createHash } from "node:crypto";
import type { CheckResult } from "../resource/check.ts";
import {
	createHolder,
	identifyHolder,
	keepOrCreateMark,
	readHiddenInputs,
	wasRenamed,
} from "../resource/holder.ts";
import type { InspectOptions, InspectResult } from "../resource/inspect.ts";
import { declareUnresolved, registerDeclaration } from "../resource/ownership.ts";
import { checkSignIn, isPreviewOfNewResource } from "../resource/preview.ts";
import type { ResourceProvider } from "../resource/resourceProvider.ts";
import { IGNORED_INPUT, MEMBERS_OUTPUT } from "../stateKeys.ts";
import { hasUnknown, isUnknown, type Values } from "../values.ts";
import { countAdoptions, describeAdoptions } from "./adoptions.ts";
import { checkFleet } from "./check.ts";
import type { ConcurrentOutcome } from "./concurrency.ts";
import { parseMembers } from "./declaredMembers.ts";
import { deleteFleet, deployFleet } from "./deploy.ts";
import { withFleetName } from "./fleetName.ts";
import { EMPTY_PLAN, type FleetPlan, type FleetType, type HeldFleetType, withHolder } from "./fleetType.ts";
import { applyRenames, findRenamedMembers } from "./memberIdentity.ts";
import type { FleetChange } from "./memberInputs.ts";
import { readMembersFromState } from "./memberState.ts";
import {
	countDeletions,
	createFleetDeclaration,
	planEarlyDeletions,
	splitDepartingMembers,
} from "./ownership.ts";
import { planFleet } from "./plan.ts";
import { formatFleetPlan } from "./planReport.ts";
import { inspectFleet, inspectMembers, refreshFleet } from "./read.ts";

/** The provider of a fleet: a resource provider that can also inspect the members. */
export interface FleetProvider extends ResourceProvider {
	/**
	 * Compares each member with the fleet's outputs. Writes and logs nothing.
	 *
	 * @param createOptions returns how to inspect a member
	 */
	inspectMembers(
		outputs: Values,
		createOptions: (memberName: string) => InspectOptions,
	): Promise<ConcurrentOutcome<InspectResult>>;
}

/** Creates the provider of a fleet: one resource that holds many objects, each handled as if it were a resource of its own. */
export function createFleetProvider<Inputs extends object>(fleetType: FleetType<Inputs>): FleetProvider {
	const plans = new Map<string, FleetPlan>();
	/** Fleets for which this process has announced that all members will be deleted and created again. */
	const announced = new Set<string>();
	return {
		async check(olds, news) {
			const result = checkAndDeclareFleet(fleetType, olds, news);
			if (!isPreviewOfNewResource(olds, news)) return result;
			const checked = await checkSignIn(fleetType.memberContext.resourceType, result);
			const { resourceHash } = readHiddenInputs(news);
			if (checked.failures.length === 0 && !announced.has(resourceHash))
				announceCreation(fleetType, checked.inputs);
			return checked;
		},
		async diff(id, olds, news) {
			const holder = identifyHolder(olds, news);
			const heldType = withHolder(withFleetName(fleetType, news), holder);
			const { locationProperty } = fleetType;
			if (locationProperty !== undefined && hasMoved(fleetType, id, { news, locationProperty })) {
				planFleetReplacement(heldType, { olds, news, locationProperty });
				announced.add(holder.resourceHash).add(holder.recordId);
				return { changes: true, replaces: [locationProperty], deleteBeforeReplace: true };
			}
			if (hasUnknownInputs(fleetType, news))
				return { changes: true, replaces: [], deleteBeforeReplace: false };
			const plan = await planFleet(heldType, readFleetChange(fleetType, olds, news));
			plans.set(computePlanKey(fleetType, id, { olds, news }), plan);
			const planText = formatFleetPlan(fleetType, plan);
			if (planText !== undefined) heldType.memberContext.runtime.warn(planText);
			return {
				changes: planText !== undefined || hasChangedOptions(fleetType, olds, news) || wasRenamed(olds, news),
				replaces: [],
				deleteBeforeReplace: false,
			};
		},
		async create(inputs) {
			const id = fleetType.getId(inputs);
			const holder = createHolder(inputs);
			const change = readFleetChange(fleetType, {}, inputs);
			const plan = { ...EMPTY_PLAN, added: [...change.declaredMembers.keys()] };
			const deployment = { id, change, plan, mark: holder.recordId };
			const heldType = withHolder(withFleetName(fleetType, inputs), holder);
			await countAdoptions(heldType, change, plan.added);
			return { id, outs: await deployFleet(heldType, deployment) };
		},
		async update(id, olds, news) {
			const heldType = withHolder(withFleetName(fleetType, news), identifyHolder(olds, news));
			const change = readFleetChange(fleetType, olds, news);
			const key = computePlanKey(fleetType, id, { olds, news });
			const plan = plans.get(key) ?? (await planFleet(heldType, change));
			plans.delete(key);
			const mark = keepOrCreateMark(olds, news);
			return { outs: await deployFleet(heldType, { id, change, plan, mark }) };
		},
		read: (id, olds) => refreshFleet(withFleetName(fleetType, olds), id, olds),
		async delete(_id, olds) {
			const holder = identifyHolder(olds);
			const heldType = withHolder(withFleetName(fleetType, olds), holder);
			await deleteFleet(heldType, olds, { isAnnounced: announced.has(holder.recordId) });
		},
		inspectResource: (_id, olds, options) => inspectFleet(fleetType, olds, options),
		inspectMembers: async (olds, createOptions) =>
			inspectMembers(
				fleetType,
				{ fleetInputs: olds, memberStates: readMembersFromState(fleetType, olds) },
				createOptions,
			),
	};
}

/** Checks the inputs and registers what they declare. Registering fails if an earlier plan of this run will delete a declared object. */
function checkAndDeclareFleet<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	olds: Values,
	news: Values,
): CheckResult {
	fleetType.memberContext.runtime.claims.endRefresh();
	const result = checkFleet(fleetType, olds, news);
	if (result.failures.length > 0) return result;
	const declaration = createFleetDeclaration(fleetType, { olds, news: result.inputs });
	if (declaration !== undefined) return registerDeclaration(fleetType.memberContext, result, declaration);
	declareUnresolved(fleetType.memberContext, result.inputs);
	return result;
}

/** Logs how many members a new fleet has. Pulumi's preview shows only a new resource. */
function announceCreation<Inputs extends object>(fleetType: FleetType<Inputs>, inputs: Values): void {
	const declaredMembers = parseMembers(inputs[fleetType.membersProperty]);
	if (declaredMembers === undefined) return;
	const added = [...declaredMembers.keys()];
	const adoptionNotes = describeAdoptions(fleetType, { fleetInputs: inputs, declaredMembers }, added);
	const planText = formatFleetPlan(fleetType, { ...EMPTY_PLAN, added, adoptionNotes });
	if (planText !== undefined) withFleetName(fleetType, inputs).memberContext.runtime.warn(planText);
}

/** Whether the inputs name another location than the id. State of an earlier release can have another spelling of the same one. */
function hasMoved<Inputs extends object>(
	{ getId }: FleetType<Inputs>,
	id: string,
	{ news, locationProperty }: { news: Values; locationProperty: string },
): boolean {
	return getId(news) !== getId({ ...news, [locationProperty]: id });
}

/** Plans and logs a replacement: every member in the old location is deleted before any is created in the new one. */
function planFleetReplacement<Inputs extends object>(
	fleetType: HeldFleetType<Inputs>,
	{ olds, news, locationProperty }: { olds: Values; news: Values; locationProperty: string },
): void {
	if (isUnknown(news[locationProperty])) return;
	const memberStates = readMembersFromState(fleetType, olds);
	const stored = { fleetInputs: olds, memberStates };
	const departing = splitDepartingMembers(fleetType, stored, {
		memberNames: [...memberStates.keys()],
		isEarly: true,
	});
	countDeletions(fleetType, stored, departing.removed);
	planEarlyDeletions(fleetType, stored, departing.removed);
	const declaredMembers = parseMembers(news[fleetType.membersProperty]) ?? new Map();
	const added = [...declaredMembers.keys()];
	const adoptionNotes = describeAdoptions(fleetType, { fleetInputs: news, declaredMembers }, added);
	const planText = formatFleetPlan(fleetType, { ...EMPTY_PLAN, ...departing, added, adoptionNotes });
	if (planText !== undefined)
		fleetType.memberContext.runtime.warn(
			`${locationProperty} changes from ${fleetType.getId(olds)} to ${fleetType.getId(news)}: ${planText}`,
		);
}

/**
 * Returns the key of a plan, which distinguishes it from the plans of other fleets. Those can have the same id, and even the same
 * declaration if they have no members. The two strings can have 110 MB each, so the key is a hash of them.
 */
function computePlanKey<Inputs extends object>(
	{ membersProperty, hierarchy }: FleetType<Inputs>,
	id: string,
	{ olds, news }: { olds: Values; news: Values },
): string {
	const hash = createHash("sha256");
	const outsideScopes = hierarchy?.outsideProperty && JSON.stringify(news[hierarchy.outsideProperty]);
	for (const part of [id, olds[MEMBERS_OUTPUT], news[membersProperty], outsideScopes])
		hash.update(String(part)).update("\n");
	return hash.digest("base64");
}

function readFleetChange<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	olds: Values,
	news: Values,
): FleetChange {
	const memberStates = readMembersFromState(fleetType, olds);
	const declaredMembers = parseMembers(news[fleetType.membersProperty]) ?? new Map();
	const renamed = findRenamedMembers(fleetType, { fleetInputs: news, memberStates, declaredMembers });
	return { fleetInputs: news, memberStates: applyRenames(memberStates, renamed), declaredMembers, renamed };
}

/** Whether an input that every comparison of members needs is unknown. A scope of an outside parent is needed only below it. */
function hasUnknownInputs<Inputs extends object>(
	{ membersProperty, sharedFields = {}, hierarchy }: FleetType<Inputs>,
	news: Values,
): boolean {
	return [membersProperty, ...Object.keys(sharedFields)].some(
		(name) => name !== hierarchy?.outsideProperty && hasUnknown(news[name]),
	);
}

function hasChangedOptions<Inputs extends object>(
	{ providerOptions }: FleetType<Inputs>,
	olds: Values,
	news: Values,
): boolean {
	return [...providerOptions, IGNORED_INPUT].some((name) => olds[name] !== news[name]);
}
