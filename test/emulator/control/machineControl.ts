import { randomUUID } from "node:crypto";
import type { Approval } from "../graph/approvals.ts";
import type { Autopilot, ForcedError, HashMark } from "../graph/autopilot.ts";
import { generateHardwareHash } from "../graph/hardwareHash.ts";
import { toMachineKey } from "../graph/hardwareReport.ts";
import type { Machine } from "../graph/machine.ts";
import type { AutopilotSwitches } from "../graph/switches.ts";
import {
	type ImportChange,
	type ImportView,
	importView,
	type LeftImport,
	type MachineChange,
	type MachineSeed,
	type MachineView,
	toMachineView,
} from "./machineView.ts";

/**
 * Changes the Autopilot service as another administrator, a machine or the service itself would: at once, without a
 * request, a credential or a log entry. Methods throw if the machine does not exist.
 */
export class MachineControl {
	readonly #autopilot: Autopilot;

	constructor(autopilot: Autopilot) {
		this.#autopilot = autopilot;
	}

	/** The switches and delays of the service; assign to change them from now on. */
	get switches(): AutopilotSwitches {
		this.#autopilot.agenda.settle();
		return this.#autopilot.switches;
	}

	/** Registers machines, which can be read at once; throws if a hash or an id is registered already. */
	seed(machines: readonly MachineSeed[]): MachineView[] {
		this.#autopilot.agenda.settle();
		return machines.map((seed) => this.#seedOne(seed));
	}

	/** Returns all machines in the order of their registration, including those that cannot be read yet. */
	list(): MachineView[] {
		this.#autopilot.agenda.settle();
		return this.#autopilot.machines.list().map(toMachineView);
	}

	/** Returns the machine with this registration id, or undefined. */
	get(id: string): MachineView | undefined {
		this.#autopilot.agenda.settle();
		const machine = this.#autopilot.machines.get(id);
		return machine && toMachineView(machine);
	}

	/** Returns the machines with this serial number. */
	find(serialNumber: string): MachineView[] {
		return this.list().filter((machine) => machine.serialNumber === serialNumber);
	}

	/** Changes a machine at once, whatever the delays. */
	change(id: string, change: MachineChange): MachineView {
		const machine = this.#require(id);
		Object.assign(machine, change);
		machine.revision += 1;
		return toMachineView(machine);
	}

	/** Deletes a machine at once, even if it is enrolled. Returns false if it does not exist. */
	remove(id: string): boolean {
		this.#autopilot.agenda.settle();
		const machine = this.#autopilot.machines.get(id);
		return machine !== undefined && this.#autopilot.removeMachine(machine);
	}

	/**
	 * Deletes a machine and registers it again: same serial number, hash and fields with the changes, but a new
	 * registration id, and not enrolled.
	 */
	recreate(id: string, change: MachineChange = {}): MachineView {
		const { revision, isLeaving, ...before } = toMachineView(this.#require(id));
		this.remove(id);
		const fresh = {
			isVisible: true,
			enrollmentState: "notContacted",
			lastContacted: undefined,
			managedDeviceId: "",
		} as const;
		return this.#seedOne({ ...before, ...fresh, ...change, id: randomUUID() });
	}

	/** Enrolls a machine: it gets ids in Intune and in the directory, and can no longer be deleted. */
	enrol(id: string): MachineView {
		const { managedDeviceId, azureActiveDirectoryDeviceId } = this.#require(id);
		this.contact(id);
		return this.change(id, {
			enrollmentState: "enrolled",
			managedDeviceId: managedDeviceId || randomUUID(),
			azureActiveDirectoryDeviceId: azureActiveDirectoryDeviceId || randomUUID(),
			deploymentProfileAssignmentStatus: "assignedInSync",
			deploymentProfileAssigned: this.#autopilot.clock.now(),
		});
	}

	/** Removes a machine from Intune, which its owner must do before it can be deleted here. */
	unenrol(id: string): MachineView {
		return this.change(id, { enrollmentState: "notContacted", managedDeviceId: "" });
	}

	/** Records a contact of a machine: only its contact date changes, and no etag. */
	contact(id: string): MachineView {
		const machine = this.#require(id);
		machine.lastContacted = this.#autopilot.clock.now();
		return toMachineView(machine);
	}

	/** Marks a hash as foreign or invalid for imports that end from now on; undefined removes the mark. */
	markHash(hardwareIdentifier: string, mark: HashMark | undefined): void {
		this.#autopilot.agenda.settle();
		if (mark === undefined) this.#autopilot.marks.delete(toMachineKey(hardwareIdentifier));
		else this.#autopilot.marks.set(toMachineKey(hardwareIdentifier), mark);
	}

	/** Makes imports fail from now on, including queued ones: those of a serial number or hash, or all. */
	failImport(forced: ForcedError): void {
		this.#autopilot.agenda.settle();
		this.#autopilot.forced.push({ ...forced, left: forced.times ?? 1 });
	}

	/** Removes a user from the directory, so that no machine can be assigned to the user. */
	removeUser(userPrincipalName: string): void {
		this.#autopilot.unknownUsers.add(userPrincipalName.toLowerCase());
	}

	/** Returns all import records in the order of their creation; clients are expected to delete theirs. */
	imports(): ImportView[] {
		this.#autopilot.agenda.settle();
		return [...this.#autopilot.records.values()].map(importView);
	}

	/**
	 * Adds the record of the import that registered a machine, as if its importer had never deleted it.
	 *
	 * @param trace properties of the record; `upload` puts it below an upload of its own
	 */
	leaveImport(id: string, trace: LeftImport = {}): ImportView {
		const { serialNumber, hardwareIdentifier, groupTag, productKey, userPrincipalName } = this.#require(id);
		const record = this.#autopilot.leaveRecord(
			{
				serialNumber,
				hardwareIdentifier,
				groupTag,
				productKey,
				assignedUserPrincipalName: userPrincipalName,
				orderIdentifier: groupTag,
				importId: trace.importId,
			},
			{ registrationId: id, hasUpload: trace.upload ?? false },
		);
		return importView(record);
	}

	/** Changes an import record without changing the machine. */
	changeImport(id: string, change: ImportChange): ImportView {
		this.#autopilot.agenda.settle();
		const record = this.#autopilot.records.get(id.toLowerCase());
		if (record === undefined) throw new NotThere("import", id);
		Object.assign(record, change);
		record.revision += 1;
		return importView(record);
	}

	/** Deletes an import record. Returns false if it does not exist. */
	removeImport(id: string): boolean {
		this.#autopilot.agenda.settle();
		return this.#autopilot.removeRecord(id);
	}

	/** Returns all writes that wait for an approval, or have it and were not sent again yet. */
	approvals(): Approval[] {
		return this.#autopilot.approvals.list();
	}

	/** Approves a write as another administrator does; throws if the code is unknown. */
	approve(code: string): void {
		if (!this.#autopilot.approvals.approve(code)) throw new NotThere("approval", code);
	}

	#seedOne(seed: MachineSeed): MachineView {
		const { machines } = this.#autopilot;
		const hardwareIdentifier = seed.hardwareIdentifier ?? generateHardwareHash(seed.serialNumber);
		if (machines.withHash(hardwareIdentifier) || (seed.id && machines.get(seed.id))) {
			throw new TypeError(`The machine ${seed.serialNumber} is registered already`);
		}
		return toMachineView(machines.register({ ...seed, hardwareIdentifier }));
	}

	#require(id: string): Machine {
		this.#autopilot.agenda.settle();
		const machine = this.#autopilot.machines.get(id);
		if (machine === undefined) throw new NotThere("machine", id);
		return machine;
	}
}

/** Thrown if an object to change does not exist. */
export class NotThere extends TypeError {
	/** Formats the message: "There is no machine a". */
	constructor(kind: string, id: string) {
		super(`There is no ${kind} ${id}`);
	}
}
