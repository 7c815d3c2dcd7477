import { ObjectExists } from "../../resource/errors.ts";
import { isPlaceholderSerial } from "../../rules/machineValues.ts";
import { AmbiguousSerial, CHOOSE_BY_ID_ADVICE, formatCandidates } from "../autopilotErrors.ts";
import {
	type AutopilotInputs,
	isSameManagedValue,
	MANAGED_FIELDS,
	type ManagedField,
	toManagedValues,
} from "../autopilotIdentity.inputs.ts";
import type { ImportRecord, LiveMachine } from "../autopilotIdentity.wire.ts";
import { type Candidates, findCandidates } from "../candidates.ts";
import type { GraphOperationContext } from "../operationContext.ts";
import { createHiddenMachineError, createImportError, isAlreadyRegistered, isTransient } from "./errors.ts";
import type { OwnImports } from "./ownImports.ts";
import { queueImport } from "./queue.ts";
import { isAnonymous } from "./records.ts";
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
 *
 * @param ownImports the machine's imports
 * @param claimId claims the machine as soon as its registration id is known; throws if another resource has it
 */
export async function registerMachine(
	context: GraphOperationContext,
	inputs: AutopilotInputs,
	{ ownImports, claimId }: { readonly ownImports: OwnImports; readonly claimId: (id: string) => void },
): Promise<RegisteredMachine> {
	let found = await ownImports.find();
	for (let tries = 1; ; ) {
		// An import of this operation whose response was lost is no leftover, although it was found in the list.
		const isLeftover = found !== undefined && !isInProgress(found) && !ownImports.isLost;
		const startedRecord = found ?? (await queueImport(context, inputs, ownImports));
		const { record, live } = await waitForOutcome(context, { startedRecord, isLeftover }, claimId);
		if (live !== undefined) return { live, record, isLeftover };
		ownImports.noteRemoved(record);
		await context.discardRecord(record);
		found = await findOtherImport(ownImports, inputs, { record, isLeftover });
		if (isLeftover || found !== undefined) continue;
		await waitBeforeRequeue(context, { inputs, record, tries });
		found = await ownImports.find();
		tries++;
	}
}

/**
 * Finds another import of the machine after one has ended without it. If the machine is registered already, an interrupted run or
 * an earlier request of this one may have imported it, and the list may not have that import yet.
 */
function findOtherImport(
	ownImports: OwnImports,
	{ adopt, serialNumber }: AutopilotInputs,
	{ record, isLeftover }: { record: ImportRecord; isLeftover: boolean },
): Promise<ImportRecord | undefined> {
	const canBeAdopted = adopt === true && !isPlaceholderSerial(serialNumber);
	const mayBeListedLater = !isLeftover && isAlreadyRegistered(record) && !canBeAdopted;
	return mayBeListedLater ? ownImports.findWhileListLags() : ownImports.find();
}

/**
 * Waits until an import has ended and its machine can be read, and claims the machine as soon as its id is known.
 *
 * @returns the ended import, and its machine; no machine if the import failed or the machine of a leftover is gone
 */
async function waitForOutcome(
	context: GraphOperationContext,
	{ startedRecord, isLeftover }: { startedRecord: ImportRecord; isLeftover: boolean },
	claimId: (id: string) => void,
): Promise<{ readonly record: ImportRecord; readonly live: LiveMachine | undefined }> {
	const record = isLeftover
		? startedRecord
		: await explain(context, startedRecord, waitForImport(context, startedRecord));
	if (record.state.deviceImportStatus !== "complete") return { record, live: undefined };
	try {
		claimId(record.state.deviceRegistrationId);
	} catch (error) {
		if (!context.strategy.keepsRecords) await context.discardRecord(record);
		throw error;
	}
	return { record, live: await explain(context, record, waitForMachine(context, record, isLeftover)) };
}

/** Adds to the error of a wait what the next run needs if it cannot recognize the import. */
async function explain<Result>(
	{ strategy }: GraphOperationContext,
	record: ImportRecord,
	wait: Promise<Result>,
): Promise<Result> {
	return wait.catch((error: unknown) => {
		throw strategy.keepsRecords || isAnonymous(record) ? addAdoptAdvice(error) : error;
	});
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
	const candidates = isTaken ? await findCandidates(machines, inputs) : undefined;
	if (candidates !== undefined && candidates.matching.length > 0)
		throw createTakenError(inputs, candidates, error);
	if (!isTaken && !isTransient(record)) throw error;
	if (tries >= MAX_IMPORT_ATTEMPTS)
		throw candidates === undefined ? error : createHiddenMachineError(record, candidates.others);
	deadline.requireRemainingMs(REQUEUE_DELAY_MS, error.message);
	await clock.sleep(REQUEUE_DELAY_MS);
}

/** Creates the error for a machine that the service knows: which registration it is, or which ones it may be. */
function createTakenError(
	{ serialNumber, adopt }: AutopilotInputs,
	{ matching, provenId }: Candidates,
	cause: Error,
): Error {
	if (provenId !== undefined)
		return new ObjectExists(`its registration id is ${provenId}; ${cause.message}`, { cause, id: provenId });
	if (adopt === true) return new AmbiguousSerial(serialNumber, matching);
	return new ObjectExists(
		`${matching.length === 1 ? "it may be" : "it may be one of"} ${formatCandidates(matching)}; ${cause.message}`,
		{ cause, adoptAdvice: CHOOSE_BY_ID_ADVICE },
	);
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
	return (
		MANAGED_FIELDS.filter((field) => desired[field] !== undefined)
			.filter((field) => !isSameManagedValue(field, current[field], declared[field]))
			.filter((field) => !isSameManagedValue(field, current[field], importedValues[field]))
			// Some tenants never show users.
			.filter((field) => field !== "assignedUserPrincipalName" || current[field] !== "")
	);
}
