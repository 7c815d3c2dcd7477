import { DeferredChangeLimits } from "../resource/changeLimits.ts";
import { deriveInputs, enforceInputs } from "../resource/context.ts";
import { wasCreatedByThisProgram } from "../resource/creationProof.ts";
import { isRefreshing } from "../resource/driftPolicy.ts";
import { countAdoption, planAdoption } from "../resource/oneTimeActions.ts";
import { hasDeclaredId, toDeclaredTarget } from "../resource/ownership.ts";
import type { Values } from "../values.ts";
import { mapConcurrently, SharedFaultStop } from "./concurrency.ts";
import type { DeclaredFleet } from "./declaredMembers.ts";
import { type FleetType, withRuntime } from "./fleetType.ts";
import { buildResourceInputs } from "./memberInputs.ts";
import { createFleetError } from "./reporting.ts";

/** Returns what members to create get if they exist already and are adopted, by name. */
export function describeAdoptions<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	fleet: DeclaredFleet,
	added: Iterable<string>,
): ReadonlyMap<string, string> {
	const { oneTimeActions } = fleetType.memberContext.resourceType;
	if (oneTimeActions === undefined || fleet.fleetInputs["adopt"] !== true) return new Map();
	const notes = [...added].flatMap((memberName) => {
		const inputs = buildResourceInputs(fleetType, { memberName, fleet });
		const note = oneTimeActions.describeAdoption(enforceInputs(fleetType.memberContext, inputs, {}));
		return note === undefined ? [] : [[memberName, note] as const];
	});
	return new Map(notes);
}

/**
 * Counts the limited actions of a new fleet's members that exist already and will be adopted, all of them together and before anything
 * is written.
 *
 * @throws ResourceOperationError LimitReached; FleetError if members cannot be read
 */
export async function countAdoptions<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	fleet: DeclaredFleet,
	added: Iterable<string>,
): Promise<void> {
	const { changeLimits } = fleetType.memberContext.runtime;
	const deferredLimits = new DeferredChangeLimits(changeLimits);
	await collectAdoptions(withRuntime(fleetType, { changeLimits: deferredLimits }), fleet, added);
	deferredLimits.countAllIn(changeLimits);
}

/**
 * Counts the limited actions of members that exist already and will be adopted. Sends no request for members that have none, if the
 * stack does not limit them, or in a refresh, which counts nothing.
 *
 * @param fleetType a type whose limits refuse nothing until all actions are collected
 * @throws FleetError if members cannot be read
 */
export async function collectAdoptions<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	fleet: DeclaredFleet,
	added: Iterable<string>,
): Promise<void> {
	const { memberContext } = fleetType;
	const { resourceType, runtime } = memberContext;
	if (fleet.fleetInputs["adopt"] !== true || isRefreshing(memberContext)) return;
	const limitedMembers = new Map(
		[...added]
			.map((memberName) => {
				const inputs = buildResourceInputs(fleetType, { memberName, fleet });
				return [memberName, deriveInputs(memberContext, inputs)] as const;
			})
			.filter(([, inputs]) =>
				resourceType.listLimitedActions?.({}, inputs).some((action) => runtime.changeLimits.hasLimit(action)),
			),
	);
	const api = resourceType.connect("read");
	const countOne = async (memberName: string): Promise<void> => {
		const inputs: Values = limitedMembers.get(memberName) ?? {};
		const target = toDeclaredTarget(memberContext, inputs);
		const found = hasDeclaredId(target) ? await api.get(target) : undefined;
		if (found === undefined || wasCreatedByThisProgram(memberContext, found, { inputs })) return;
		const enforced = enforceInputs(memberContext, inputs, { live: found.values as Values });
		countAdoption(memberContext, target, { found, plan: planAdoption(resourceType, found, enforced) });
	};
	const { reads } = fleetType.concurrency;
	const stop = new SharedFaultStop();
	const { failed, untried } = await mapConcurrently(limitedMembers.keys(), reads, countOne, { stop });
	if (failed.size > 0) throw createFleetError(fleetType, { failed, untried }, { verb: "cannot be planned" });
}
