import { isUnknown, type Values } from "../values.ts";
import { countLimitedActions, enforceInputs, getDisplayName, type ResourceContext } from "./context.ts";
import { ResourceOperationError } from "./errors.ts";
import { toDeclaredTarget } from "./ownership.ts";
import type { AdoptionPlan, LiveObject, ResourceType, Target } from "./resourceType.ts";

/** An object before an update, and what it is to become. */
export interface PendingUpdate<Inputs> {
	readonly base: LiveObject<Inputs>;
	/** The whole object to write, without one-time actions. */
	readonly desired: Values;
	readonly inputs: Values;
	/** The outputs of the last deployment. */
	readonly outputs: Values;
}

/**
 * Returns the object to write with a pending one-time action (key rotation), unless an interrupted run already carried it out.
 *
 * @throws ResourceOperationError ChangedElsewhere if nothing proves whether it was carried out
 */
export function applyOneTimeAction<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	{ base, desired, inputs, outputs }: PendingUpdate<Inputs>,
): Values {
	const actions = ctx.resourceType.oneTimeActions;
	if (!actions?.isPending(outputs, inputs)) return desired;
	const action = actions.plan(desired, { live: base, inputs, outputs });
	if (action.step === "do") return action.desired;
	if (action.step === "unprovable")
		throw new ResourceOperationError("ChangedElsewhere", `${getDisplayName(ctx, target)} ${action.reason}.`);
	ctx.runtime.warn(
		`${getDisplayName(ctx, target)} ${actions.describe(inputs)}: an interrupted run already did this`,
	);
	return desired;
}

/** Plans the one-time actions for an object that is adopted with these inputs. */
export function planAdoption<Inputs extends object>(
	{ oneTimeActions }: ResourceType<Inputs>,
	found: LiveObject<Inputs>,
	inputs: Values,
): AdoptionPlan {
	return oneTimeActions?.planAdoption(found, inputs) ?? { last: {}, inputs };
}

/** Counts the limited actions of an adoption; throws if they exceed the limits of the stack. */
export function countAdoption<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	{ found, plan: { last, inputs } }: { found: LiveObject<Inputs>; plan: AdoptionPlan },
): void {
	countLimitedActions(ctx, { ...target, values: { ...last, ...target.values, ...found.values } }, inputs);
}

/**
 * Warns of the one-time actions of a new object in case that it exists and is adopted. A preview of a new object sends no request, so
 * it cannot know whether it exists.
 */
export function warnOfAdoption<Inputs extends object>(ctx: ResourceContext<Inputs>, inputs: Values): void {
	if (inputs["adopt"] !== true) return;
	const action = ctx.resourceType.oneTimeActions?.describeAdoption(enforceInputs(ctx, inputs, {}));
	const target = toDeclaredTarget(ctx, inputs);
	if (action === undefined || isUnknown(target.id)) return;
	ctx.runtime.warn(`${getDisplayName(ctx, target)} ${action} if it exists already and is adopted`);
}
