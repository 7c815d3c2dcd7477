import { DeadlineExceeded, ServiceError } from "../http/errors.ts";
import { AutopilotError } from "./autopilotErrors.ts";
import type { LiveMachine } from "./autopilotIdentity.wire.ts";
import { isContention, isGone, machineNamed } from "./machines.ts";
import { poll } from "./poll.ts";
import { wantsJustification } from "./remedies.ts";
import type { Tenant } from "./tenant.ts";

/** Before each look whether a machine is gone, in milliseconds: at once as a rule, half an hour at times. */
const LOOKS = [1_000, 2_000, 5_000, 10_000, 15_000, 20_000, 30_000];
/** Before a deletion is asked for once more that the service could not carry out yet, in milliseconds. */
const NOT_YET = 15_000;
/** How long it is asked for again where the service refuses it and does not say why, in milliseconds. */
const UNTOLD = 60_000;

/** Deletes a machine's registration and waits until it is gone: the same hash can't be imported before. */
export async function deleted(tenant: Tenant, live: LiveMachine): Promise<void> {
	const named = machineNamed(live.values.serialNumber);
	const removal = { tenant, live, named };
	await tenant.progress.during("deletion", async (tick) => {
		try {
			await accepted(removal, tick);
			await gone(removal, tick);
		} catch (error) {
			throw error instanceof DeadlineExceeded ? notConfirmed(named, error) : error;
		}
	});
}

interface Removal {
	readonly tenant: Tenant;
	readonly live: LiveMachine;
	readonly named: string;
}

/**
 * Asks until the service takes the deletion. A machine that was just imported, or whose deletion was taken before, is
 * answered as unknown although it can be read (400 "Cannot find device with ztd Id …"): that passes, as contention does. With
 * which words a machine that was just imported is refused is not known, so any other `BadRequest` gets a minute too.
 */
async function accepted({ tenant, live, named }: Removal, tick: () => void): Promise<void> {
	const { machines, clock, deadline } = tenant;
	const began = clock.now();
	let refusal = "";
	const ask = async (): Promise<true | undefined> => {
		try {
			await machines.delete(live, `deleting ${named}`);
			return true;
		} catch (error) {
			if (isGone(error)) return true;
			if (!isContention(error) && !(error instanceof ServiceError && error.status === 400)) throw error;
			const now = await machines.get(live.id, named);
			if (now === undefined) return true;
			if (!isContention(error)) requirePassing(error, now, clock.now() - began);
			refusal = error.message;
			return undefined;
		}
	};
	await poll(ask, { clock, deadline, pauses: [NOT_YET], reason: () => refusal, onPause: tick });
}

/**
 * Throws what ends the deletion.
 *
 * @param waited milliseconds since it was asked for first
 */
function requirePassing(error: ServiceError, now: LiveMachine, waited: number): void {
	if (isEnrolled(now)) throw stillEnrolled(now, error);
	if (/cannot find device/i.test(error.message)) return;
	const isUntold = error.serviceCode === "BadRequest" && !wantsJustification(error.message);
	if (!isUntold || waited >= UNTOLD) throw error;
}

async function gone({ tenant, live, named }: Removal, tick: () => void): Promise<void> {
	const { machines, clock, deadline } = tenant;
	const look = async () => ((await machines.get(live.id, named)) === undefined ? true : undefined);
	const reason = () => "the deletion is accepted, and the machine is still listed.";
	await poll(look, { clock, deadline, pauses: LOOKS, reason, onPause: tick });
}

function notConfirmed(named: string, cause: DeadlineExceeded): AutopilotError {
	return new AutopilotError(
		"NotConfirmed",
		`Deleting ${named} takes longer than there is time. Run the command again, which waits on; to wait longer at a time, ` +
			`set autopilot:timeouts. (${cause.message})`,
		cause,
	);
}

function isEnrolled({ facts }: LiveMachine): boolean {
	return facts["enrollmentState"] === "enrolled" || facts["managedDeviceId"] !== undefined;
}

function stillEnrolled({ values, facts }: LiveMachine, cause: Error): AutopilotError {
	const named = machineNamed(values.serialNumber);
	const { managedDeviceId: device } = facts;
	const which = device === undefined ? "" : ` (managed device ${String(device)})`;
	return new AutopilotError(
		"StillEnrolled",
		`${named.charAt(0).toUpperCase()}${named.slice(1)} was not deleted: it is enrolled in Intune${which}. Retire, wipe or ` +
			"delete it there first (Devices, Windows), then run the command again. The order that Microsoft documents is " +
			`Intune, then Entra, then Autopilot. (${cause.message})`,
		cause,
	);
}
