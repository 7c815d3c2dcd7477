import { DeadlineExceeded } from "../http/errors.ts";
import { AutopilotError } from "./autopilotErrors.ts";
import type { ImportRecord, LiveMachine } from "./autopilotIdentity.wire.ts";
import { machineNamed } from "./machines.ts";
import { poll } from "./poll.ts";
import type { Tenant } from "./tenant.ts";

/** Before each look at an import, in milliseconds: it takes 20 seconds at least, minutes as a rule. */
const LOOKS = [10_000, 10_000, 10_000, 15_000, 15_000, 20_000, 20_000, 30_000];
/** Before each look for the machine of an import that is complete, in milliseconds: a second as a rule. */
const APPEARING = [1_000, 1_000, 2_000, 3_000, 5_000, 10_000];
/** How long the machine of an older import may take to appear before that import is taken for a leftover. */
const LEFTOVER = 30_000;

/** A complete import says which machine came of it; one that does not yet is as good as under way. */
export function isUnderWay({ state }: ImportRecord): boolean {
	const { deviceImportStatus: status, deviceRegistrationId: id } = state;
	return status === "unknown" || status === "pending" || (status === "complete" && id === "");
}

/**
 * Waits until an import has ended, well or badly.
 *
 * @throws AutopilotError where the time is over or the record is gone
 */
export async function ended(tenant: Tenant, queued: ImportRecord): Promise<ImportRecord> {
	const { imports, records, clock, deadline, progress } = tenant;
	const [first = 0, ...pauses] = LOOKS;
	const named = machineNamed(queued.serialNumber);
	const reason = "the import is still under way.";
	const look = async (): Promise<ImportRecord | undefined> => {
		const record = await records.look(imports, queued);
		if (record === undefined) throw vanished(named);
		return isUnderWay(record) ? undefined : record;
	};
	return progress.during("import", (tick) =>
		inTime({ named, reason }, async () => {
			deadline.demand(first);
			await clock.sleep(first);
			return poll(look, { clock, deadline, pauses, onPause: tick });
		}),
	);
}

/** Says of an import for which there is no more time how to go on with it. */
async function inTime<Result>(
	{ named, reason }: { named: string; reason: string },
	work: () => Promise<Result>,
): Promise<Result> {
	try {
		return await work();
	} catch (error) {
		if (!(error instanceof DeadlineExceeded)) throw error;
		throw new AutopilotError(
			"ImportPending",
			`Importing ${named} takes longer than there is time: ${reason} Nothing is lost: run the command again, which waits ` +
				`for the same import; to wait longer at a time, set autopilot:timeouts. (${error.message})`,
			error,
		);
	}
}

/**
 * What is said beside an error that ends the waiting, where the records of imports are kept: the next run can't tell a
 * machine that came of this import by then from one that somebody deployed.
 */
export function unfollowed(error: unknown): unknown {
	if (!(error instanceof Error) || error.message.includes("`adopt: true`")) return error;
	return new AutopilotError(
		"ImportPending",
		`${error.message.replace(/\.?$/, ".")} Run the command again; if the machine is registered by then, set \`adopt: true\` on ` +
			"it for that run.",
		error,
	);
}

function vanished(named: string): AutopilotError {
	return new AutopilotError(
		"ImportFailed",
		`Importing ${named} can't be followed: somebody removed the import's record while it was under way. Run the command ` +
			"again; if the machine was registered by then, set `adopt: true` on it for that run.",
	);
}

/** The machine of a complete import, as soon as it can be read; undefined where an old import's machine is gone. */
export async function appeared(
	{ machines, clock, deadline }: Tenant,
	{ state, serialNumber }: ImportRecord,
	isLeftover: boolean,
): Promise<LiveMachine | undefined> {
	const named = machineNamed(serialNumber);
	const began = clock.now();
	const look = async (): Promise<LiveMachine | "gone" | undefined> => {
		const live = await machines.get(state.deviceRegistrationId, named);
		return live ?? (isLeftover && clock.now() - began >= LEFTOVER ? "gone" : undefined);
	};
	const reason = "the import is complete, and the machine can't be read yet.";
	const seen = await inTime({ named, reason }, () => poll(look, { clock, deadline, pauses: APPEARING }));
	return seen === "gone" ? undefined : seen;
}
