import { Claims } from "./claims.ts";
import { Guard, type Limits } from "./guard.ts";
import type { OnDrift, Surroundings } from "./kind.ts";

/** What the surroundings of a process are made of. */
export interface SurroundingsOptions {
	/** Puts a message in front of the user. */
	say(text: string): void;
	readonly clock: Pick<Surroundings, "now"> & { sleep(milliseconds: number): Promise<void> };
	/** Default: no limits. */
	readonly limits?: Limits;
	/** What to do about drift where the resource itself does not say. Default: `reconcile`. */
	readonly onDrift?: OnDrift;
}

/** The world around the lives of one process, which count and hold their objects together. */
export function surroundings({
	say,
	clock,
	limits = {},
	onDrift = "reconcile",
}: SurroundingsOptions): Surroundings {
	return {
		say,
		wait: clock.sleep,
		now: clock.now,
		guard: new Guard(limits),
		claims: new Claims(),
		onDrift: () => onDrift,
	};
}
