import type { VirtualClock } from "../clock.ts";
import type { SignInSwitches } from "../entra/issuer.ts";
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

/** Everything that a test, or a person with curl, can do to the emulator behind the clients' backs. */
export interface Control {
	/** The registry and its twins. */
	readonly devices: DeviceControl;
	/** The Autopilot service of the first tenant: machines, imports and switches. */
	readonly machines: MachineControl;
	/** The same of the other tenant, which has the same switches. */
	readonly otherTenantMachines: MachineControl;
	/** Limits, throttles and connection strings. */
	readonly hub: HubControl;
	/** Shared access policies. */
	readonly policies: Policies;
	/** Applications of the directory and their roles. */
	readonly principals: Principals;
	/** The tenant of tokens and their form; assign to change them. */
	readonly signIn: SignInSwitches;
	/** The planned faults. */
	readonly faults: Pick<FaultPlan, "add" | "list" | "remove" | "clear">;
	/** The request log. */
	readonly requests: RequestControl;
	/** Time. */
	readonly clock: Pick<VirtualClock, "now" | "advance" | "setScale" | "scale">;
	/** Holds requests. */
	readonly gate: Pick<Gate, "pause" | "resume" | "held" | "waitForHeld">;
	/** The hub's behaviours that no recording settles; assign to change them. */
	readonly switches: Switches;
	/** Carries out one operation given as data. */
	perform(operation: Operation): void;
	/** Registers a function that is called and awaited before each request is handled. Returns a function that removes it. */
	onRequest(watcher: (request: LoggedRequest) => void | Promise<void>): () => void;
}

/** The requests to the emulated services, without those to the control itself. */
export interface RequestControl {
	/** Returns all requests, or those that match, in the order of arrival. */
	list(match?: RequestMatch): LoggedRequest[];
	/** Returns the number of requests by route. */
	counts(): Record<string, number>;
	/** Returns the number of all requests, or of those that match. */
	count(match?: RequestMatch): number;
	/** Returns the highest number of concurrent requests. */
	peak(): number;
	/** Clears the log. */
	reset(): void;
}

export type { Fault, LoggedRequest, Moment, PlannedFault, RequestMatch };

/** A parsed request to the control. */
export interface ControlAsk {
	readonly control: Control;
	/** The body's JSON, or undefined without a body. */
	readonly body: unknown;
	/** The decoded name in the path; "" if the path has none. */
	readonly name: string;
	/** The query's parameters. */
	readonly query: Readonly<Record<string, string>>;
}

/** A command of the control over HTTP. */
export interface ControlCommand {
	readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
	/** The path with at most one placeholder. */
	readonly path: string;
	/** One line of help. */
	readonly help: string;
	/** Runs the command. The response is the returned value, or `{"done":true}` for undefined. */
	readonly run: (ask: ControlAsk) => unknown;
}
