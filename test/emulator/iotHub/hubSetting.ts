import type { VirtualClock } from "../clock.ts";
import type { Switches } from "./switches.ts";

/** What a registry is made of; limits and switches may be changed while it runs. */
export interface HubSetting {
	readonly clock: VirtualClock;
	readonly switches: Switches;
	readonly limits: HubLimits;
	/** The hub's name, the first label of its host name. */
	readonly hubName: string;
}

/** Limits of the hub. */
export interface HubLimits {
	/** The most devices that the hub holds. Default 1 000 000. */
	maxDevices: number;
}
