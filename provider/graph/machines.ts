import type { Deadline } from "../http/deadline.ts";
import { UnreadableAnswer } from "../http/errors.ts";
import { encodePathSegment } from "../http/pipeline.ts";
import type { JsonResponse } from "../http/response.ts";
import { asObject } from "../values.ts";
import { AmbiguousSerial } from "./autopilotErrors.ts";
import { decodeMachine, type LiveMachine } from "./autopilotIdentity.wire.ts";
import type { GraphClient, GraphRequest } from "./client.ts";
import { toIfMatch } from "./contentEtag.ts";
import { isBadRequest, isNotFound } from "./errors.ts";
import { type ListedRow, listRows } from "./paging.ts";

/** The machines of the tenant: Graph's `windowsAutopilotDeviceIdentities`. */
export const MACHINES_PATH = "/deviceManagement/windowsAutopilotDeviceIdentities";

/** How messages name a machine. */
export function describeMachine(serialNumber: unknown): string {
	return `machine ${JSON.stringify(serialNumber ?? "")}`;
}

/** The registered machines, for one operation. */
export class Machines {
	readonly #client: GraphClient;
	readonly #deadline: Deadline;

	constructor(client: GraphClient, deadline: Deadline) {
		this.#client = client;
		this.#deadline = deadline;
	}

	/** One machine by its registration id; undefined only when the service said that there is none. */
	async get(id: string, machineLabel: string): Promise<LiveMachine | undefined> {
		const operationName = `reading ${machineLabel}`;
		const response = await this.getResponse(id, { operationName, version: "v1.0" });
		if (response === undefined) return undefined;
		const live = decodeMachine(response);
		if (live === undefined)
			throw new UnreadableAnswer(`${operationName} failed: the answer is no machine`, 200);
		return live;
	}

	/**
	 * The answer about one machine just as it came.
	 *
	 * @throws UnreadableAnswer for an answer about another machine
	 */
	async getResponse(
		id: string,
		options: { operationName: string; version: "v1.0" | "beta" },
	): Promise<JsonResponse | undefined> {
		const path = `/${options.version}${MACHINES_PATH}/${encodePathSegment(id)}`;
		try {
			const response = await this.#client.send({
				operationName: options.operationName,
				method: "GET",
				path,
				deadline: this.#deadline,
			});
			requireSameObject(asObject(response.json)["id"], { operationName: options.operationName, id });
			return response;
		} catch (error) {
			if (isNotFound(error)) return undefined;
			throw error;
		}
	}

	/** The one machine that {@link findId} finds, read by itself. */
	async findBySerialNumber(serialNumber: string, productKey?: string): Promise<LiveMachine | undefined> {
		const id = await this.findId(serialNumber, productKey);
		return id === undefined ? undefined : this.get(id, describeMachine(serialNumber));
	}

	/**
	 * The registration id of the one machine with exactly this serial number, and with this product key where one is given.
	 *
	 * @throws AmbiguousSerial where there are several, for serial numbers need not be unique
	 */
	async findId(serialNumber: string, productKey?: string): Promise<string | undefined> {
		const ids = await this.listIds(serialNumber, productKey);
		if (ids.length > 1) throw new AmbiguousSerial(serialNumber, ids);
		return ids[0];
	}

	/** The registration ids of all such machines. */
	async listIds(serialNumber: string, productKey?: string): Promise<string[]> {
		const rows = await this.list(serialNumber, `looking for ${describeMachine(serialNumber)}`);
		return rows
			.filter((row) => row["serialNumber"] === serialNumber)
			.filter((row) => !productKey || row["productKey"] === productKey)
			.map(({ id }) => id);
	}

	/**
	 * Rows of the list; those whose serial number contains the text, or all, as where a service refuses the filter: that it
	 * knows `contains` is not documented, and was contradicted. The list leaves computed members blank.
	 */
	async list(serialNumberPart: string, operationName: string): Promise<ListedRow[]> {
		const query = buildSerialNumberFilter(serialNumberPart);
		try {
			return await this.#readRows(operationName, query);
		} catch (error) {
			if (query["$filter"] === undefined || !isBadRequest(error)) throw error;
			return this.#readRows(operationName);
		}
	}

	async #readRows(operationName: string, query: Readonly<Record<string, string>> = {}): Promise<ListedRow[]> {
		const rows: ListedRow[] = [];
		const request = { operationName, path: `/v1.0${MACHINES_PATH}`, query, deadline: this.#deadline };
		for await (const row of listRows(this.#client, request)) rows.push(row);
		return rows;
	}

	/** Calls an action of a machine: `updateDeviceProperties`. */
	async invokeAction(
		live: LiveMachine,
		{ action, operationName, body }: Pick<GraphRequest, "operationName" | "body"> & { action: string },
	): Promise<void> {
		const path = `/v1.0${MACHINES_PATH}/${encodePathSegment(live.id)}/${action}`;
		const ifMatch = toIfMatch(live.etag);
		const deadline = this.#deadline;
		await this.#client.send({
			operationName,
			method: "POST",
			path,
			ifMatch,
			deadline,
			...(body === undefined ? {} : { body }),
		});
	}

	/** Asks for a machine to be deleted; that it is gone is seen later. */
	async delete(live: LiveMachine, operationName: string): Promise<void> {
		const path = `/v1.0${MACHINES_PATH}/${encodePathSegment(live.id)}`;
		const ifMatch = toIfMatch(live.etag);
		await this.#client.send({ operationName, method: "DELETE", path, ifMatch, deadline: this.#deadline });
	}
}

/**
 * Refuses an answer about another object than the one that was asked for. Ids are GUIDs, the same in any case; an answer
 * without an id is no such object, which its reader says.
 *
 * @param receivedId the id in the answer
 */
export function requireSameObject(
	receivedId: unknown,
	{ operationName, id }: { operationName: string; id: string },
): void {
	if (typeof receivedId !== "string" || receivedId.toLowerCase() === id.toLowerCase()) return;
	throw new UnreadableAnswer(
		`${operationName} failed: the answer is about another object, ${receivedId}`,
		200,
	);
}

/**
 * The query that makes a list shorter: serial numbers that contain the longest word of this one. The service knows no
 * equality here, and was seen to refuse hyphens and blanks, so whoever asks compares the rows exactly. A serial number
 * without a letter or a digit is looked for in the whole list.
 */
export function buildSerialNumberFilter(serialNumber: string): Readonly<Record<string, string>> {
	const words = serialNumber.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
	const longest = words.reduce((best, word) => (word.length > best.length ? word : best), "");
	return longest === "" ? {} : { $filter: `contains(serialNumber,'${longest}')` };
}
