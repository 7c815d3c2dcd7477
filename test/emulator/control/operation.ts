import type { DeviceChange, DeviceSeed, TwinPatch } from "./deviceView.ts";
import type { ImportChange, MachineChange, MachineSeed } from "./machineView.ts";

/** An operation behind a client's back, as data, so that a fault plan can contain it. */
export type Operation =
	| { readonly do: "seed"; readonly devices: readonly DeviceSeed[] }
	| { readonly do: "change"; readonly id: string; readonly change: DeviceChange }
	| { readonly do: "rotateKeys"; readonly id: string; readonly which?: WhichKey }
	| { readonly do: "remove"; readonly id: string }
	| { readonly do: "recreate"; readonly id: string; readonly change?: DeviceChange }
	| { readonly do: "connect" | "disconnect"; readonly id: string }
	| { readonly do: "sendTelemetry"; readonly id: string }
	| { readonly do: "patchTwin"; readonly id: string; readonly twin: TwinPatch }
	| { readonly do: "advance"; readonly milliseconds: number }
	| MachineOperation;

/** An operation on the Autopilot service behind a client's back. */
export type MachineOperation =
	| { readonly do: "seedMachines"; readonly machines: readonly MachineSeed[] }
	| { readonly do: "changeMachine"; readonly id: string; readonly change: MachineChange }
	| { readonly do: "recreateMachine"; readonly id: string; readonly change?: MachineChange }
	| { readonly do: "removeMachine" | "contactMachine"; readonly id: string }
	| { readonly do: "enrolMachine" | "unenrolMachine"; readonly id: string }
	| { readonly do: "changeImport"; readonly id: string; readonly change: ImportChange };

/** Which of the two keys to use. Default: "both". */
export type WhichKey = "primary" | "secondary" | "both";

/** The names of all operations. */
export const OPERATION_NAMES = [
	"seed",
	"change",
	"rotateKeys",
	"remove",
	"recreate",
	"connect",
	"disconnect",
	"sendTelemetry",
	"patchTwin",
	"advance",
	"seedMachines",
	"changeMachine",
	"recreateMachine",
	"removeMachine",
	"contactMachine",
	"enrolMachine",
	"unenrolMachine",
	"changeImport",
] as const satisfies readonly Operation["do"][];
