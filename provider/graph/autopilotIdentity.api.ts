import { isOutcomeUnknown } from "../http/errors.ts";
import { ObjectExists, PartiallyApplied, PreconditionFailed } from "../resource/errors.ts";
import type { LiveObject, ResourceApi, Target } from "../resource/resourceType.ts";
import { AutopilotError } from "./autopilotErrors.ts";
import { type AutopilotInputs, toManagedValues } from "./autopilotIdentity.inputs.ts";
import type { ImportRecord, LiveMachine } from "./autopilotIdentity.wire.ts";
import { matchesState } from "./bulkRead.ts";
import { deleteMachine } from "./delete.ts";
import { findChangesSinceImport, findOwnRecords, registerMachine } from "./imports/register.ts";
import { addAdoptAdvice, isInProgress, waitForImport } from "./imports/wait.ts";
import { describeMachine, isEtagMismatch } from "./machines.ts";
import type { OperationContext } from "./operationContext.ts";
import type { ListedRow } from "./paging.ts";
import { createResponseLost } from "./polling.ts";
import type { Strategy } from "./strategy.ts";
import { updateMachine } from "./update.ts";

/** What one operation needs. */
export interface MachineApiOptions {
	readonly context: OperationContext;
	readonly strategy: Strategy;
	/** The machine in a list of the tenant's machines; undefined where that is not worth reading, or has none. */
	readListedRow(id: string): Promise<ListedRow | undefined>;
}

/** A tenant's Autopilot as a lifecycle needs it. */
export function createMachineApi({
	context,
	strategy,
	readListedRow,
}: MachineApiOptions): ResourceApi<AutopilotInputs> {
	const { machines } = context;

	const get = ({ id, values }: Target): Promise<LiveMachine | undefined> => {
		const serialNumber = String(values["serialNumber"] ?? "");
		if (id !== "")
			return machines.get(id, serialNumber === "" ? `machine ${id}` : describeMachine(serialNumber));
		return machines.findBySerialNumber(serialNumber, String(values["productKey"] ?? ""));
	};

	const discardOwnRecords = async (desired: AutopilotInputs): Promise<void> => {
		if (strategy.keepsRecords) return;
		for (const record of await findOwnRecords(context, desired)) {
			await context.discard(isInProgress(record) ? await waitForImport(context, record) : record);
		}
	};

	/** What an import can't set is written afterwards; a machine that exists is never lost over it. */
	const finishCreate = async (live: LiveMachine, desired: AutopilotInputs): Promise<LiveMachine> => {
		const to = { ...toManagedValues(live.values), ...pickDeclaredValues(desired) };
		try {
			return keepImportState(await updateMachine(context, strategy, { from: live, to }), live);
		} catch (error) {
			if (!(error instanceof Error)) throw error;
			const partial = error instanceof PartiallyApplied ? (error.live as LiveMachine) : live;
			throw new PartiallyApplied(error, keepImportState(partial, live));
		}
	};

	const cleanUp = async (target: Target): Promise<void> => {
		if (strategy.keepsRecords) await discardMachineRecords(context, target);
	};

	return {
		get,
		cleanUp,
		async getIfChanged(target, etag, consistency) {
			const listedRow =
				consistency === "eventual" && etag !== "" ? await readListedRow(target.id) : undefined;
			if (listedRow !== undefined && matchesState(listedRow, target.values)) return "unchanged";
			const live = await get(target);
			return live?.etag === etag ? "unchanged" : live;
		},
		async findReplacement({ id, values }) {
			const serialNumber = String(values["serialNumber"] ?? "");
			const rows = await machines.list(serialNumber, `looking for ${describeMachine(serialNumber)}`);
			return rows.find((row) => row.id !== id && row["serialNumber"] === serialNumber)?.id;
		},
		async create(desired) {
			if (desired.adopt === true) await checkAdoption(context, desired, discardOwnRecords);
			const { live, record, isLeftover } = await registerMachine(
				context,
				desired,
				strategy.keepsRecords ? addAdoptAdvice : undefined,
			);
			if (isLeftover && strategy.keepsRecords)
				throw new ObjectExists(`${record.id} is the record of its import`);
			if (isLeftover) throwIfChangedSinceImport(record, live, desired);
			const created = { ...live, computed: { ...live.computed, state: record.state } };
			try {
				return await finishCreate(created, desired);
			} finally {
				if (!strategy.keepsRecords) await context.discard(record);
			}
		},
		async update(desired, base) {
			const live = await get({ id: base.id ?? "", values: { ...base.values } });
			if (live === undefined)
				throw new PreconditionFailed(`${describeMachine(desired.serialNumber)} is no longer registered`);
			if (live.etag !== base.etag)
				throw new PreconditionFailed(`${describeMachine(desired.serialNumber)} has another etag`);
			return keepImportState(
				await updateMachine(context, strategy, { from: live, to: toManagedValues(desired) }),
				base,
			);
		},
		async delete(target, etag) {
			const live = await get(target);
			if (live !== undefined) {
				requireSameSerialNumber(live, target);
				if (live.etag !== etag)
					throw new PreconditionFailed(`${describeMachine(live.values.serialNumber)} has another etag`);
				await deleteMachine(context, live).catch((error: unknown) => {
					throw classifyDeleteError(error);
				});
			}
			await cleanUp(target);
		},
	};
}

/**
 * A machine that is to be adopted is found before anything is queued; without a hash nothing can be queued.
 *
 * @param discardOwnRecords takes away what an interrupted run left of its import once that has ended, for no other run will look for it
 */
async function checkAdoption(
	{ machines }: OperationContext,
	desired: AutopilotInputs,
	discardOwnRecords: (desired: AutopilotInputs) => Promise<void>,
): Promise<void> {
	const { serialNumber, productKey, hardwareIdentifier } = desired;
	const registrationId = await machines.findId(serialNumber, productKey);
	if (registrationId !== undefined) {
		await discardOwnRecords(desired);
		throw new ObjectExists(`its registration id is ${registrationId}`);
	}
	if (hardwareIdentifier) return;
	throw new AutopilotError(
		"NothingToAdopt",
		`There is no registered ${describeMachine(serialNumber)} to adopt. To register it, declare its \`hardwareIdentifier\`; ` +
			"otherwise compare the serial number with the one in Intune: case, spaces and hyphens count.",
	);
}

/** A machine of an interrupted import is ours, but not what somebody else made of it since. */
function throwIfChangedSinceImport(record: ImportRecord, live: LiveMachine, desired: AutopilotInputs): void {
	const changedFields = findChangesSinceImport(record, live, desired);
	if (changedFields.length === 0) return;
	const changes = `its ${changedFields.join(" and ")} ${changedFields.length === 1 ? "was" : "were"} changed`;
	throw new ObjectExists(`it came of an import that was interrupted, and ${changes} since`);
}

/** The id was given by the service once and for all; the serial number proves that it is still the same machine. */
function requireSameSerialNumber({ id, values }: LiveMachine, target: Target): void {
	const expected = target.values["serialNumber"];
	if (expected === undefined || expected === values.serialNumber) return;
	throw new AutopilotError(
		"WrongMachine",
		`Registration ${id} was not deleted: it is that of ${describeMachine(values.serialNumber)}, and Pulumi deployed ` +
			`${describeMachine(expected)}. Run \`pulumi refresh\` to take note of what is there.`,
	);
}

async function discardMachineRecords(
	{ imports, discard }: OperationContext,
	{ id, values }: Target,
): Promise<void> {
	const serialNumber = String(values["serialNumber"] ?? "");
	for (const record of await imports.search(serialNumber, ({ state }) => state.deviceRegistrationId === id)) {
		await discard(record);
	}
}

/** The managed fields that are declared, nothing of the others. */
function pickDeclaredValues(desired: AutopilotInputs): Partial<ReturnType<typeof toManagedValues>> {
	const managedValues = toManagedValues(desired);
	return Object.fromEntries(
		Object.entries(managedValues).filter(
			([name]) => desired[name as keyof typeof managedValues] !== undefined,
		),
	);
}

/** How the import ended is told once, by the import. */
function keepImportState(live: LiveMachine, base: LiveObject<AutopilotInputs>): LiveMachine {
	return { ...live, computed: { ...live.computed, state: base.computed["state"] } };
}

/** What the failure of a deletion means to a lifecycle. */
function classifyDeleteError(error: unknown): unknown {
	if (!(error instanceof Error)) return error;
	if (isOutcomeUnknown(error)) return createResponseLost(error);
	return isEtagMismatch(error) ? new PreconditionFailed(error.message, { cause: error }) : error;
}
