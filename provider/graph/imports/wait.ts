import { DeadlineExceeded, LongWaitRequired } from "../../http/errors.ts";
import { AutopilotError } from "../autopilotErrors.ts";
import type { ImportRecord, LiveMachine } from "../autopilotIdentity.wire.ts";
import { describeMachine } from "../machines.ts";
import type { GraphOperationContext } from "../operationContext.ts";
import { formatWait, poll } from "../polling.ts";

/** Delays before each read of an import, in milliseconds: it takes at least 20 seconds, usually minutes. */
const IMPORT_POLL_INTERVALS_MS = [10_000, 10_000, 10_000, 15_000, 15_000, 20_000, 20_000, 30_000];
/** Delays before each read of the machine of a complete import, in milliseconds: it usually takes a second. */
const MACHINE_POLL_INTERVALS_MS = [1_000, 1_000, 2_000, 3_000, 5_000, 10_000];
/** How long the machine of an earlier run's import can be missing before it counts as deleted, in milliseconds. */
const LEFTOVER_TIMEOUT_MS = 30_000;

/** Whether an import is still in progress; a complete one without a registration id counts as such. */
export function isInProgress({ state }: ImportRecord): boolean {
	const { deviceImportStatus: status, deviceRegistrationId: id } = state;
	return status === "unknown" || status === "pending" || (status === "complete" && id === "");
}

/**
 * Waits until an import has succeeded or failed.
 *
 * @throws AutopilotError if the operation times out or the record is gone
 */
export async function waitForImport(
	context: GraphOperationContext,
	queued: ImportRecord,
): Promise<ImportRecord> {
	const { imports, importReader, clock, deadline, progress } = context;
	const [first = 0, ...pauses] = IMPORT_POLL_INTERVALS_MS;
	const machineLabel = describeMachine(queued.serialNumber);
	const readIfEnded = async (): Promise<ImportRecord | undefined> => {
		const record = await importReader.get(imports, queued);
		if (record === undefined) throw createRecordRemovedError(machineLabel);
		return isInProgress(record) ? undefined : record;
	};
	const startedAt = clock.now();
	const describeWait = (): ImportWait => ({
		machineLabel,
		reason: describeRecord(queued, clock.now() - startedAt),
		giveUpAdvice: ` ${describeGivingUp(queued)}`,
	});
	return progress.track("import", (reportProgress) =>
		explainTimeout(describeWait, async () => {
			deadline.requireRemainingMs(first);
			await clock.sleep(first);
			return poll(readIfEnded, { clock, deadline, pauses, onPause: reportProgress });
		}),
	);
}

/** Runs an action, and explains in the error of a timeout how to continue. */
async function explainTimeout<Result>(
	describeWait: () => ImportWait,
	action: () => Promise<Result>,
): Promise<Result> {
	try {
		return await action();
	} catch (error) {
		const { machineLabel, reason, giveUpAdvice } = describeWait();
		if (error instanceof LongWaitRequired) {
			throw new AutopilotError(
				"ImportPending",
				`Importing ${machineLabel} has not finished: ${error.message} ${reason} Nothing is lost: the next run continues to wait for the same import.${giveUpAdvice}`,
				error,
			);
		}
		if (!(error instanceof DeadlineExceeded)) throw error;
		throw new AutopilotError(
			"ImportPending",
			`Importing ${machineLabel} timed out before it finished: ${reason} Nothing is lost: run the command again to continue ` +
				`waiting for the same import. To wait longer in one run, set autopilot:timeouts.${giveUpAdvice} (${error.message})`,
			error,
		);
	}
}

/** What the error of a timeout says about the wait. */
interface ImportWait {
	readonly machineLabel: string;
	/** What is waited for, and for how long: a sentence. */
	readonly reason: string;
	/** How to end the wait for good, after a space; empty if there is no need. */
	readonly giveUpAdvice: string;
}

function describeRecord({ id }: ImportRecord, waitedMs: number): string {
	return `the import is still in progress (record ${id}, for ${formatWait(waitedMs)} in this run).`;
}

function describeGivingUp({ id }: ImportRecord): string {
	return (
		`If it never ends, delete record ${id} of Graph's importedWindowsAutopilotDeviceIdentities; the next run then imports the ` +
		"machine again."
	);
}

/**
 * Adds the advice to set `adopt: true` to an error that ends the wait for an import. It is needed if import records are
 * kept, or have no import ids: the next run cannot tell a machine of this import from one that somebody deployed.
 */
export function addAdoptAdvice(error: unknown): unknown {
	if (!(error instanceof Error) || error.message.includes("`adopt: true`")) return error;
	return new AutopilotError(
		"ImportPending",
		`${error.message.replace(/\.?$/, ".")} Run the command again; if the machine is registered by then, set \`adopt: true\` on ` +
			"it for that run.",
		error,
	);
}

function createRecordRemovedError(machineLabel: string): AutopilotError {
	return new AutopilotError(
		"ImportFailed",
		`Importing ${machineLabel} cannot be tracked: somebody removed the import record while the import was in progress. Run the ` +
			"command again; if the machine was registered by then, set `adopt: true` on it for that run.",
	);
}

/** Waits until the machine of a complete import can be read; undefined if the machine of an earlier run's import is gone. */
export async function waitForMachine(
	{ machines, clock, deadline }: GraphOperationContext,
	{ state, serialNumber }: ImportRecord,
	isLeftover: boolean,
): Promise<LiveMachine | undefined> {
	const machineLabel = describeMachine(serialNumber);
	const startedAt = clock.now();
	const readMachine = async (): Promise<LiveMachine | "gone" | undefined> => {
		const live = await machines.get(state.deviceRegistrationId, machineLabel);
		return live ?? (isLeftover && clock.now() - startedAt >= LEFTOVER_TIMEOUT_MS ? "gone" : undefined);
	};
	const reason = "the import is complete, but the machine cannot be read yet.";
	const result = await explainTimeout(
		() => ({ machineLabel, reason, giveUpAdvice: "" }),
		() => poll(readMachine, { clock, deadline, pauses: MACHINE_POLL_INTERVALS_MS }),
	);
	return result === "gone" ? undefined : result;
}
