import type { VirtualClock } from "../clock.ts";
import { OTHER_TENANT_ID, type SignInSwitches, TENANT_ID } from "../entra/issuer.ts";
import type { Principals } from "../entra/principals.ts";
import { matches } from "../faults/fault.ts";
import type { FaultPlan } from "../faults/faultPlan.ts";
import type { Autopilot } from "../graph/autopilot.ts";
import { readHead } from "../http/call.ts";
import type { Policies } from "../iotHub/access/policies.ts";
import type { Registry } from "../iotHub/registry.ts";
import type { Gate } from "../traffic/gate.ts";
import type { LoggedRequest, RequestLog } from "../traffic/requestLog.ts";
import type { Control, RequestControl, RequestMatch } from "./control.ts";
import { DeviceControl } from "./deviceControl.ts";
import type { HubControl } from "./hubControl.ts";
import { MachineControl } from "./machineControl.ts";
import type { MachineOperation, Operation } from "./operation.ts";

/** The parts that the control operates on. */
export interface ControlParts {
	readonly clock: VirtualClock;
	readonly registry: Registry;
	readonly getAutopilot: (tenantId: string) => Autopilot;
	readonly signIn: SignInSwitches;
	readonly hub: HubControl;
	readonly policies: Policies;
	readonly principals: Principals;
	readonly faults: FaultPlan;
	readonly log: RequestLog;
	readonly gate: Gate;
	readonly watchers: Set<(request: LoggedRequest) => void | Promise<void>>;
}

/** Creates the control. */
export function createControl(parts: ControlParts): Control {
	const devices = new DeviceControl(parts.registry);
	const machines = new MachineControl(parts.getAutopilot(TENANT_ID));
	const otherTenantMachines = new MachineControl(parts.getAutopilot(OTHER_TENANT_ID));
	const { clock, hub, policies, principals, signIn, faults, gate, watchers } = parts;
	return {
		...{ devices, machines, otherTenantMachines, hub, policies, principals, signIn, faults, clock, gate },
		requests: requestControl(parts.log),
		switches: parts.registry.setting.switches,
		perform: (operation) =>
			isMachineOperation(operation)
				? performMachine(operation, machines)
				: perform(operation, devices, clock),
		onRequest: (watcher) => {
			watchers.add(watcher);
			return () => watchers.delete(watcher);
		},
	};
}

function perform(
	operation: Exclude<Operation, MachineOperation>,
	devices: DeviceControl,
	clock: VirtualClock,
): void {
	switch (operation.do) {
		case "seed":
			devices.seed(operation.devices);
			break;
		case "change":
			devices.change(operation.id, operation.change);
			break;
		case "rotateKeys":
			devices.rotateKeys(operation.id, operation.which);
			break;
		case "recreate":
			devices.recreate(operation.id, operation.change);
			break;
		case "patchTwin":
			devices.patchTwin(operation.id, operation.twin);
			break;
		case "advance":
			clock.advance(operation.milliseconds);
			break;
		default:
			devices[operation.do](operation.id);
	}
}

function requestControl(log: RequestLog): RequestControl {
	const list = (match?: RequestMatch) => log.list().filter((entry) => matches(match, pickAddress(entry)));
	return {
		list,
		counts: () => log.counts(),
		count: (match) => list(match).length,
		peak: () => log.peak,
		reset: () => log.reset(),
	};
}

function pickAddress({
	method,
	path,
	query,
	headers,
	service,
	route,
}: LoggedRequest): Parameters<typeof matches>[1] {
	const target = `${path}?${new URLSearchParams({ ...query })}`;
	return { head: readHead(method, target, headers), service, route };
}

/** Carries out one operation on the Autopilot service. */
export function performMachine(operation: MachineOperation, machines: MachineControl): void {
	switch (operation.do) {
		case "seedMachines":
			machines.seed(operation.machines);
			break;
		case "changeMachine":
			machines.change(operation.id, operation.change);
			break;
		case "recreateMachine":
			machines.recreate(operation.id, operation.change);
			break;
		case "removeMachine":
			machines.remove(operation.id);
			break;
		case "enrolMachine":
			machines.enrol(operation.id);
			break;
		case "unenrolMachine":
			machines.unenrol(operation.id);
			break;
		case "contactMachine":
			machines.contact(operation.id);
			break;
		case "changeImport":
			machines.changeImport(operation.id, operation.change);
	}
}

/** Returns whether an operation concerns machines. */
export function isMachineOperation(operation: { readonly do: string }): operation is MachineOperation {
	return /Machines?$|Import$/.test(operation.do);
}
