import { isOutcomeUnknown } from "../http/errors.ts";
import { ObjectExists, PartiallyApplied, PreconditionFailed } from "../resource/errors.ts";
import type { Consistency, LiveObject, ResourceApi, Target } from "../resource/resourceType.ts";
import { getListedSerial } from "../rules/machineSerial.ts";
import { isPlaceholderSerial } from "../rules/machineValues.ts";
import { asString, type Values } from "../values.ts";
import { AutopilotError } from "./autopilotErrors.ts";
import {
	type AutopilotInputs,
	MANAGED_FIELDS,
	type ManagedValues,
	toManagedValues,
} from "./autopilotIdentity.inputs.ts";
import type { ImportRecord, LiveMachine } from "./autopilotIdentity.wire.ts";
import { matchesState } from "./bulkRead.ts";
import { findRegistrationId } from "./candidates.ts";
import { deleteMachine } from "./delete.ts";
import { isEtagMismatch } from "./errors.ts";
import { OwnImports } from "./imports/ownImports.ts";
import { findChangesSinceImport, registerMachine } from "./imports/register.ts";
import { isInProgress, waitForImport } from "./imports/wait.ts";
import { describeMachine } from "./machines.ts";
import type { GraphOperationContext } from "./operationContext.ts";
import { createResponseLost } from "./polling.ts";
import { requireRegisteredSerial, requireSameSerialNumber } from "./registeredSerial.ts";
import { restoreUnreadUser } from "./unreadUser.ts";
import { updateMachine } from "./update.ts";

/** The Autopilot machines of a tenant, for one operation. */
export class MachineApi implements ResourceApi<AutopilotInputs> {
	readonly #context: GraphOperationContext;

	constructor(context: GraphOperationContext) {
		this.#context = context;
	}

	/** Reads a machine by its registration id or, without one, by its serial number and product key. */
	async get(target: Target): Promise<LiveMachine | undefined> {
		const live = await this.#read(target);
		return live && restoreUnreadUser(live, target.values);
	}

	async #read({ id, values }: Target): Promise<LiveMachine | undefined> {
		const { machines } = this.#context;
		const serialNumber = getSerialNumber(values);
		if (id !== "")
			return machines.get(id, serialNumber === "" ? `machine ${id}` : describeMachine(serialNumber));
		const productKey = String(values["productKey"] ?? "");
		const registrationId = await findRegistrationId(
			machines,
			{ serialNumber: getListedSerialOf(values), productKey },
			{ isUnverified: true },
		);
		return registrationId === undefined
			? undefined
			: machines.get(registrationId, describeMachine(serialNumber));
	}

	/** Compares a machine with state: by the tenant's list if eventual consistency suffices, otherwise by reading the machine. */
	async getIfChanged(
		target: Target,
		etag: string,
		consistency: Consistency,
	): Promise<LiveMachine | "unchanged" | undefined> {
		const listedRow =
			consistency === "eventual" && etag !== ""
				? await this.#context.listedMachines.getRow(target.id)
				: undefined;
		if (listedRow !== undefined && matchesState(listedRow, target.values)) return "unchanged";
		const live = await this.get(target);
		return live?.etag === etag ? "unchanged" : live;
	}

	/** Finds the one other registration of the same serial number; undefined if that number does not identify one. */
	async findReplacement({ id, values }: Target): Promise<string | undefined> {
		const serialNumber = getSerialNumber(values);
		if (isPlaceholderSerial(serialNumber)) return undefined;
		const operationName = `looking for ${describeMachine(serialNumber)}`;
		const rows = await this.#context.machines.list(serialNumber, operationName);
		const [other, ...more] = rows.filter((row) => row.id !== id && row["serialNumber"] === serialNumber);
		return more.length === 0 ? other?.id : undefined;
	}

	/** Registers a machine, then writes the fields that an import cannot set. */
	async create(
		desired: AutopilotInputs,
		claimId: (id: string) => void = () => undefined,
	): Promise<LiveMachine> {
		const { strategy } = this.#context;
		const ownImports = new OwnImports(this.#context, desired);
		if (desired.adopt === true && !desired.hardwareIdentifier)
			await this.#adoptWithoutHash(desired, ownImports);
		const registration = { ownImports, claimId };
		const { live, record, isLeftover } = await registerMachine(this.#context, desired, registration);
		if (isLeftover && strategy.keepsRecords)
			throw new ObjectExists(`its import record is ${record.id}`, { id: live.id });
		if (isLeftover) await this.#checkLeftover(record, live, desired);
		const created = { ...live, computed: { ...live.computed, state: record.state } };
		try {
			requireRegisteredSerial(created, desired);
			return await this.#finishCreate(created, desired);
		} finally {
			if (!strategy.keepsRecords) await this.#context.discardRecord(record);
		}
	}

	/** Updates a machine that is unchanged since `base` was read, and waits until reads show the change. */
	async update(desired: AutopilotInputs, base: LiveObject<AutopilotInputs>): Promise<LiveMachine> {
		const live = await this.get({ id: base.id ?? "", values: { ...base.values, etag: base.etag } });
		if (live === undefined)
			throw new PreconditionFailed(`${describeMachine(desired.serialNumber)} is no longer registered`);
		requireSameEtag(live, base.etag, desired.serialNumber);
		const update = { from: live, to: toManagedValues(desired) };
		return keepImportState(await updateMachine(this.#context, update), base);
	}

	/** Deletes a machine's registration if it still has this etag, and its import records if the strategy kept them. */
	async delete(target: Target, etag: string): Promise<void> {
		const live = await this.get(target);
		if (live !== undefined) {
			requireSameSerialNumber(live, target);
			requireSameEtag(live, etag, live.values.serialNumber);
			await deleteMachine(this.#context, live).catch((error: unknown) => {
				throw classifyDeleteError(error, this.#context);
			});
		}
		await this.cleanUp(target);
	}

	/** Discards the import records of a machine, if the strategy kept them. */
	async cleanUp({ id, values }: Target): Promise<void> {
		const { strategy, imports, discardRecord } = this.#context;
		if (!strategy.keepsRecords) return;
		const serialNumber = getSerialNumber(values);
		for (const record of await imports.search(
			serialNumber,
			({ state }) => state.deviceRegistrationId === id,
		)) {
			await discardRecord(record);
		}
	}

	/**
	 * Finds the registration of a machine that is declared without its hash. With a hash, the import decides.
	 *
	 * @throws ObjectExists if it is registered
	 * @throws AmbiguousSerial if the serial number does not identify one registration
	 * @throws AutopilotError NothingToAdopt if it is not registered
	 */
	async #adoptWithoutHash(desired: AutopilotInputs, ownImports: OwnImports): Promise<never> {
		const id = await findRegistrationId(this.#context.machines, desired);
		if (id !== undefined) {
			await this.#discardRecords(ownImports);
			throw new ObjectExists(`its registration id is ${id}`, { id });
		}
		throw new AutopilotError(
			"NothingToAdopt",
			`The ${describeMachine(desired.serialNumber)} is not registered, so it cannot be adopted. To register it, declare its ` +
				"`hardwareIdentifier`; otherwise compare the serial number with the one in Intune: case, spaces and hyphens count.",
		);
	}

	/**
	 * Checks a machine that an interrupted run registered. If it is adopted, its import record is no longer needed.
	 *
	 * @throws ObjectExists if somebody else changed it since
	 */
	async #checkLeftover(record: ImportRecord, live: LiveMachine, desired: AutopilotInputs): Promise<void> {
		const changedFields = findChangesSinceImport(record, live, desired);
		if (changedFields.length === 0) return;
		if (desired.adopt === true) await this.#context.discardRecord(record);
		const changes = `its ${changedFields.join(" and ")} ${changedFields.length === 1 ? "was" : "were"} changed`;
		throw new ObjectExists(`its import was interrupted, and ${changes} since then`, { id: live.id });
	}

	/** Discards the import records of an interrupted run once their imports have ended: no later run will look for them. */
	async #discardRecords(ownImports: OwnImports): Promise<void> {
		if (this.#context.strategy.keepsRecords) return;
		for (const record of await ownImports.list()) {
			const current = await ownImports.read(record);
			if (current === undefined) continue;
			const ended = isInProgress(current) ? await waitForImport(this.#context, current) : current;
			await this.#context.discardRecord(ended);
		}
	}

	/**
	 * Writes the fields that an import cannot set. An error is reported as PartiallyApplied, so that the registered machine
	 * is kept in state.
	 */
	async #finishCreate(live: LiveMachine, desired: AutopilotInputs): Promise<LiveMachine> {
		const to = { ...toManagedValues(live.values), ...pickDeclaredValues(desired) };
		try {
			return keepImportState(await updateMachine(this.#context, { from: live, to }), live);
		} catch (error) {
			if (!(error instanceof Error)) throw error;
			const partial = error instanceof PartiallyApplied ? (error.live as LiveMachine) : live;
			throw new PartiallyApplied(error, keepImportState(partial, live));
		}
	}
}

function getSerialNumber(values: Values): string {
	return String(values["serialNumber"] ?? "");
}

/** Returns the serial number under which the service lists the declared machine: that of its hash, if one is declared. */
function getListedSerialOf(values: Values): string {
	const hardwareIdentifier = asString(values["hardwareIdentifier"]);
	return getListedSerial({ serialNumber: getSerialNumber(values), hardwareIdentifier });
}

function requireSameEtag(live: LiveMachine, etag: string, serialNumber: string | undefined): void {
	if (live.etag !== etag) throw new PreconditionFailed(`${describeMachine(serialNumber)} has another etag`);
}

/** Picks the managed fields that are declared. */
function pickDeclaredValues(desired: AutopilotInputs): Partial<ManagedValues> {
	const declared = MANAGED_FIELDS.filter((field) => desired[field] !== undefined);
	return Object.fromEntries(declared.map((field) => [field, desired[field] ?? ""]));
}

/** Keeps the import state of the last deployment, which only the import itself reports. */
function keepImportState(live: LiveMachine, base: LiveObject<AutopilotInputs>): LiveMachine {
	return { ...live, computed: { ...live.computed, state: base.computed["state"] } };
}

/** Translates a failed deletion into an error of resource/errors.ts. */
function classifyDeleteError(error: unknown, { deadline }: GraphOperationContext): unknown {
	if (!(error instanceof Error)) return error;
	if (isOutcomeUnknown(error)) return createResponseLost(error, deadline);
	return isEtagMismatch(error) ? new PreconditionFailed(error.message, { cause: error }) : error;
}
