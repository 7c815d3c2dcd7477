import { isAmbiguous } from "../http/errors.ts";
import { ObjectExists } from "../lifecycle/outcome.ts";
import type { AutopilotInputs } from "./autopilotIdentity.inputs.ts";
import type { ImportRecord, LiveMachine } from "./autopilotIdentity.wire.ts";
import { RefusedTogether } from "./importBatch.ts";
import { hiddenError, importError, isAlreadyRegistered, isPassing } from "./importErrors.ts";
import { importIdOf } from "./importId.ts";
import { appeared, ended, isUnderWay } from "./importWaiting.ts";
import { answerLost, pauseAfter } from "./lost.ts";
import type { Tenant } from "./tenant.ts";

/** Before an import is queued once more, in milliseconds. */
const AGAIN = 30_000;
/** How often an import is queued where trying again may help. */
const TRIES = 5;

/** A machine just registered, and how its import ended. */
export interface Registered {
	readonly live: LiveMachine;
	readonly record: ImportRecord;
	/** Whether an earlier run's import had ended already. */
	readonly isLeftover: boolean;
}

/**
 * Registers a machine: queues an import, or finds the one that an interrupted run queued, waits for it and for the machine
 * that comes of it. The record of an import that ended is discarded unless the machine is returned with it; the record of
 * one that is still under way stays, for the next run finds it.
 *
 * @param interrupted what an error becomes that ends the waiting for an import under way. Default the same
 */
export async function register(
	tenant: Tenant,
	inputs: AutopilotInputs,
	interrupted: (error: unknown) => unknown = (error) => error,
): Promise<Registered> {
	const done = new Set<string>();
	for (let tries = 1; ; ) {
		const mine = await ownRecord(tenant, inputs, done);
		const isLeftover = mine !== undefined && !isUnderWay(mine);
		const begun = mine ?? (await queue(tenant, inputs, done));
		const { record, live } = await awaited(tenant, begun, isLeftover).catch((error: unknown) => {
			throw interrupted(error);
		});
		if (live !== undefined) return { live, record, isLeftover };
		done.add(record.id);
		await tenant.discard(record);
		if (isLeftover) continue;
		await beforeAnother(tenant, { inputs, record, tries });
		tries++;
	}
}

async function awaited(
	tenant: Tenant,
	begun: ImportRecord,
	isLeftover: boolean,
): Promise<{ readonly record: ImportRecord; readonly live: LiveMachine | undefined }> {
	const record = isLeftover ? begun : await ended(tenant, begun);
	const isComplete = record.state.deviceImportStatus === "complete";
	return { record, live: isComplete ? await appeared(tenant, record, isLeftover) : undefined };
}

/** The records of imports of this very machine that earlier runs left, whatever their state. */
export function ownRecords(
	{ imports, records }: Tenant,
	inputs: AutopilotInputs,
): Promise<readonly ImportRecord[]> {
	const { serialNumber } = inputs;
	return records.search(imports, { serialNumber, importId: importIdOf(inputs) });
}

/**
 * One of them; one under way first.
 *
 * @param done the ids of those that are done with, which a list may show for a while after they were removed
 */
async function ownRecord(
	tenant: Tenant,
	inputs: AutopilotInputs,
	done: ReadonlySet<string>,
): Promise<ImportRecord | undefined> {
	const mine = (await ownRecords(tenant, inputs)).filter(({ id }) => !done.has(id));
	return (
		mine.find(isUnderWay) ?? mine.find(({ state }) => state.deviceImportStatus === "complete") ?? mine[0]
	);
}

/** Queues an import once, whatever happens to the answer. */
async function queue(
	tenant: Tenant,
	inputs: AutopilotInputs,
	done: ReadonlySet<string>,
): Promise<ImportRecord> {
	try {
		return await tenant.queue(inputs, importIdOf(inputs));
	} catch (error) {
		if (error instanceof RefusedTogether) {
			return (await ownRecord(tenant, inputs, done)) ?? queue(tenant, inputs, done);
		}
		if (!(error instanceof Error) || !isAmbiguous(error)) throw error;
		await tenant.clock.sleep(pauseAfter(error));
		const found = await ownRecord(tenant, inputs, done).catch(() => {
			throw answerLost(error);
		});
		if (found === undefined) throw answerLost(error);
		return found;
	}
}

/**
 * Waits before an import is queued once more, where that may help: after passing trouble, and while the service still
 * remembers a registration that is no longer listed, as it does for a while after a deletion. Throws where it may not.
 */
async function beforeAnother(
	{ machines, clock, deadline }: Tenant,
	{ inputs, record, tries }: { inputs: AutopilotInputs; record: ImportRecord; tries: number },
): Promise<void> {
	const error = importError(record);
	const isTaken = isAlreadyRegistered(record);
	if (isTaken && (await machines.idsOf(inputs.serialNumber)).length > 0) {
		throw new ObjectExists(error.message, { cause: error });
	}
	if (!isTaken && !isPassing(record)) throw error;
	if (tries >= TRIES) throw isTaken ? hiddenError(record) : error;
	deadline.demand(AGAIN, error.message);
	await clock.sleep(AGAIN);
}
