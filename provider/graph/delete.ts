import { DeadlineExceeded, type ServiceError } from "../http/errors.ts";
import { AutopilotError } from "./autopilotErrors.ts";
import type { LiveMachine } from "./autopilotIdentity.wire.ts";
import { isBadRequest, isContention, isNotFound, needsJustification } from "./errors.ts";
import { describeMachine } from "./machines.ts";
import type { GraphOperationContext } from "./operationContext.ts";
import { poll } from "./polling.ts";

/** Delays before each read of a deleted machine, in milliseconds. A deletion usually takes a few minutes; half an hour was observed. */
const DELETION_POLL_INTERVALS_MS = [1_000, 2_000, 5_000, 10_000, 15_000, 20_000, 30_000];
/** Delay before a temporarily refused deletion is requested again, in milliseconds. */
const DELETION_RETRY_INTERVAL_MS = 15_000;
/** How long a deletion that the service refuses for an unknown reason is retried, in milliseconds. */
const UNEXPLAINED_REFUSAL_TIMEOUT_MS = 60_000;

/** Deletes a machine's registration and waits until it is gone. The hash cannot be imported again before that. */
export async function deleteMachine(context: GraphOperationContext, live: LiveMachine): Promise<void> {
	const machineLabel = describeMachine(live.values.serialNumber);
	const deletion = { context, live, machineLabel };
	await context.progress.track("deletion", async (reportProgress) => {
		try {
			await requestDeletion(deletion, reportProgress);
			await waitUntilGone(deletion, reportProgress);
		} catch (error) {
			throw error instanceof DeadlineExceeded ? createDeletionTimeoutError(machineLabel, error) : error;
		}
	});
}

interface Deletion {
	readonly context: GraphOperationContext;
	readonly live: LiveMachine;
	readonly machineLabel: string;
}

/**
 * Requests the deletion until the service accepts it. A machine that was just imported, or whose deletion was accepted
 * before, is reported as unknown although it can be read (400 "Cannot find device with ztd Id …"). This is temporary, like
 * contention. The exact error for a machine that was just imported is not known, so any other `BadRequest` is retried
 * for a minute too.
 */
async function requestDeletion(
	{ context, live, machineLabel }: Deletion,
	reportProgress: () => void,
): Promise<void> {
	const { machines, clock, deadline } = context;
	const startedAt = clock.now();
	let refusal = "";
	const tryDelete = async (): Promise<true | undefined> => {
		try {
			await machines.delete(live, `deleting ${machineLabel}`);
			return true;
		} catch (error) {
			if (isNotFound(error)) return true;
			if (!isContention(error) && !isBadRequest(error)) throw error;
			const current = await machines.get(live.id, machineLabel);
			if (current === undefined) return true;
			if (!isContention(error)) throwIfPermanent(error, current, clock.now() - startedAt);
			refusal = error.message;
			return undefined;
		}
	};
	await poll(tryDelete, {
		clock,
		deadline,
		pauses: [DELETION_RETRY_INTERVAL_MS],
		reason: () => refusal,
		onPause: reportProgress,
	});
}

/**
 * Throws if the refusal is permanent.
 *
 * @param waitedMs milliseconds since the first request
 */
function throwIfPermanent(error: ServiceError, current: LiveMachine, waitedMs: number): void {
	if (isEnrolled(current)) throw createStillEnrolledError(current, error);
	if (/cannot find device/i.test(error.message)) return;
	const isUnexplained = error.serviceCode === "BadRequest" && !needsJustification(error.message);
	if (!isUnexplained || waitedMs >= UNEXPLAINED_REFUSAL_TIMEOUT_MS) throw error;
}

async function waitUntilGone(
	{ context, live, machineLabel }: Deletion,
	reportProgress: () => void,
): Promise<void> {
	const { machines, clock, deadline } = context;
	const readIfGone = async () =>
		(await machines.get(live.id, machineLabel)) === undefined ? true : undefined;
	const describeWait = () => "the deletion was accepted, but the machine is still listed.";
	await poll(readIfGone, {
		clock,
		deadline,
		pauses: DELETION_POLL_INTERVALS_MS,
		reason: describeWait,
		onPause: reportProgress,
	});
}

function createDeletionTimeoutError(machineLabel: string, cause: DeadlineExceeded): AutopilotError {
	return new AutopilotError(
		"NotConfirmed",
		`Deleting ${machineLabel} timed out before it finished. Run the command again to continue waiting. To wait longer in one run, ` +
			`set autopilot:timeouts. (${cause.message})`,
		cause,
	);
}

function isEnrolled({ computed }: LiveMachine): boolean {
	return computed["enrollmentState"] === "enrolled" || computed["managedDeviceId"] !== undefined;
}

function createStillEnrolledError({ values, computed }: LiveMachine, cause: Error): AutopilotError {
	const machineLabel = describeMachine(values.serialNumber);
	const { managedDeviceId: device } = computed;
	const managedDevice = device === undefined ? "" : ` (managed device ${String(device)})`;
	return new AutopilotError(
		"StillEnrolled",
		`${machineLabel.charAt(0).toUpperCase()}${machineLabel.slice(1)} was not deleted: it is enrolled in Intune${managedDevice}. Retire, wipe or ` +
			"delete it there first (Devices, Windows), then run the command again. Microsoft documents this order: " +
			`Intune, then Entra, then Autopilot. (${cause.message})`,
		cause,
	);
}
