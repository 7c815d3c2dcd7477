import type { MachineControl } from "./machineControl.ts";
import type { MachineOperation } from "./operation.ts";

/** Does one thing to the Autopilot service. */
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

/** Whether an operation concerns machines. */
export function isMachineOperation(operation: { readonly do: string }): operation is MachineOperation {
	return /Machines?$|Import$/.test(operation.do);
}
