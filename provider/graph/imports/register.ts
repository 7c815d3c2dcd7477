import { createHash } from "node:crypto";
import { isOutcomeUnknown } from "../../http/errors.ts";
import { ObjectExists } from "../../resource/errors.ts";
import {
	type AutopilotInputs,
	isSameManagedValue,
	MANAGED_FIELDS,
	type ManagedField,
	toManagedValues,
} from "../autopilotIdentity.inputs.ts";
import type { ImportRecord, LiveMachine } from "../autopilotIdentity.wire.ts";
import type { GraphOperationContext } from "../operationContext.ts";
import { createResponseLost, getLostResponseDelay } from "../polling.ts";
import { BatchRefused } from "./batch.ts";
import { createHiddenMachineError, createImportError, isAlreadyRegistered, isTransient } from "./errors.ts";
import { addAdoptAdvice, isInProgress, waitForImport, waitForMachine } from "./wait.ts";

/** Delay before an import is queued again, in milliseconds. */
const REQUEUE_DELAY_MS = 30_000;
/** How often an import is queued if a retry can succeed. */
const MAX_IMPORT_ATTEMPTS = 5;

/** A machine that was just registered, and the record of its import. */
export interface RegisteredMachine {
	readonly live: LiveMachine;
	readonly record: ImportRecord;
	/** Whether the import belongs to an earlier run and had already ended. */
	readonly isLeftover: boolean;
}

/**
 * Registers a machine: queues an import, or resumes the one that an interrupted run queued, and waits for the import and
 * for the machine. Discards the record of an import that failed or whose machine is gone; the record of an import in progress stays, so
 * that the next run finds it.
 */
export async function registerMachine(
	context: GraphOperationContext,
	inputs: AutopilotInputs,
): Promise<RegisteredMachine> {
	const doneIds = new Set<string>();
	for (let tries = 1; ; ) {
		const ownRecord = await findOwnRecord(context, inputs, doneIds);
		const isLeftover = ownRecord !== undefined && !isInProgress(ownRecord);
		const startedRecord = ownRecord ?? (await queueImportOnce(context, inputs, doneIds));
		const { record, live } = await waitForOutcome(context, startedRecord, isLeftover).catch(
			(error: unknown) => {
				throw context.strategy.keepsRecords ? addAdoptAdvice(error) : error;
			},
		);
		if (live !== undefined) return { live, record, isLeftover };
		doneIds.add(record.id);
		await context.discardRecord(record);
		if (isLeftover) continue;
		await waitBeforeRequeue(context, { inputs, record, tries });
		tries++;
	}
}

async function waitForOutcome(
	context: GraphOperationContext,
	startedRecord: ImportRecord,
	isLeftover: boolean,
): Promise<{ readonly record: ImportRecord; readonly live: LiveMachine | undefined }> {
	const record = isLeftover ? startedRecord : await waitForImport(context, startedRecord);
	const isComplete = record.state.deviceImportStatus === "complete";
	return { record, live: isComplete ? await waitForMachine(context, record, isLeftover) : undefined };
}

/** Finds the import records that earlier runs left for this machine, in any state. */
export function findOwnRecords(
	{ imports, importReader }: GraphOperationContext,
	inputs: AutopilotInputs,
): Promise<readonly ImportRecord[]> {
	const { serialNumber } = inputs;
	return importReader.search(imports, { serialNumber, importId: resolveImportId(inputs) });
}

/**
 * Finds one import record that earlier runs left for this machine: preferably one in progress, or else a complete one.
 *
 * @param doneIds the ids of removed records, which a list may still contain for a while
 */
async function findOwnRecord(
	context: GraphOperationContext,
	inputs: AutopilotInputs,
	doneIds: ReadonlySet<string>,
): Promise<ImportRecord | undefined> {
	const candidates = (await findOwnRecords(context, inputs)).filter(({ id }) => !doneIds.has(id));
	return (
		candidates.find(isInProgress) ??
		candidates.find(({ state }) => state.deviceImportStatus === "complete") ??
		candidates[0]
	);
}

/** Queues an import at most once, even if the response is lost. */
async function queueImportOnce(
	context: GraphOperationContext,
	inputs: AutopilotInputs,
	doneIds: ReadonlySet<string>,
): Promise<ImportRecord> {
	try {
		return await context.strategy.queueImport(inputs, resolveImportId(inputs));
	} catch (error) {
		if (error instanceof BatchRefused) {
			return (await findOwnRecord(context, inputs, doneIds)) ?? queueImportOnce(context, inputs, doneIds);
		}
		if (!(error instanceof Error) || !isOutcomeUnknown(error)) throw error;
		await context.clock.sleep(getLostResponseDelay(error));
		const found = await findOwnRecord(context, inputs, doneIds).catch(() => {
			throw createResponseLost(error, context.deadline);
		});
		if (found === undefined) throw createResponseLost(error, context.deadline);
		return found;
	}
}

/**
 * Waits before an import is queued again: after a transient failure, and while the service still knows a registration that
 * is no longer listed, as it does for a while after a deletion. Throws if a retry cannot succeed.
 */
async function waitBeforeRequeue(
	{ machines, clock, deadline }: GraphOperationContext,
	{ inputs, record, tries }: { inputs: AutopilotInputs; record: ImportRecord; tries: number },
): Promise<void> {
	const error = createImportError(record);
	const isTaken = isAlreadyRegistered(record);
	if (isTaken && (await machines.listIds(inputs.serialNumber)).length > 0) {
		throw new ObjectExists(error.message, { cause: error });
	}
	if (!isTaken && !isTransient(record)) throw error;
	if (tries >= MAX_IMPORT_ATTEMPTS) throw isTaken ? createHiddenMachineError(record) : error;
	deadline.requireRemainingMs(REQUEUE_DELAY_MS, error.message);
	await clock.sleep(REQUEUE_DELAY_MS);
}

/**
 * Returns the declared import id, or derives a stable one from the properties that identify the machine (UUIDv8, RFC 9562
 * §5.8), so that the next run finds the import of an interrupted one.
 */
export function resolveImportId(inputs: AutopilotInputs): string {
	const { importId, serialNumber, hardwareIdentifier = "", productKey = "" } = inputs;
	if (importId) return importId.toLowerCase();
	const bytes = createHash("sha256")
		.update([serialNumber, hardwareIdentifier, productKey].join("\n"))
		.digest();
	bytes[6] = 0x80 | ((bytes[6] ?? 0) & 0x0f);
	bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
	const hex = bytes.subarray(0, 16).toString("hex");
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/**
 * Lists the managed fields that somebody else changed since the interrupted import, and that this deployment would
 * overwrite. Their values differ from the declared values and from those of the import, and no plan has shown them.
 */
export function findChangesSinceImport(
	record: ImportRecord,
	{ values }: LiveMachine,
	desired: AutopilotInputs,
): readonly ManagedField[] {
	const { groupTag = "", assignedUserPrincipalName = "" } = record;
	const importedValues = toManagedValues({ groupTag, assignedUserPrincipalName });
	const [current, declared] = [toManagedValues(values), toManagedValues(desired)];
	return MANAGED_FIELDS.filter((field) => desired[field] !== undefined)
		.filter((field) => !isSameManagedValue(field, current[field], declared[field]))
		.filter((field) => !isSameManagedValue(field, current[field], importedValues[field]));
}
