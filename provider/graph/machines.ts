import type { Deadline } from "../http/deadline.ts";
import { UnreadableAnswer } from "../http/errors.ts";
import { encodePathSegment } from "../http/pipeline.ts";
import type { JsonResponse } from "../http/response.ts";
import { asObject } from "../values.ts";
import { decodeMachine, type LiveMachine } from "./autopilotIdentity.wire.ts";
import type { GraphClient, GraphRequest } from "./client.ts";
import { toIfMatch } from "./contentEtag.ts";
import { isBadRequest, isNotFound } from "./errors.ts";
import { type ListedRow, listRows } from "./paging.ts";

/** The path of the tenant's machines: Graph's `windowsAutopilotDeviceIdentities`. */
export const MACHINES_PATH = "/deviceManagement/windowsAutopilotDeviceIdentities";

/** Returns the name of a machine in messages: `machine "5CG1234ABC"`. */
export function describeMachine(serialNumber: unknown): string {
	return `machine ${JSON.stringify(serialNumber ?? "")}`;
}

/** The registered machines of a tenant, for one operation. */
export class Machines {
	readonly #client: GraphClient;
	readonly #deadline: Deadline;

	constructor(client: GraphClient, deadline: Deadline) {
		this.#client = client;
		this.#deadline = deadline;
	}

	/** Reads one machine by its registration id; undefined only if the service said that it does not exist. */
	async get(id: string, machineLabel: string): Promise<LiveMachine | undefined> {
		const operationName = `reading ${machineLabel}`;
		const response = await this.getResponse(id, { operationName, version: "v1.0" });
		if (response === undefined) return undefined;
		const live = decodeMachine(response);
		if (live === undefined)
			throw new UnreadableAnswer(`${operationName} failed: the response is not a machine`, 200);
		return live;
	}

	/**
	 * Returns the response to a GET of one machine; undefined only if the service said that it does not exist.
	 *
	 * @throws UnreadableAnswer for a response about another machine
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

	/**
	 * Lists the machines whose serial number contains the text, or all machines if the service refuses the filter: support for
	 * `contains` is not documented, and sources contradict each other. Rows omit computed members.
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

	/** Invokes an action of a machine, such as `updateDeviceProperties`. */
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

	/** Requests the deletion of a machine, which takes effect later. */
	async delete(live: LiveMachine, operationName: string): Promise<void> {
		const path = `/v1.0${MACHINES_PATH}/${encodePathSegment(live.id)}`;
		const ifMatch = toIfMatch(live.etag);
		await this.#client.send({ operationName, method: "DELETE", path, ifMatch, deadline: this.#deadline });
	}
}

/**
 * Throws if a response is about a different object than requested. Ids are GUIDs, which are case-insensitive; a response
 * without an id is left to its decoder.
 *
 * @param receivedId the id in the response
 */
export function requireSameObject(
	receivedId: unknown,
	{ operationName, id }: { operationName: string; id: string },
): void {
	if (typeof receivedId !== "string" || receivedId.toLowerCase() === id.toLowerCase()) return;
	throw new UnreadableAnswer(
		`${operationName} failed: the response is about another object, ${receivedId}`,
		200,
	);
}

/**
 * Builds the query that restricts a list to serial numbers that contain the longest word of this one. The service does
 * not support equality here (observed: it refuses hyphens and spaces), so the caller must compare the rows exactly. For a
 * serial number without letters and digits, the query does not restrict the list.
 */
export function buildSerialNumberFilter(serialNumber: string): Readonly<Record<string, string>> {
	const words = serialNumber.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
	const longest = words.reduce((best, word) => (word.length > best.length ? word : best), "");
	return longest === "" ? {} : { $filter: `contains(serialNumber,'${longest}')` };
}
