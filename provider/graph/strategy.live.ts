import {
	type AutopilotInputs,
	MANAGED_FIELDS,
	type ManagedValues,
	toManagedValues,
} from "./autopilotIdentity.inputs.ts";
import { encodeMachineProperties, type ImportRecord, type LiveMachine } from "./autopilotIdentity.wire.ts";
import { describeMachine } from "./machines.ts";
import type { MachineUpdate, Strategy, StrategyContext } from "./strategy.ts";
import { hasManagedValues } from "./update.ts";

/** Uses the routes that Graph serves today: import records are temporary, and actions change the machine itself. */
export class LiveStrategy implements Strategy {
	readonly keepsRecords: boolean = false;
	readonly fields = MANAGED_FIELDS;
	readonly #context: Pick<StrategyContext, "machines" | "imports" | "importBatcher" | "deadline">;

	constructor(context: Pick<StrategyContext, "machines" | "imports" | "importBatcher" | "deadline">) {
		this.#context = context;
	}

	/** Queues an import, in one request with the imports that other operations queue at the same time. */
	queueImport(inputs: AutopilotInputs, importId: string): Promise<ImportRecord> {
		const { importBatcher, imports, deadline } = this.#context;
		return importBatcher.queue({ imports, deadline, inputs, importId });
	}

	/** Usually invokes one action. Removing the user needs a separate action, which is invoked first. */
	async sendUpdate({ from, to }: MachineUpdate): Promise<void> {
		const { machines } = this.#context;
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

	/** Does nothing: these imports have no uploads. */
	async removeUpload(): Promise<void> {}
}

function needsUserRemoval({ values }: LiveMachine, to: ManagedValues): boolean {
	const { assignedUserPrincipalName, addressableUserName } = toManagedValues(values);
	if (to.assignedUserPrincipalName !== "") return false;
	return assignedUserPrincipalName !== "" || (addressableUserName !== "" && to.addressableUserName === "");
}

/** Returns the machine without its user, as after the first of two writes. Its new etag is unknown, so the etag is empty. */
function removeUser({ values, ...machine }: LiveMachine): LiveMachine {
	const { assignedUserPrincipalName, addressableUserName, ...rest } = values;
	return { ...machine, etag: "", values: rest };
}
