import type { Values } from "../values.ts";
import { type ActionCounter, ChangeLimits, type ChangeLimitsByAction } from "./changeLimits.ts";
import { Claims } from "./claims.ts";
import type { Holder } from "./holder.ts";
import { type OmittedFields, omitIgnoredInputs, readIgnoredPaths } from "./ignoredPaths.ts";
import { listDeclaredPaths } from "./managedFields.ts";
import type { PlanCache } from "./planCache.ts";
import type { ResourceType, Target } from "./resourceType.ts";

/** A resource type with everything that its operations share. */
export interface ResourceContext<Inputs extends object> {
	readonly resourceType: ResourceType<Inputs>;
	readonly runtime: RuntimeContext;
	readonly planCache: PlanCache<Inputs>;
	/**
	 * How old, in milliseconds, an existing object may be to count as created by an interrupted run, if it proves its creator and is
	 * exactly as its creation left it. For objects that a run creates by the thousand. Absent: such an object belongs to somebody else.
	 */
	readonly maxResumableAgeMs?: number;
	/** The record that holds all the objects, for members of a fleet. Absent: each object has a record of its own. */
	readonly holder?: Holder;
	/** Set if Pulumi's own display does not show the objects, so that a refresh must report what changed. */
	readonly isHiddenFromDisplay?: true;
}

/** Returns the etag in the outputs; empty if they have none. */
export function getEtag(outputs: Values): string {
	const etag = outputs["etag"];
	return typeof etag === "string" ? etag : "";
}

/** Returns the inputs together with those that derive from them. */
export function deriveInputs<Inputs extends object>(
	{ resourceType }: ResourceContext<Inputs>,
	inputs: Values,
): Values {
	return resourceType.deriveInputs?.(inputs) ?? inputs;
}

/** What is known of an existing object before its update. */
export interface ExistingObject {
	/** The outputs in state; absent for an object that is adopted. */
	readonly olds?: Values;
	/** The object's current values. Default: they are not known. */
	readonly live?: Values;
}

/**
 * Returns the inputs that an existing object is to have, with those that derive from them. Fields that the option `ignoreChanges`
 * names are omitted, so that their live values are kept.
 */
export function enforceInputs<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	inputs: Values,
	{ olds, live }: ExistingObject,
): Values {
	const { schema } = ctx.resourceType;
	const deployedPaths = olds && listDeclaredPaths(olds);
	const omitted: OmittedFields = {
		ignored: readIgnoredPaths(schema, inputs),
		isDeployed: (path) => deployedPaths?.has(path) ?? true,
		...(live === undefined ? {} : { live }),
	};
	// Ignored inputs derive nothing, and derived ones can be ignored, too.
	const derived = deriveInputs(ctx, omitIgnoredInputs(schema, inputs, omitted));
	return omitIgnoredInputs(schema, derived, omitted);
}

/** Counts the limited actions of these inputs; throws if they exceed the limits of the stack. */
export function countLimitedActions<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	inputs: Values,
): void {
	const { resourceType, runtime } = ctx;
	for (const action of resourceType.listLimitedActions?.(target.values, inputs) ?? []) {
		runtime.changeLimits.countOrThrow(action, resourceType.getKey(target), getDisplayName(ctx, target));
	}
}

/** Returns the name of an object in messages: `DeviceIdentity gw-1`. */
export function getDisplayName<Inputs extends object>(
	{ resourceType }: ResourceContext<Inputs>,
	target: Target,
): string {
	return `${resourceType.title} ${resourceType.getLabel(target)}`;
}

/** Clock, log, limits and claims of one provider process, passed in so that operations can be tested without them. */
export interface RuntimeContext {
	/** Shows a message to the user; Pulumi prints it under Diagnostics. */
	warn(text: string): void;
	/** Resolves after this many milliseconds. */
	sleep(milliseconds: number): Promise<void>;
	/** Returns the milliseconds of a clock that only runs forward, from any starting point. */
	now(): number;
	/** Returns the time of this machine in milliseconds since 1970, to compare it with dates of the service. It may be wrong. */
	getWallTime(): number;
	/** Counts the actions that the stack limits in one run. */
	readonly changeLimits: ActionCounter;
	/** The records of the stack, with the objects that they hold. */
	readonly claims: Claims;
	/** What to do about drift of a resource that does not set `onDrift`. */
	readonly onDrift: OnDriftSetting;
}

/** `reconcile` shows drift in the plan and writes the declared values back; `fail` stops the run instead. */
export type OnDrift = "reconcile" | "fail";

/** The policy of a stack about drift, and the settings that determine it. */
export interface OnDriftSetting {
	readonly policy: OnDrift;
	/** The setting's key: `iothub:onDrift`. */
	readonly setting: string;
	/** Whether the stack's configuration, or a provider's argument, sets this policy. */
	readonly isConfigured: boolean;
	/** The environment variable that sets this policy as well, or alone: `IOTHUB_ON_DRIFT`. */
	readonly variable?: string;
	/** Whether the settings are a provider's arguments. Default: they are the stack's configuration. */
	readonly isFromProvider?: boolean;
}

/** Options of {@link createRuntimeContext}. */
export interface RuntimeContextOptions {
	/** Shows a message to the user. */
	warn(text: string): void;
	readonly clock: Pick<RuntimeContext, "now" | "getWallTime"> & {
		sleep(milliseconds: number): Promise<void>;
	};
	/** Default: no limits. */
	readonly limits?: ChangeLimitsByAction;
	/** What to do about drift of a resource that does not set `onDrift`. Default: `reconcile`. */
	readonly onDrift?: OnDriftSetting;
}

/** The policy if nothing is set: drift is undone. */
const DEFAULT_ON_DRIFT: OnDriftSetting = { policy: "reconcile", setting: "", isConfigured: false };

/** Creates the context of one process, whose resource types share limits and claims. */
export function createRuntimeContext({
	warn,
	clock,
	limits = {},
	onDrift = DEFAULT_ON_DRIFT,
}: RuntimeContextOptions): RuntimeContext {
	return {
		warn,
		sleep: clock.sleep,
		now: clock.now,
		getWallTime: clock.getWallTime,
		changeLimits: new ChangeLimits(limits),
		claims: new Claims(),
		onDrift,
	};
}
