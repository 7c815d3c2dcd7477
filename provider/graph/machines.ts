import type { Answer } from "../http/answer.ts";
import type { Deadline } from "../http/deadline.ts";
import { ServiceError, UnreadableAnswer } from "../http/errors.ts";
import { members } from "../http/json.ts";
import { segment } from "../http/segment.ts";
import { AmbiguousSerial } from "./autopilotErrors.ts";
import { decodeMachine, type LiveMachine } from "./autopilotIdentity.wire.ts";
import type { Call, Client } from "./client.ts";
import { conditionOf } from "./contentEtag.ts";
import { AWAITS_APPROVAL } from "./graphError.ts";
import { type Row, rowsOf } from "./pages.ts";
import { filterFor } from "./serialFilter.ts";

/** The machines of the tenant: Graph's `windowsAutopilotDeviceIdentities`. */
export const MACHINES = "/deviceManagement/windowsAutopilotDeviceIdentities";

/** What Intune calls it when it was busy with an object itself. */
const CONTENTION = "ConditionNotMet";

/** How messages name a machine. */
export function machineNamed(serialNumber: unknown): string {
	return `machine ${JSON.stringify(serialNumber ?? "")}`;
}

/** The registered machines, for one operation. */
export class Machines {
	readonly #client: Client;
	readonly #deadline: Deadline;

	constructor(client: Client, deadline: Deadline) {
		this.#client = client;
		this.#deadline = deadline;
	}

	/** One machine by its registration id; undefined only when the service said that there is none. */
	async get(id: string, named: string): Promise<LiveMachine | undefined> {
		const what = `reading ${named}`;
		const answer = await this.raw(id, { what, version: "v1.0" });
		if (answer === undefined) return undefined;
		const live = decodeMachine(answer);
		if (live === undefined) throw new UnreadableAnswer(`${what} failed: the answer is no machine`, 200);
		return live;
	}

	/**
	 * The answer about one machine just as it came.
	 *
	 * @throws UnreadableAnswer for an answer about another machine
	 */
	async raw(id: string, ask: { what: string; version: "v1.0" | "beta" }): Promise<Answer | undefined> {
		const path = `/${ask.version}${MACHINES}/${segment(id)}`;
		try {
			const answer = await this.#client.call({
				what: ask.what,
				method: "GET",
				path,
				deadline: this.#deadline,
			});
			refuseOther(members(answer.json)["id"], { what: ask.what, id });
			return answer;
		} catch (error) {
			if (isGone(error)) return undefined;
			throw error;
		}
	}

	/** The one machine that {@link idOf} finds, read by itself. */
	async withSerial(serialNumber: string, productKey?: string): Promise<LiveMachine | undefined> {
		const id = await this.idOf(serialNumber, productKey);
		return id === undefined ? undefined : this.get(id, machineNamed(serialNumber));
	}

	/**
	 * The registration id of the one machine with exactly this serial number, and with this product key where one is given.
	 *
	 * @throws AmbiguousSerial where there are several, for serial numbers need not be unique
	 */
	async idOf(serialNumber: string, productKey?: string): Promise<string | undefined> {
		const ids = await this.idsOf(serialNumber, productKey);
		if (ids.length > 1) throw new AmbiguousSerial(serialNumber, ids);
		return ids[0];
	}

	/** The registration ids of all such machines. */
	async idsOf(serialNumber: string, productKey?: string): Promise<string[]> {
		const rows = await this.list(serialNumber, `looking for ${machineNamed(serialNumber)}`);
		return rows
			.filter((row) => row["serialNumber"] === serialNumber)
			.filter((row) => !productKey || row["productKey"] === productKey)
			.map(({ id }) => id);
	}

	/**
	 * Rows of the list; those whose serial number contains the text, or all, as where a service refuses the filter: that it
	 * knows `contains` is not documented, and was contradicted. The list leaves computed members blank.
	 */
	async list(part: string, what: string): Promise<Row[]> {
		const query = filterFor(part);
		try {
			return await this.#rows(what, query);
		} catch (error) {
			if (query["$filter"] === undefined || !isMisunderstood(error)) throw error;
			return this.#rows(what);
		}
	}

	async #rows(what: string, query: Readonly<Record<string, string>> = {}): Promise<Row[]> {
		const rows: Row[] = [];
		const listing = { what, path: `/v1.0${MACHINES}`, query, deadline: this.#deadline };
		for await (const row of rowsOf(this.#client, listing)) rows.push(row);
		return rows;
	}

	/** Calls an action of a machine: `updateDeviceProperties`. */
	async act(
		live: LiveMachine,
		{ action, what, body }: Pick<Call, "what" | "body"> & { action: string },
	): Promise<void> {
		const path = `/v1.0${MACHINES}/${segment(live.id)}/${action}`;
		const ifMatch = conditionOf(live.etag);
		const deadline = this.#deadline;
		await this.#client.call({
			what,
			method: "POST",
			path,
			ifMatch,
			deadline,
			...(body === undefined ? {} : { body }),
		});
	}

	/** Asks for a machine to be deleted; that it is gone is seen later. */
	async delete(live: LiveMachine, what: string): Promise<void> {
		const path = `/v1.0${MACHINES}/${segment(live.id)}`;
		const ifMatch = conditionOf(live.etag);
		await this.#client.call({ what, method: "DELETE", path, ifMatch, deadline: this.#deadline });
	}
}

/**
 * Refuses an answer about another object than the one that was asked for. Ids are GUIDs, the same in any case; an answer
 * without an id is no such object, which its reader says.
 *
 * @param answered the id in the answer
 */
export function refuseOther(answered: unknown, { what, id }: { what: string; id: string }): void {
	if (typeof answered !== "string" || answered.toLowerCase() === id.toLowerCase()) return;
	throw new UnreadableAnswer(`${what} failed: the answer is about another object, ${answered}`, 200);
}

/** Whether the service itself said that there is no such object; a proxy's 404 proves nothing. */
export function isGone(error: unknown): error is ServiceError {
	return error instanceof ServiceError && error.status === 404 && error.serviceCode === "ResourceNotFound";
}

function isMisunderstood(error: unknown): boolean {
	return error instanceof ServiceError && error.status === 400;
}

/** Whether Intune refused a write because it was busy with the object itself; no condition of ours was involved. */
export function isContention(error: unknown): error is ServiceError {
	return error instanceof ServiceError && error.status === 412 && error.serviceCode === CONTENTION;
}

/** Whether the object has another etag by now than the write was meant for. */
export function isConflict(error: unknown): error is ServiceError {
	if (!(error instanceof ServiceError) || error.status !== 412) return false;
	return error.serviceCode !== CONTENTION && error.serviceCode !== AWAITS_APPROVAL;
}
