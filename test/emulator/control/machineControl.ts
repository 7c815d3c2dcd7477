import { randomUUID } from "node:crypto";
import type { Approval } from "../graph/approvals.ts";
import type { Autopilot, ForcedError, HashMark } from "../graph/autopilot.ts";
import { generateHardwareHash } from "../graph/hardwareHash.ts";
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
 * The Autopilot service as another administrator, a machine or the service itself would change it: at once, without a
 * request, a credential or an entry in the log. Methods on a machine that does not exist throw.
 */
export class MachineControl {
	readonly #autopilot: Autopilot;

	constructor(autopilot: Autopilot) {
		this.#autopilot = autopilot;
	}

	/** How the service behaves and how long it takes; assign to change it from now on. */
	get switches(): AutopilotSwitches {
		this.#autopilot.agenda.settle();
		return this.#autopilot.switches;
	}

	/** Registers machines, readable at once; throws when a hash or an id is registered already. */
	seed(machines: readonly MachineSeed[]): MachineView[] {
		this.#autopilot.agenda.settle();
		return machines.map((seed) => this.#seedOne(seed));
	}

	/** All machines in the order of their registration, those included that cannot be read yet. */
	list(): MachineView[] {
		this.#autopilot.agenda.settle();
		return this.#autopilot.machines.list().map(toMachineView);
	}

	/** One machine by its registration id, or undefined. */
	get(id: string): MachineView | undefined {
		this.#autopilot.agenda.settle();
		const machine = this.#autopilot.machines.get(id);
		return machine && toMachineView(machine);
	}

	/** The machines of a serial number. */
	find(serialNumber: string): MachineView[] {
		return this.list().filter((machine) => machine.serialNumber === serialNumber);
	}

	/** Changes a machine, readable at once whatever the delays. */
	change(id: string, change: MachineChange): MachineView {
		const machine = this.#require(id);
		Object.assign(machine, change);
		machine.revision += 1;
		return toMachineView(machine);
	}

	/** Deletes a machine at once, enrolled or not; whether there was one. */
	remove(id: string): boolean {
		this.#autopilot.agenda.settle();
		const machine = this.#autopilot.machines.get(id);
		return machine !== undefined && this.#autopilot.machines.remove(machine);
	}

	/**
	 * Deletes a machine and registers it again: same serial number, hash and fields with the changes merged in, but another
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

	/** Lets a machine enrol: it cannot be deleted any more, and has ids in Intune and in the directory. */
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

	/** Removes a machine from Intune, as its owner must before it can be deleted here. */
	unenrol(id: string): MachineView {
		return this.change(id, { enrollmentState: "notContacted", managedDeviceId: "" });
	}

	/** Lets a machine be heard of: only its contact date changes, and no etag does. */
	contact(id: string): MachineView {
		const machine = this.#require(id);
		machine.lastContacted = this.#autopilot.clock.now();
		return toMachineView(machine);
	}

	/** Says what a hash is outside this tenant, for imports that end from now on; undefined takes it back. */
	markHash(hardwareIdentifier: string, mark: HashMark | undefined): void {
		this.#autopilot.agenda.settle();
		if (mark === undefined) this.#autopilot.marks.delete(hardwareIdentifier);
		else this.#autopilot.marks.set(hardwareIdentifier, mark);
	}

	/** Lets coming imports, of a serial number or hash or of any, end in an error; those on their way too. */
	failImport(forced: ForcedError): void {
		this.#autopilot.agenda.settle();
		this.#autopilot.forced.push({ ...forced, left: forced.times ?? 1 });
	}

	/** Takes a user out of the directory, so that no machine can be assigned to him. */
	removeUser(userPrincipalName: string): void {
		this.#autopilot.unknownUsers.add(userPrincipalName.toLowerCase());
	}

	/** All import records in the order of their creation; clients are expected to delete theirs. */
	imports(): ImportView[] {
		this.#autopilot.agenda.settle();
		return [...this.#autopilot.records.values()].map(importView);
	}

	/**
	 * Leaves the record of the import that a machine came of, as whoever imported it does who never deletes one.
	 *
	 * @param trace what is particular about the record; `upload` puts it below an upload of its own
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

	/** Changes an import record, and nothing of the machine. */
	changeImport(id: string, change: ImportChange): ImportView {
		this.#autopilot.agenda.settle();
		const record = this.#autopilot.records.get(id.toLowerCase());
		if (record === undefined) throw new NotThere("import", id);
		Object.assign(record, change);
		record.revision += 1;
		return importView(record);
	}

	/** Deletes an import record; whether there was one. */
	removeImport(id: string): boolean {
		return this.#autopilot.records.delete(id.toLowerCase());
	}

	/** All writes that wait for an approval, or have it and were not sent again yet. */
	approvals(): Approval[] {
		return this.#autopilot.approvals.list();
	}

	/** Approves of a write as another administrator does; throws where there is none of this code. */
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

/** Something that was to be changed does not exist. */
export class NotThere extends TypeError {
	/** Names the thing: "There is no machine a". */
	constructor(kind: string, id: string) {
		super(`There is no ${kind} ${id}`);
	}
}
