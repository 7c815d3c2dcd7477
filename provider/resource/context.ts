import type { Values } from "../values.ts";
import { ChangeLimits, type ChangeLimitsByAction } from "./changeLimits.ts";
import { Claims } from "./claims.ts";
import type { Holder } from "./holder.ts";
import type { PlanCache } from "./planCache.ts";
import type { ResourceType, Target } from "./resourceType.ts";

/** A kind of resource together with everything that its verbs share. */
export interface ResourceContext<Inputs extends object> {
	readonly resourceType: ResourceType<Inputs>;
	readonly runtime: RuntimeContext;
	readonly planCache: PlanCache<Inputs>;
	/**
	 * For objects that a run makes by the thousand: one that proves to be of the same making, is just as its creation left it,
	 * and is not older than so many milliseconds is what an interrupted run made. Without it such an object is somebody else's.
	 */
	readonly maxResumableAgeMs?: number;
	/** The record that holds the objects, where one record holds many: a fleet's. Without it each object has a record of its own. */
	readonly holder?: Holder;
	/** Set where Pulumi's own display shows nothing of the objects, so that a refresh has to tell what changed. */
	readonly isHiddenFromDisplay?: true;
}

/** What to do about drift: the resource's own word, else the stack's. */
export function resolveOnDrift<Inputs extends object>(
	{ runtime }: ResourceContext<Inputs>,
	inputs: Values,
): OnDrift {
	const declared = inputs["onDrift"];
	return declared === "fail" || declared === "reconcile" ? declared : runtime.getOnDrift();
}

/** The etag under which the outputs were taken. */
export function getEtag(outputs: Values): string {
	const etag = outputs["etag"];
	return typeof etag === "string" ? etag : "";
}

/** The inputs with all that is worked out from them. */
export function deriveInputs<Inputs extends object>(
	{ resourceType }: ResourceContext<Inputs>,
	inputs: Values,
): Values {
	return resourceType.deriveInputs?.(inputs) ?? inputs;
}

/** Counts what these inputs would do to the object, and throws where the stack allows no more of it. */
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

/** How messages name an object: `DeviceIdentity gw-1`. */
export function getDisplayName<Inputs extends object>(
	{ resourceType }: ResourceContext<Inputs>,
	target: Target,
): string {
	return `${resourceType.title} ${resourceType.getLabel(target)}`;
}

/** The world around a lifecycle, handed in so that it stays free of clocks and consoles. */
export interface RuntimeContext {
	/** Puts a message in front of the user (Pulumi shows it under Diagnostics). */
	warn(text: string): void;
	/** Resolves after this many milliseconds. */
	sleep(milliseconds: number): Promise<void>;
	/** Milliseconds on a clock that only runs forward. */
	now(): number;
	/** What the stack allows in one run. */
	readonly changeLimits: ChangeLimits;
	/** Which records of the stack hold which objects. */
	readonly claims: Claims;
	/** What to do about drift where the resource itself does not say. */
	getOnDrift(): OnDrift;
}

/** `reconcile` shows drift in the plan and writes the declared values back; `fail` stops the run instead. */
export type OnDrift = "reconcile" | "fail";

/** What the surroundings of a process are made of. */
export interface RuntimeContextOptions {
	/** Puts a message in front of the user. */
	warn(text: string): void;
	readonly clock: Pick<RuntimeContext, "now"> & { sleep(milliseconds: number): Promise<void> };
	/** Default: no limits. */
	readonly limits?: ChangeLimitsByAction;
	/** What to do about drift where the resource itself does not say. Default: `reconcile`. */
	readonly onDrift?: OnDrift;
}

/** The world around the lives of one process, which count and hold their objects together. */
export function createRuntimeContext({
	warn,
	clock,
	limits = {},
	onDrift = "reconcile",
}: RuntimeContextOptions): RuntimeContext {
	return {
		warn,
		sleep: clock.sleep,
		now: clock.now,
		changeLimits: new ChangeLimits(limits),
		claims: new Claims(),
		getOnDrift: () => onDrift,
	};
}
