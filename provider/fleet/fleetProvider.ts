import type { CheckResult } from "../resource/check.ts";
import {
	createHolder,
	type Holder,
	identifyHolder,
	keepOrCreateMark,
	wasRenamed,
} from "../resource/holder.ts";
import { declareUnresolved, registerDeclaration } from "../resource/ownership.ts";
import type { ResourceProvider } from "../resource/resourceProvider.ts";
import { MEMBERS_OUTPUT, RECORD_OUTPUT } from "../stateKeys.ts";
import { hasUnknown, isUnknown, type Values } from "../values.ts";
import { type ApplyResult, applyPlan } from "./apply.ts";
import { checkFleet } from "./check.ts";
import { parseMembers } from "./declaredMembers.ts";
import type { FleetPlan, FleetType } from "./fleetType.ts";
import { applyRenames, findRenamedMembers } from "./memberIdentity.ts";
import type { FleetChange } from "./memberInputs.ts";
import { buildFleetOutputs, readMembersFromState } from "./memberState.ts";
import {
	countDeletions,
	createFleetDeclaration,
	planEarlyDeletions,
	refuseReplacements,
	splitDepartingMembers,
	withHolder,
} from "./ownership.ts";
import { planFleet } from "./plan.ts";
import { inspectFleet, refreshFleet } from "./read.ts";
import {
	createPartialFailure,
	FleetError,
	formatFleetPlan,
	formatMemberCount,
	ProgressReporter,
} from "./reporting.ts";

/** A change at hand: what was deployed, and what is declared. */
interface FleetDeployment {
	readonly id: string;
	readonly change: FleetChange;
	readonly plan: FleetPlan;
	readonly inputs: Values;
	/** What tells the fleet's record in state from others. */
	readonly mark: string;
}

/** A plan that does nothing. */
const EMPTY_PLAN: FleetPlan = {
	added: [],
	changed: [],
	replaced: [],
	removed: [],
	handedOver: [],
	renamed: [],
	scopes: new Map(),
	rekeyedCount: 0,
};

/** The six verbs of a fleet: one resource that holds many objects, each dealt with as a resource of its own would be. */
export function createFleetProvider<Inputs extends object>(fleetType: FleetType<Inputs>): ResourceProvider {
	const plans = new Map<string, FleetPlan>();
	return {
		check: async (olds, news) => checkAndDeclareFleet(fleetType, olds, news),
		async diff(id, olds, news) {
			const held = withHolder(fleetType, identifyHolder(olds, news));
			if (fleetType.locationProperty !== undefined && fleetType.getId(news) !== id) {
				planFleetReplacement(held, { olds, news, place: fleetType.locationProperty });
				return { changes: true, replaces: [fleetType.locationProperty], deleteBeforeReplace: true };
			}
			if (hasUnknownInputs(fleetType, news))
				return { changes: true, replaces: [], deleteBeforeReplace: false };
			const plan = await planFleet(held, readFleetChange(fleetType, olds, news));
			plans.set(buildPlanKey(fleetType, id, { olds, news }), plan);
			const told = formatFleetPlan(fleetType, plan);
			if (told !== undefined) fleetType.memberContext.runtime.warn(told);
			return {
				changes: told !== undefined || hasChangedOptions(fleetType, olds, news) || wasRenamed(olds, news),
				replaces: [],
				deleteBeforeReplace: false,
			};
		},
		async create(inputs) {
			const id = fleetType.getId(inputs);
			const held = withHolder(fleetType, createHolder(inputs));
			const change = readFleetChange(fleetType, {}, inputs);
			const plan = { ...EMPTY_PLAN, added: [...change.declaredMembers.keys()] };
			const mark = held.holder.recordId;
			return { id, outs: await deployFleet(held, { id, change, plan, inputs, mark }) };
		},
		async update(id, olds, news) {
			const held = withHolder(fleetType, identifyHolder(olds, news));
			const change = readFleetChange(fleetType, olds, news);
			const key = buildPlanKey(fleetType, id, { olds, news });
			const plan = plans.get(key) ?? (await planFleet(held, change));
			plans.delete(key);
			const mark = keepOrCreateMark(olds, news);
			return { outs: await deployFleet(held, { id, change, plan, inputs: news, mark }) };
		},
		read: (id, olds) => refreshFleet(fleetType, id, olds),
		delete: (_id, olds) => deleteFleet(fleetType, olds),
		inspectResource: (_id, olds, look) => inspectFleet(fleetType, olds, look),
	};
}

/** Checks the inputs; what they declare is remembered, and refused where an earlier plan of this run is about to delete it. */
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

/** Every member goes from the one place before any is created in the other: each is counted, and they are said. */
function planFleetReplacement<Inputs extends object>(
	fleetType: FleetType<Inputs> & { readonly holder: Holder },
	{ olds, news, place }: { olds: Values; news: Values; place: string },
): void {
	if (isUnknown(news[place])) return;
	const memberStates = readMembersFromState(fleetType, olds);
	const departing = splitDepartingMembers(fleetType, [...memberStates.keys()], {
		fleetInputs: olds,
		memberStates,
		isEarly: true,
	});
	countDeletions(fleetType, departing.removed, { fleetInputs: olds, memberStates });
	planEarlyDeletions(fleetType, departing.removed, { fleetInputs: olds, memberStates });
	const added = [...(parseMembers(news[fleetType.membersProperty]) ?? new Map()).keys()];
	const planText = formatFleetPlan(fleetType, { ...EMPTY_PLAN, ...departing, added });
	if (planText !== undefined)
		fleetType.memberContext.runtime.warn(
			`${fleetType.title} ${fleetType.getId(olds)}: ${place} differs: ${planText}`,
		);
}

/** Tells a change from those of other fleets, which may have the same id and even be declared alike: without any member. */
function buildPlanKey<Inputs extends object>(
	{ membersProperty }: FleetType<Inputs>,
	id: string,
	{ olds, news }: { olds: Values; news: Values },
): string {
	return [id, olds[MEMBERS_OUTPUT], news[membersProperty]].join("\n");
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

/** Of what is unknown no member can be compared. */
function hasUnknownInputs<Inputs extends object>(
	{ membersProperty, sharedFields }: FleetType<Inputs>,
	news: Values,
): boolean {
	return [membersProperty, ...Object.keys(sharedFields)].some((name) => hasUnknown(news[name]));
}

function hasChangedOptions<Inputs extends object>(
	{ providerOptions }: FleetType<Inputs>,
	olds: Values,
	news: Values,
): boolean {
	return providerOptions.some((name) => olds[name] !== news[name]);
}

async function deployFleet<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	{ id, change, plan, inputs, mark }: FleetDeployment,
): Promise<Record<string, unknown>> {
	const { added, changed, replaced, removed, handedOver } = plan;
	const total = [added, changed, replaced, removed, handedOver].flat().length;
	const progress = createProgressReporter(fleetType, total);
	const { memberStates, failed } = await applyWithCleanup(fleetType, { change, plan, progress });
	const outs = { ...buildFleetOutputs(fleetType, inputs, memberStates), [RECORD_OUTPUT]: mark };
	if (failed.size === 0) return outs;
	const error = new FleetError(
		`${failed.size} of ${formatMemberCount(fleetType, total)} failed${failed.size < total ? ", the others are as declared" : ""}`,
		failed,
	);
	if (memberStates.size === 0) throw error;
	throw createPartialFailure(fleetType, { id, outs, error });
}

async function applyWithCleanup<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	planToApply: { change: FleetChange; plan: FleetPlan; progress: ProgressReporter },
): Promise<ApplyResult> {
	const run = fleetType.beginRun?.();
	if (run === undefined) return applyPlan(fleetType, planToApply);
	const { holder } = fleetType.memberContext;
	const memberContext = holder === undefined ? run.memberContext : { ...run.memberContext, holder };
	const result = await applyPlan({ ...fleetType, memberContext }, planToApply);
	await run.cleanup();
	return result;
}

function createProgressReporter<Inputs extends object>(
	{ membersProperty, concurrency, memberContext }: FleetType<Inputs>,
	total: number,
): ProgressReporter {
	return new ProgressReporter(membersProperty, { total, atOnce: concurrency.writes }, memberContext.runtime);
}

/** All members, children before their parents. Those that are gone count as deleted, so a second run does the rest. */
async function deleteFleet<Inputs extends object>(fleetType: FleetType<Inputs>, olds: Values): Promise<void> {
	const memberStates = readMembersFromState(fleetType, olds);
	const heldFleetType = withHolder(fleetType, identifyHolder(olds));
	const change: FleetChange = {
		fleetInputs: olds,
		memberStates,
		declaredMembers: new Map(),
		renamed: new Map(),
	};
	const departing = splitDepartingMembers(heldFleetType, [...memberStates.keys()], {
		...change,
		isEarly: false,
	});
	refuseReplacements(heldFleetType, departing.removed, change);
	countDeletions(heldFleetType, departing.removed, change);
	const progress = createProgressReporter(fleetType, memberStates.size);
	const plan = { ...EMPTY_PLAN, ...departing };
	const { failed } = await applyWithCleanup(heldFleetType, { change, plan, progress });
	if (failed.size === 0) return;
	throw new FleetError(
		`${failed.size} of ${formatMemberCount(fleetType, memberStates.size)} not deleted`,
		failed,
	);
}
