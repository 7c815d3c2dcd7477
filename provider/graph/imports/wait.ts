import { DeadlineExceeded } from "../../http/errors.ts";
import { AutopilotError } from "../autopilotErrors.ts";
import type { ImportRecord, LiveMachine } from "../autopilotIdentity.wire.ts";
import { describeMachine } from "../machines.ts";
import type { GraphOperationContext } from "../operationContext.ts";
import { poll } from "../polling.ts";

/** Before each look at an import, in milliseconds: it takes 20 seconds at least, minutes as a rule. */
const IMPORT_POLL_INTERVALS_MS = [10_000, 10_000, 10_000, 15_000, 15_000, 20_000, 20_000, 30_000];
/** Before each look for the machine of an import that is complete, in milliseconds: a second as a rule. */
const MACHINE_POLL_INTERVALS_MS = [1_000, 1_000, 2_000, 3_000, 5_000, 10_000];
/** How long the machine of an older import may take to appear before that import is taken for a leftover. */
const LEFTOVER_TIMEOUT_MS = 30_000;

/** A complete import says which machine came of it; one that does not yet is as good as under way. */
export function isInProgress({ state }: ImportRecord): boolean {
	const { deviceImportStatus: status, deviceRegistrationId: id } = state;
	return status === "unknown" || status === "pending" || (status === "complete" && id === "");
}

/**
 * Waits until an import has ended, well or badly.
 *
 * @throws AutopilotError where the time is over or the record is gone
 */
export async function waitForImport(
	context: GraphOperationContext,
	queued: ImportRecord,
): Promise<ImportRecord> {
	const { imports, importReader, clock, deadline, progress } = context;
	const [first = 0, ...pauses] = IMPORT_POLL_INTERVALS_MS;
	const machineLabel = describeMachine(queued.serialNumber);
	const reason = "the import is still under way.";
	const readIfEnded = async (): Promise<ImportRecord | undefined> => {
		const record = await importReader.get(imports, queued);
		if (record === undefined) throw createRecordRemovedError(machineLabel);
		return isInProgress(record) ? undefined : record;
	};
	return progress.track("import", (reportProgress) =>
		explainTimeout({ machineLabel, reason }, async () => {
			deadline.requireRemainingMs(first);
			await clock.sleep(first);
			return poll(readIfEnded, { clock, deadline, pauses, onPause: reportProgress });
		}),
	);
}

/** Says of an import for which there is no more time how to go on with it. */
async function explainTimeout<Result>(
	{ machineLabel, reason }: { machineLabel: string; reason: string },
	work: () => Promise<Result>,
): Promise<Result> {
	try {
		return await work();
	} catch (error) {
		if (!(error instanceof DeadlineExceeded)) throw error;
		throw new AutopilotError(
			"ImportPending",
			`Importing ${machineLabel} takes longer than there is time: ${reason} Nothing is lost: run the command again, which waits ` +
				`for the same import; to wait longer at a time, set autopilot:timeouts. (${error.message})`,
			error,
		);
	}
}

/**
 * What is said beside an error that ends the waiting, where the records of imports are kept: the next run can't tell a
 * machine that came of this import by then from one that somebody deployed.
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
		`Importing ${machineLabel} can't be followed: somebody removed the import's record while it was under way. Run the command ` +
			"again; if the machine was registered by then, set `adopt: true` on it for that run.",
	);
}

/** The machine of a complete import, as soon as it can be read; undefined where an old import's machine is gone. */
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
	const reason = "the import is complete, and the machine can't be read yet.";
	const result = await explainTimeout({ machineLabel, reason }, () =>
		poll(readMachine, { clock, deadline, pauses: MACHINE_POLL_INTERVALS_MS }),
	);
	return result === "gone" ? undefined : result;
}
