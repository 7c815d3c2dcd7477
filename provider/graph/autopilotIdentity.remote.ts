import { isAmbiguous } from "../http/errors.ts";
import type { Live, Remote, Target } from "../lifecycle/kind.ts";
import { HalfDone, ObjectExists, PreconditionFailed } from "../lifecycle/outcome.ts";
import { AutopilotError } from "./autopilotErrors.ts";
import { type AutopilotInputs, managedOf } from "./autopilotIdentity.inputs.ts";
import type { ImportRecord, LiveMachine } from "./autopilotIdentity.wire.ts";
import { changed } from "./changing.ts";
import { ownRecords, register } from "./importing.ts";
import { ended, isUnderWay, unfollowed } from "./importWaiting.ts";
import { changedSince } from "./leftover.ts";
import { answerLost } from "./lost.ts";
import { isListedAs } from "./machineSweep.ts";
import { isConflict, machineNamed } from "./machines.ts";
import type { Row } from "./pages.ts";
import { deleted } from "./removal.ts";
import type { Strategy } from "./strategy.ts";
import type { Tenant } from "./tenant.ts";

/** What one operation needs. */
export interface AutopilotRemoteOptions {
	readonly tenant: Tenant;
	readonly strategy: Strategy;
	/** The machine in a list of the tenant's machines; undefined where that is not worth reading, or has none. */
	sweptRow(id: string): Promise<Row | undefined>;
}

/** A tenant's Autopilot as a lifecycle needs it. */
export function autopilotRemote({
	tenant,
	strategy,
	sweptRow,
}: AutopilotRemoteOptions): Remote<AutopilotInputs> {
	const { machines } = tenant;

	const find = ({ id, values }: Target): Promise<LiveMachine | undefined> => {
		const serialNumber = String(values["serialNumber"] ?? "");
		if (id !== "")
			return machines.get(id, serialNumber === "" ? `machine ${id}` : machineNamed(serialNumber));
		return machines.withSerial(serialNumber, String(values["productKey"] ?? ""));
	};

	const leaveNothing = async (desired: AutopilotInputs): Promise<void> => {
		if (strategy.keepsRecords) return;
		for (const record of await ownRecords(tenant, desired)) {
			await tenant.discard(isUnderWay(record) ? await ended(tenant, record) : record);
		}
	};

	/** What an import can't set is written afterwards; a machine that exists is never lost over it. */
	const finished = async (live: LiveMachine, desired: AutopilotInputs): Promise<LiveMachine> => {
		const to = { ...managedOf(live.values), ...declared(desired) };
		try {
			return keepingState(await changed(tenant, strategy, { from: live, to }), live);
		} catch (error) {
			if (!(error instanceof Error)) throw error;
			const half = error instanceof HalfDone ? (error.live as LiveMachine) : live;
			throw new HalfDone(error, keepingState(half, live));
		}
	};

	const cleanUp = async (target: Target): Promise<void> => {
		if (strategy.keepsRecords) await discardAll(tenant, target);
	};

	return {
		find,
		cleanUp,
		async probe(target, etag, how) {
			const row = how === "recent" && etag !== "" ? await sweptRow(target.id) : undefined;
			if (row !== undefined && isListedAs(row, target.values)) return "untouched";
			const live = await find(target);
			return live?.etag === etag ? "untouched" : live;
		},
		async successor({ id, values }) {
			const serialNumber = String(values["serialNumber"] ?? "");
			const rows = await machines.list(serialNumber, `looking for ${machineNamed(serialNumber)}`);
			return rows.find((row) => row.id !== id && row["serialNumber"] === serialNumber)?.id;
		},
		async create(desired) {
			if (desired.adopt === true) await refuseExisting(tenant, desired, leaveNothing);
			const { live, record, isLeftover } = await register(
				tenant,
				desired,
				strategy.keepsRecords ? unfollowed : undefined,
			);
			if (isLeftover && strategy.keepsRecords)
				throw new ObjectExists(`${record.id} is the record of its import`);
			if (isLeftover) refuseChanged(record, live, desired);
			const told = { ...live, facts: { ...live.facts, state: record.state } };
			try {
				return await finished(told, desired);
			} finally {
				if (!strategy.keepsRecords) await tenant.discard(record);
			}
		},
		async write(desired, base) {
			const live = await find({ id: base.id ?? "", values: { ...base.values } });
			if (live === undefined)
				throw new PreconditionFailed(`${machineNamed(desired.serialNumber)} is no longer registered`);
			if (live.etag !== base.etag)
				throw new PreconditionFailed(`${machineNamed(desired.serialNumber)} has another etag`);
			return keepingState(await changed(tenant, strategy, { from: live, to: managedOf(desired) }), base);
		},
		async remove(target, etag) {
			const live = await find(target);
			if (live !== undefined) {
				requireSerial(live, target);
				if (live.etag !== etag)
					throw new PreconditionFailed(`${machineNamed(live.values.serialNumber)} has another etag`);
				await deleted(tenant, live).catch((error: unknown) => {
					throw outcomeOf(error);
				});
			}
			await cleanUp(target);
		},
	};
}

/**
 * A machine that is to be adopted is found before anything is queued; without a hash nothing can be queued.
 *
 * @param leaveNothing takes away what an interrupted run left of its import once that has ended, for no other run will look for it
 */
async function refuseExisting(
	{ machines }: Tenant,
	desired: AutopilotInputs,
	leaveNothing: (desired: AutopilotInputs) => Promise<void>,
): Promise<void> {
	const { serialNumber, productKey, hardwareIdentifier } = desired;
	const found = await machines.idOf(serialNumber, productKey);
	if (found !== undefined) {
		await leaveNothing(desired);
		throw new ObjectExists(`its registration id is ${found}`);
	}
	if (hardwareIdentifier) return;
	throw new AutopilotError(
		"NothingToAdopt",
		`There is no registered ${machineNamed(serialNumber)} to adopt. To register it, declare its \`hardwareIdentifier\`; ` +
			"otherwise compare the serial number with the one in Intune: case, spaces and hyphens count.",
	);
}

/** A machine of an interrupted import is ours, but not what somebody else made of it since. */
function refuseChanged(record: ImportRecord, live: LiveMachine, desired: AutopilotInputs): void {
	const changed = changedSince(record, live, desired);
	if (changed.length === 0) return;
	const what = `its ${changed.join(" and ")} ${changed.length === 1 ? "was" : "were"} changed`;
	throw new ObjectExists(`it came of an import that was interrupted, and ${what} since`);
}

/** The id was given by the service once and for all; the serial number proves that it is still the same machine. */
function requireSerial({ id, values }: LiveMachine, target: Target): void {
	const expected = target.values["serialNumber"];
	if (expected === undefined || expected === values.serialNumber) return;
	throw new AutopilotError(
		"WrongMachine",
		`Registration ${id} was not deleted: it is that of ${machineNamed(values.serialNumber)}, and Pulumi deployed ` +
			`${machineNamed(expected)}. Run \`pulumi refresh\` to take note of what is there.`,
	);
}

async function discardAll({ imports, discard }: Tenant, { id, values }: Target): Promise<void> {
	const serialNumber = String(values["serialNumber"] ?? "");
	for (const record of await imports.search(serialNumber, ({ state }) => state.deviceRegistrationId === id)) {
		await discard(record);
	}
}

/** The managed fields that are declared, nothing of the others. */
function declared(desired: AutopilotInputs): Partial<ReturnType<typeof managedOf>> {
	const all = managedOf(desired);
	return Object.fromEntries(
		Object.entries(all).filter(([name]) => desired[name as keyof typeof all] !== undefined),
	);
}

/** How the import ended is told once, by the import. */
function keepingState(live: LiveMachine, base: Live<AutopilotInputs>): LiveMachine {
	return { ...live, facts: { ...live.facts, state: base.facts["state"] } };
}

/** What the failure of a deletion means to a lifecycle. */
function outcomeOf(error: unknown): unknown {
	if (!(error instanceof Error)) return error;
	if (isAmbiguous(error)) return answerLost(error);
	return isConflict(error) ? new PreconditionFailed(error.message, { cause: error }) : error;
}
