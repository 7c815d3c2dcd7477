import { DeadlineExceeded, isAmbiguous } from "../http/errors.ts";
import { ObjectExists } from "../lifecycle/outcome.ts";
import { AutopilotError } from "./autopilotErrors.ts";
import type { AutopilotInputs } from "./autopilotIdentity.inputs.ts";
import type { ImportRecord, LiveMachine } from "./autopilotIdentity.wire.ts";
import { importError, isAlreadyRegistered, isPassing } from "./importErrors.ts";
import { importIdOf } from "./importId.ts";
import { answerLost, pauseAfter } from "./lost.ts";
import { machineNamed } from "./machines.ts";
import { poll } from "./poll.ts";
import type { Tenant } from "./tenant.ts";

/** Before each look at an import, in milliseconds: it takes 20 seconds at least, minutes as a rule. */
const LOOKS = [10_000, 10_000, 10_000, 15_000, 15_000, 20_000, 20_000, 30_000];
/** Before each look for the machine of an import that is complete, in milliseconds: a second as a rule. */
const APPEARING = [1_000, 1_000, 2_000, 3_000, 5_000, 10_000];
/** Before an import is queued once more, in milliseconds. */
const AGAIN = 30_000;
/** How often an import is queued where trying again may help. */
const TRIES = 5;
/** How long the machine of an older import may take to appear before that import is taken for a leftover. */
const LEFTOVER = 30_000;

/** A machine just registered, and how its import ended. */
export interface Registered {
	readonly live: LiveMachine;
	readonly record: ImportRecord;
	/** Whether an earlier run's import had ended already. */
	readonly isLeftover: boolean;
}

/**
 * Registers a machine: queues an import, or finds the one that an interrupted run queued, waits for it and for the machine
 * that comes of it. The record of an import that ended is removed unless the machine is returned with it; the record of
 * one that is still under way stays, for the next run finds it.
 */
export async function register(tenant: Tenant, inputs: AutopilotInputs): Promise<Registered> {
	const importId = importIdOf(inputs);
	for (let tries = 1; ; ) {
		const mine = await ownRecord(tenant, inputs);
		const isLeftover = mine !== undefined && !isUnderWay(mine);
		const record = isLeftover ? mine : await ended(tenant, mine ?? (await queue(tenant, inputs, importId)));
		const isComplete = record.state.deviceImportStatus === "complete";
		const live = isComplete ? await appeared(tenant, record, isLeftover) : undefined;
		if (live !== undefined) return { live, record, isLeftover };
		await tenant.imports.remove(record.id, record.serialNumber);
		if (isLeftover) continue;
		if (!(await isWorthAnother(tenant, { inputs, record, tries }))) throw failure(record);
		tries++;
	}
}

/** The records of imports of this very machine that earlier runs left, whatever their state. */
export function ownRecords({ imports }: Tenant, inputs: AutopilotInputs): Promise<ImportRecord[]> {
	const importId = importIdOf(inputs);
	return imports.search(inputs.serialNumber, (record) => record.importId.toLowerCase() === importId);
}

/** One of them; one under way first. */
async function ownRecord(tenant: Tenant, inputs: AutopilotInputs): Promise<ImportRecord | undefined> {
	const mine = await ownRecords(tenant, inputs);
	return (
		mine.find(isUnderWay) ?? mine.find(({ state }) => state.deviceImportStatus === "complete") ?? mine[0]
	);
}

/** Queues an import once, whatever happens to the answer. */
async function queue(tenant: Tenant, inputs: AutopilotInputs, importId: string): Promise<ImportRecord> {
	try {
		return await tenant.queue(inputs, importId);
	} catch (error) {
		if (!(error instanceof Error) || !isAmbiguous(error)) throw error;
		await tenant.clock.sleep(pauseAfter(error));
		const found = await ownRecord(tenant, inputs).catch(() => {
			throw answerLost(error);
		});
		if (found === undefined) throw answerLost(error);
		return found;
	}
}

function isUnderWay({ state }: ImportRecord): boolean {
	return state.deviceImportStatus === "unknown" || state.deviceImportStatus === "pending";
}

async function ended(tenant: Tenant, queued: ImportRecord): Promise<ImportRecord> {
	const { imports, clock, deadline, progress } = tenant;
	const [first = 0, ...pauses] = LOOKS;
	const named = machineNamed(queued.serialNumber);
	const reason = "the import is still under way.";
	try {
		return await progress.during("import", async (tick) => {
			deadline.demand(first, reason);
			await clock.sleep(first);
			return poll(
				async () => {
					const record = await imports.get(queued.id, queued.serialNumber);
					if (record === undefined) throw vanished(named);
					return isUnderWay(record) ? undefined : record;
				},
				{ clock, deadline, pauses, reason, onPause: tick },
			);
		});
	} catch (error) {
		if (!(error instanceof DeadlineExceeded)) throw error;
		throw new AutopilotError(
			"ImportPending",
			`Importing ${named} ${error.message} Nothing is lost: run the command again, which waits for the same import; ` +
				"to wait longer at a time, set autopilot:timeouts.",
			error,
		);
	}
}

function vanished(named: string): AutopilotError {
	return new AutopilotError(
		"ImportFailed",
		`Importing ${named} can't be followed: somebody removed the import's record while it was under way. Run the command ` +
			"again; if the machine was registered by then, set `adopt: true` on it for that run.",
	);
}

/** The machine of a complete import, as soon as it can be read; undefined where an old import's machine is gone. */
async function appeared(
	tenant: Tenant,
	{ state, serialNumber }: ImportRecord,
	isLeftover: boolean,
): Promise<LiveMachine | undefined> {
	const { machines, clock, deadline } = tenant;
	const named = machineNamed(serialNumber);
	const began = clock.now();
	const reason = "the import is complete, and the machine can't be read yet.";
	return poll<LiveMachine | "gone">(
		async () => {
			const live = await machines.get(state.deviceRegistrationId, named);
			return live ?? (isLeftover && clock.now() - began >= LEFTOVER ? "gone" : undefined);
		},
		{ clock, deadline, pauses: APPEARING, reason },
	).then((seen) => (seen === "gone" ? undefined : seen));
}

/**
 * Waits before an import is queued once more, where that may help: after passing trouble, and while the service still
 * remembers a registration that is no longer listed, as it does for a while after a deletion.
 */
async function isWorthAnother(
	{ machines, clock, deadline }: Tenant,
	{ inputs, record, tries }: { inputs: AutopilotInputs; record: ImportRecord; tries: number },
): Promise<boolean> {
	if (tries >= TRIES) return false;
	const looking = `looking for ${machineNamed(inputs.serialNumber)}`;
	const isSettling = async () =>
		isAlreadyRegistered(record) && (await machines.list(inputs.serialNumber, looking)).length === 0;
	if (!isPassing(record) && !(await isSettling())) return false;
	deadline.demand(AGAIN, importError(record).message);
	await clock.sleep(AGAIN);
	return true;
}

function failure(record: ImportRecord): Error {
	const error = importError(record);
	return isAlreadyRegistered(record) ? new ObjectExists(error.message, { cause: error }) : error;
}
