import { MANAGED_FIELDS, type ManagedValues, toManagedValues } from "./autopilotIdentity.inputs.ts";
import { encodeMachineProperties, type LiveMachine } from "./autopilotIdentity.wire.ts";
import { describeMachine } from "./machines.ts";
import type { OperationContext } from "./operationContext.ts";
import type { Strategy } from "./strategy.ts";
import { hasManagedValues, type MachineUpdate } from "./update.ts";

/** The routes that Graph serves today: import records come and go, actions change the machine itself. */
export const liveStrategy: Strategy = {
	keepsRecords: false,
	fields: MANAGED_FIELDS,
	queue: ({ batch, imports, deadline }, inputs, importId) =>
		batch.queue({ imports, deadline, inputs, importId }),
	cleanUp: async () => {},
	send: sendUpdate,
};

/** One action as a rule; taking the user off the machine is another one, and goes first. */
async function sendUpdate({ machines }: OperationContext, { from, to }: MachineUpdate): Promise<void> {
	const operationName = `changing ${describeMachine(from.values.serialNumber)}`;
	let current = from;
	if (needsUserRemoval(from, to)) {
		await machines.invokeAction(current, { operationName, action: "unassignUserFromDevice" });
		current = removeUser(current);
	}
	if (hasManagedValues(current, to, MANAGED_FIELDS)) return;
	await machines.invokeAction(current, {
		operationName,
		action: "updateDeviceProperties",
		body: encodeMachineProperties(to),
	});
}

function needsUserRemoval({ values }: LiveMachine, to: ManagedValues): boolean {
	const { assignedUserPrincipalName, addressableUserName } = toManagedValues(values);
	if (to.assignedUserPrincipalName !== "") return false;
	return assignedUserPrincipalName !== "" || (addressableUserName !== "" && to.addressableUserName === "");
}

/** The machine after the first of two writes; whatever etag it has then, it is not the one that was read. */
function removeUser({ values, ...machine }: LiveMachine): LiveMachine {
	const { assignedUserPrincipalName, addressableUserName, ...rest } = values;
	return { ...machine, etag: "", values: rest };
}
