import { MANAGED, type ManagedSet, managedOf } from "./autopilotIdentity.inputs.ts";
import { encodeProperties, type LiveMachine } from "./autopilotIdentity.wire.ts";
import { type Change, shows } from "./changing.ts";
import { machineNamed } from "./machines.ts";
import type { Strategy } from "./strategy.ts";
import type { Tenant } from "./tenant.ts";

/** The routes that Graph serves today: import records come and go, actions change the machine itself. */
export const live: Strategy = {
	keepsRecords: false,
	fields: MANAGED,
	queue: ({ batch, imports, deadline }, inputs, importId) =>
		batch.queue({ imports, deadline, inputs, importId }),
	tidy: async () => {},
	send,
};

/** One action as a rule; taking the user off the machine is another one, and goes first. */
async function send({ machines }: Tenant, { from, to }: Change): Promise<void> {
	const what = `changing ${machineNamed(from.values.serialNumber)}`;
	let now = from;
	if (losesUser(from, to)) {
		await machines.act(now, { what, action: "unassignUserFromDevice" });
		now = withoutUser(now);
	}
	if (shows(now, to, MANAGED)) return;
	await machines.act(now, { what, action: "updateDeviceProperties", body: encodeProperties(to) });
}

function losesUser({ values }: LiveMachine, to: ManagedSet): boolean {
	const { assignedUserPrincipalName, addressableUserName } = managedOf(values);
	if (to.assignedUserPrincipalName !== "") return false;
	return assignedUserPrincipalName !== "" || (addressableUserName !== "" && to.addressableUserName === "");
}

/** The machine after the first of two writes; whatever etag it has then, it is not the one that was read. */
function withoutUser({ values, ...machine }: LiveMachine): LiveMachine {
	const { assignedUserPrincipalName, addressableUserName, ...rest } = values;
	return { ...machine, etag: "", values: rest };
}
