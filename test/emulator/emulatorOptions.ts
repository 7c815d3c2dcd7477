import type { Fault } from "./faults/fault.ts";
import type { AutopilotSwitches } from "./graph/switches.ts";
import type { Switches } from "./iotHub/switches.ts";
import type { Sku } from "./iotHub/throttle.ts";

/** How an emulator is started. */
export interface EmulatorOptions {
	/** Whether the hub, Graph and the directory speak TLS. Default false. */
	readonly tls?: boolean;
	/** The port of the hub, Graph and the directory. Default 0: any free one. */
	readonly port?: number;
	/** The hub's host name in connection strings and, under TLS, in the certificate. Default `localhost:<port>`. */
	readonly hostName?: string;
	/** The tier whose throttles apply. Default none: nothing is throttled. */
	readonly sku?: Sku;
	/** Units of the tier. Default 1. */
	readonly units?: number;
	/** Virtual milliseconds per real one; 0 freezes the clock. Default 1. */
	readonly timeScale?: number;
	/** The most devices that the hub holds. Default 1 000 000. */
	readonly maxDevices?: number;
	/** What goes wrong, from the first request on. Default nothing. */
	readonly faults?: readonly Fault[];
	/** How the Autopilot service behaves other than by default: its profile, its delays, its limits. */
	readonly autopilot?: Partial<AutopilotSwitches>;
	/** Behaviours of the hub other than the default ones. */
	readonly switches?: Partial<Switches>;
}
