import type { OnDrift, RuntimeContext } from "./life.ts";
import { Claims } from "./claims.ts";
import { ChangeLimits, type ChangeLimitsByAction } from "./guard.ts";

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
