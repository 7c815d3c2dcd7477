import { DeadlineExceeded, ServiceError } from "../http/errors.ts";
import { AutopilotError } from "./autopilotErrors.ts";
import type { LiveMachine } from "./autopilotIdentity.wire.ts";
import { machineNamed } from "./machines.ts";
import { poll } from "./poll.ts";
import type { Tenant } from "./tenant.ts";

/** Before each look whether a machine is gone, in milliseconds: at once as a rule, half an hour at times. */
const LOOKS = [1_000, 2_000, 5_000, 10_000, 15_000, 20_000, 30_000];
/** Before a deletion is asked for once more that the service could not carry out yet, in milliseconds. */
const NOT_YET = 15_000;
/** No machine was ever seen with this id in Intune. */
const NOBODY = /^(?:0{8}-0{4}-0{4}-0{4}-0{12})?$/;

/** Deletes a machine's registration and waits until it is gone: the same hash can't be imported before. */
export async function deleted(tenant: Tenant, live: LiveMachine): Promise<void> {
	await tenant.progress.during("deletion", async (tick) => {
		await accepted(tenant, live, tick);
		await gone(tenant, live, tick);
	});
}

/**
 * Asks until the service takes the deletion. A machine that was just imported, or whose deletion was taken before, is
 * answered as unknown although it can be read (400 "Cannot find device with ztd Id …"): that passes.
 */
async function accepted(
	{ machines, clock, deadline }: Tenant,
	live: LiveMachine,
	tick: () => void,
): Promise<void> {
	const named = machineNamed(live.values.serialNumber);
	const reason = "the service does not take the deletion yet.";
	await poll(
		async () => {
			try {
				await machines.delete(live, `deleting ${named}`);
				return true;
			} catch (error) {
				if (!(error instanceof ServiceError) || error.status !== 400) throw error;
				const now = await machines.get(live.id, named);
				if (now === undefined) return true;
				if (isEnrolled(now)) throw stillEnrolled(now, error);
				if (!/cannot find device/i.test(error.message)) throw error;
				return undefined;
			}
		},
		{ clock, deadline, pauses: [NOT_YET], reason, onPause: tick },
	);
}

async function gone(
	{ machines, clock, deadline }: Tenant,
	live: LiveMachine,
	tick: () => void,
): Promise<void> {
	const named = machineNamed(live.values.serialNumber);
	const reason = "the deletion is accepted, and the machine is still listed.";
	const look = async () => ((await machines.get(live.id, named)) === undefined ? true : undefined);
	try {
		await poll(look, { clock, deadline, pauses: LOOKS, reason, onPause: tick });
	} catch (error) {
		if (!(error instanceof DeadlineExceeded)) throw error;
		throw new AutopilotError(
			"NotConfirmed",
			`Deleting ${named} ${error.message} Run the command again, which waits on; to wait longer at a time, set ` +
				"autopilot:timeouts.",
			error,
		);
	}
}

function isEnrolled({ facts }: LiveMachine): boolean {
	return facts["enrollmentState"] === "enrolled" || !NOBODY.test(String(facts["managedDeviceId"] ?? ""));
}

function stillEnrolled({ values, facts }: LiveMachine, cause: Error): AutopilotError {
	const named = machineNamed(values.serialNumber);
	const device = String(facts["managedDeviceId"] ?? "");
	const which = NOBODY.test(device) ? "" : ` (managed device ${device})`;
	return new AutopilotError(
		"StillEnrolled",
		`${named.charAt(0).toUpperCase()}${named.slice(1)} was not deleted: it is enrolled in Intune${which}. Retire, wipe or ` +
			"delete it there first (Devices, Windows), then run the command again. The order that Microsoft documents is " +
			`Intune, then Entra, then Autopilot. (${cause.message})`,
		cause,
	);
}
