import type { VirtualClock } from "../clock.ts";
import type { Principals } from "../entra/principals.ts";
import type { Fault, Moment, RequestMatch } from "../faults/fault.ts";
import type { FaultPlan, PlannedFault } from "../faults/faultPlan.ts";
import type { Policies } from "../iotHub/access/policies.ts";
import type { Switches } from "../iotHub/switches.ts";
import type { Gate } from "../traffic/gate.ts";
import type { LoggedRequest } from "../traffic/requestLog.ts";
import type { DeviceControl } from "./deviceControl.ts";
import type { HubControl } from "./hubControl.ts";
import type { MachineControl } from "./machineControl.ts";
import type { Operation } from "./operation.ts";

/** All that a test, or a person with curl, can do to the emulator from behind. */
export interface Control {
	/** The registry and its twins. */
	readonly devices: DeviceControl;
	/** The Autopilot service: machines, imports, how it behaves. */
	readonly machines: MachineControl;
	/** Limits, throttles and connection strings. */
	readonly hub: HubControl;
	/** Shared access policies. */
	readonly policies: Policies;
	/** Applications of the directory and their roles. */
	readonly principals: Principals;
	/** Everything that is to go wrong. */
	readonly faults: Pick<FaultPlan, "add" | "list" | "remove" | "clear">;
	/** Everything that was asked. */
	readonly requests: RequestControl;
	/** Time. */
	readonly clock: Pick<VirtualClock, "now" | "advance" | "setScale" | "scale">;
	/** Holding requests back. */
	readonly gate: Pick<Gate, "pause" | "resume" | "held" | "waitForHeld">;
	/** The hub's behaviours that no recording settles; assign to change them. */
	readonly switches: Switches;
	/** Does one thing given as data. */
	perform(operation: Operation): void;
	/** Calls a function for each request before it is handled, and waits for it; returns what ends that. */
	onRequest(watcher: (request: LoggedRequest) => void | Promise<void>): () => void;
}

/** The requests to the emulated services; those to the control itself do not count. */
export interface RequestControl {
	/** In the order of arrival; with a match only those. */
	list(match?: RequestMatch): LoggedRequest[];
	/** Requests by route. */
	counts(): Record<string, number>;
	/** How many there were; with a match only those. */
	count(match?: RequestMatch): number;
	/** The most that were open at once. */
	peak(): number;
	/** Forgets them all. */
	reset(): void;
}

export type { Fault, LoggedRequest, Moment, PlannedFault, RequestMatch };

/** A request to the control, taken apart. */
export interface ControlAsk {
	readonly control: Control;
	/** The body's JSON, undefined for none. */
	readonly body: unknown;
	/** The name in the path, decoded; "" where the path has none. */
	readonly name: string;
	/** The query's parameters. */
	readonly query: Readonly<Record<string, string>>;
}

/** Something that can be done over HTTP. */
export interface ControlCommand {
	readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
	/** The path with at most one placeholder. */
	readonly path: string;
	/** One line for the help. */
	readonly help: string;
	/** Does it; what it returns is the answer, nothing is `{"done":true}`. */
	readonly run: (ask: ControlAsk) => unknown;
}
