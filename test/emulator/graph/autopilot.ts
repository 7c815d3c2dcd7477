import { randomUUID } from "node:crypto";
import type { VirtualClock } from "../clock.ts";
import { Agenda } from "./agenda.ts";
import { Approvals } from "./approvals.ts";
import type { DdsErrorName, ImportRecord, ImportWish } from "./importRecord.ts";
import type { Machine } from "./machine.ts";
import { Machines } from "./machines.ts";
import type { AutopilotSwitches } from "./switches.ts";

/** What is known of a hash outside the tenant: it belongs to another one, or is damaged. */
export type HashMark = "foreign" | "invalid";

/** An error in which imports must end. */
export interface ForcedError {
	/** Affects only imports with this serial number. */
	readonly serialNumber?: string;
	/** Affects only imports with this hash. */
	readonly hardwareIdentifier?: string;
	readonly error: DdsErrorName;
	/** The error number. Default: the published one. */
	readonly code?: number;
	/** How many imports are affected. Default: 1. */
	readonly times?: number;
}

/** The Autopilot service of one tenant: imports, machines and the tenant's sync. */
export class Autopilot {
	readonly clock: VirtualClock;
	readonly switches: AutopilotSwitches;
	readonly agenda: Agenda;
	readonly machines = new Machines();
	/** The import records by id. Only clients and tests delete records. */
	readonly records = new Map<string, ImportRecord>();
	/** Removed records that the list still has. */
	readonly removedRecords: Remnants<ImportRecord>;
	/** Deleted machines that the list still has. */
	readonly removedMachines: Remnants<Machine>;
	readonly uploads = new Uploads();
	/** Writes that wait for an approval. */
	readonly approvals = new Approvals();
	readonly sync: TenantSync;
	/** The marks of machines outside the tenant, by the keys of their hashes. */
	readonly marks = new Map<string, HashMark>();
	/** The planned errors, oldest first; `left` counts down. */
	readonly forced: Array<ForcedError & { left: number }> = [];
	/** User principal names, in lower case, that the tenant's directory does not have. */
	readonly unknownUsers = new Set<string>();
	/** The id of the Intune account, which error messages contain. */
	readonly accountId = randomUUID();

	/** Whether another tenant has registered a hash. */
	readonly isRegisteredElsewhere: (hardwareIdentifier: string) => boolean;

	constructor(
		clock: VirtualClock,
		switches: AutopilotSwitches,
		isRegisteredElsewhere: (hardwareIdentifier: string) => boolean = () => false,
	) {
		this.isRegisteredElsewhere = isRegisteredElsewhere;
		this.clock = clock;
		this.switches = switches;
		this.agenda = new Agenda(clock);
		this.removedRecords = new Remnants(this.agenda, clock);
		this.removedMachines = new Remnants(this.agenda, clock);
		this.sync = new TenantSync(clock.now());
	}

	/** Removes an import record. Returns false if it does not exist. */
	removeRecord(id: string): boolean {
		const record = this.records.get(id.toLowerCase());
		if (record === undefined) return false;
		this.removedRecords.add(record, this.switches.listRemovalDelay);
		return this.records.delete(record.id);
	}

	/** Removes a machine. Returns false if it does not exist. */
	removeMachine(machine: Machine): boolean {
		if (!this.machines.remove(machine)) return false;
		if (machine.isVisible) this.removedMachines.add(machine, this.switches.identityListRemovalDelay);
		return true;
	}

	/** Adds the record of an import that is long complete. */
	leaveRecord(
		wish: ImportWish,
		{ registrationId, hasUpload }: { readonly registrationId: string; readonly hasUpload: boolean },
	): ImportRecord {
		const [id, batch, createdAt] = [randomUUID(), randomUUID(), this.clock.now()];
		const createdDateTimeUtc = new Date(createdAt).toISOString();
		const upload = hasUpload ? this.uploads.add({ createdDateTimeUtc, status: "complete" }).id : undefined;
		const state = { status: "complete", registrationId, errorCode: 0, errorName: "None" } as const;
		const importId = wish.importId ?? id;
		const record: ImportRecord = { ...wish, id, batch, createdAt, upload, state, importId, revision: 1 };
		this.records.set(id, record);
		return record;
	}
}

/** Removed objects that a lagging list still has. */
export class Remnants<Item extends { readonly id: string }> {
	readonly #items = new Map<string, Item>();
	readonly #agenda: Agenda;
	readonly #clock: VirtualClock;

	constructor(agenda: Agenda, clock: VirtualClock) {
		this.#agenda = agenda;
		this.#clock = clock;
	}

	/** Adds an object that was just removed, for this many milliseconds. */
	add(item: Item, duration: number): void {
		if (duration === 0) return;
		this.#items.set(item.id, item);
		this.#agenda.at(this.#clock.now() + duration, () => this.#items.delete(item.id));
	}

	/** Returns the objects in the order of their removal. */
	list(): Item[] {
		return [...this.#items.values()];
	}
}

/** The values of the type `importedWindowsAutopilotDeviceIdentityUploadStatus`. */
export const UPLOAD_STATUSES = ["noUpload", "pending", "complete", "error"] as const;

/** An `importedWindowsAutopilotDeviceIdentityUpload`: a container of import records, known to the profile "seed" only. */
export interface Upload {
	readonly id: string;
	createdDateTimeUtc: string;
	status: (typeof UPLOAD_STATUSES)[number];
}

/** The uploads of the tenant. */
export class Uploads {
	readonly #uploads = new Map<string, Upload>();
	readonly #listedFrom = new Map<string, number>();

	/** Adds an upload, which the list has from this moment on. */
	add(upload: Omit<Upload, "id">, listedFrom = 0): Upload {
		const added = { id: randomUUID(), ...upload };
		this.#uploads.set(added.id, added);
		this.#listedFrom.set(added.id, listedFrom);
		return added;
	}

	/** Returns the upload with this id. */
	get(id: string): Upload | undefined {
		return this.#uploads.get(id.toLowerCase());
	}

	/** Returns the uploads that the list has, in the order of their creation. */
	list(now: number): Upload[] {
		return [...this.#uploads.values()].filter(({ id }) => (this.#listedFrom.get(id) ?? 0) <= now);
	}

	/** Removes an upload. */
	remove(id: string): void {
		this.#uploads.delete(id.toLowerCase());
		this.#listedFrom.delete(id.toLowerCase());
	}
}

/** The minimum time between two syncs of a tenant ("windowsAutopilotSettings: sync"). */
export const LEAST_SYNC_INTERVAL = 600_000;

/** The tenant's sync between Intune and the deployment service, in virtual milliseconds since 1970. */
export class TenantSync {
	readonly id = randomUUID();
	status: "completed" | "inProgress" = "completed";
	finishedAt: number;
	triggeredAt: number;

	/** The last sync before the emulator's start is an hour old. */
	constructor(now: number) {
		this.finishedAt = now - 3_600_000;
		this.triggeredAt = this.finishedAt - 1000;
	}
}
