import { mapConcurrently } from "../../fleet/concurrency.ts";
import type { Deadline } from "../../http/deadline.ts";
import { UnreadableAnswer } from "../../http/errors.ts";
import { encodePathSegment } from "../../http/pipeline.ts";
import { isPlaceholderSerial } from "../../rules/machineValues.ts";
import { asObject } from "../../values.ts";
import type { AutopilotInputs } from "../autopilotIdentity.inputs.ts";
import { decodeImportRecord, encodeImport, type ImportRecord } from "../autopilotIdentity.wire.ts";
import type { GraphClient } from "../client.ts";
import { isBadRequest, isNotFound } from "../errors.ts";
import { buildSerialNumberFilter, describeMachine, requireSameObject } from "../machines.ts";
import { listPages, listRows } from "../paging.ts";

/** The path of the status records of imports: Graph's `importedWindowsAutopilotDeviceIdentities`. */
const IMPORT_RECORDS_PATH = "/deviceManagement/importedWindowsAutopilotDeviceIdentities";

/** Identifies the imports of one machine. */
export interface ImportKey {
	readonly serialNumber: string;
	readonly importId: string;
}

/** Whether a record has no import id of its own: the service did not keep the one that was sent, or none was. */
export function isAnonymous({ id, importId }: ImportRecord): boolean {
	return importId === "" || importId.toLowerCase() === id.toLowerCase();
}

/** Whether a record is of an import of this machine, or has its serial number and no id that says otherwise. */
export function mayBeImport(record: ImportRecord, { serialNumber, importId }: ImportKey): boolean {
	if (record.serialNumber !== serialNumber) return false;
	return record.importId.toLowerCase() === importId.toLowerCase() || isAnonymous(record);
}

/** Import records from the list, and whether these are all. */
export interface ImportRecordList {
	readonly records: readonly ImportRecord[];
	/** Whether the list contains no other records. */
	readonly isComplete: boolean;
}

/** Reads import records for one operation, or for many at the same time. */
export interface ImportReader {
	/** Returns the records that {@link mayBeImport} accepts. */
	search(imports: Imports, key: ImportKey): Promise<readonly ImportRecord[]>;
	/** Reads a record again; undefined only if the service said that it does not exist. */
	get(imports: Imports, record: ImportRecord): Promise<ImportRecord | undefined>;
}

/** Returns the operation name of a batch of imports. */
export function describeBatchImport(count: number): string {
	return `importing ${count} machines`;
}

/** The import records of a tenant, for one operation. Removing the record of a registered machine does not affect the machine. */
export class Imports {
	readonly #client: GraphClient;
	readonly #deadline: Deadline;

	constructor(client: GraphClient, deadline: Deadline) {
		this.#client = client;
		this.#deadline = deadline;
	}

	/** Queues an import. The request is not repeatable: each one creates another record. */
	async queue(
		inputs: AutopilotInputs,
		importId: string,
		collection = `/v1.0${IMPORT_RECORDS_PATH}`,
	): Promise<ImportRecord> {
		const operationName = `importing ${describeMachine(inputs.serialNumber)}`;
		const body = encodeImport(inputs, importId);
		const request = {
			operationName,
			method: "POST",
			path: collection,
			body,
			deadline: this.#deadline,
		} as const;
		const { json, headers } = await this.#client.send(request);
		return requireSameMachine(requireRecord(decodeImportRecord(json, headers), operationName), {
			operationName,
			serialNumber: inputs.serialNumber,
		});
	}

	/**
	 * Queues several imports in one request, which is not repeatable either.
	 *
	 * @returns the items of the response in order, which can be incomplete; undefined for an item that is no record
	 */
	async queueBatch(
		requests: readonly { readonly inputs: AutopilotInputs; readonly importId: string }[],
	): Promise<(ImportRecord | undefined)[]> {
		const operationName = describeBatchImport(requests.length);
		const path = `/v1.0${IMPORT_RECORDS_PATH}/import`;
		const bodies = requests.map(({ inputs, importId }) => encodeImport(inputs, importId));
		const body = { importedWindowsAutopilotDeviceIdentities: bodies };
		const { json } = await this.#client.send({
			operationName,
			method: "POST",
			path,
			body,
			deadline: this.#deadline,
		});
		const { value } = asObject(json);
		if (!Array.isArray(value))
			throw new UnreadableAnswer(`${operationName} failed: the response is not a list`, 200);
		return value.map((row) => decodeImportRecord(row));
	}

	/**
	 * Lists the records of all imports in the tenant.
	 *
	 * @param pages how many pages to read at most, besides the one that shows that there are more
	 */
	async list(pages: number): Promise<ImportRecordList> {
		const operationName = "listing imports";
		const request = { operationName, path: `/v1.0${IMPORT_RECORDS_PATH}`, deadline: this.#deadline };
		const records: ImportRecord[] = [];
		let pagesLeft = pages;
		for await (const rows of listPages(this.#client, request)) {
			for (const row of rows) {
				const record = decodeImportRecord(row);
				if (record !== undefined) records.push(record);
			}
			if (pagesLeft-- === 0) return { records, isComplete: false };
		}
		return { records, isComplete: true };
	}

	/** Finds the matching records among those with this serial number. */
	async search(serialNumber: string, matches: (record: ImportRecord) => boolean): Promise<ImportRecord[]> {
		const found = await this.#query(serialNumber, buildSerialNumberFilter(serialNumber));
		return found.filter((record) => record.serialNumber === serialNumber && matches(record));
	}

	/**
	 * Finds the records of a machine's imports. Any number of machines can have a placeholder as their serial number, so their imports
	 * are searched by id, if the service supports that filter.
	 */
	async searchImports({ serialNumber, importId }: ImportKey): Promise<ImportRecord[]> {
		const matches = (record: ImportRecord): boolean => mayBeImport(record, { serialNumber, importId });
		if (!isPlaceholderSerial(serialNumber)) return this.search(serialNumber, matches);
		try {
			const found = await this.#query(serialNumber, { $filter: `importId eq '${importId}'` });
			return found.filter(matches);
		} catch (error) {
			if (!isBadRequest(error)) throw error;
			return this.search(serialNumber, matches);
		}
	}

	async #query(serialNumber: string, query: Readonly<Record<string, string>>): Promise<ImportRecord[]> {
		const operationName = `looking for imports of ${describeMachine(serialNumber)}`;
		const path = `/v1.0${IMPORT_RECORDS_PATH}`;
		const request = { operationName, path, query, deadline: this.#deadline };
		const found: ImportRecord[] = [];
		for await (const row of listRows(this.#client, request)) {
			const record = decodeImportRecord(row);
			if (record !== undefined) found.push(record);
		}
		return found;
	}

	/** Reads one record; undefined only if the service said that it does not exist. */
	async get(id: string, serialNumber: string): Promise<ImportRecord | undefined> {
		const operationName = `reading the import of ${describeMachine(serialNumber)}`;
		const path = `/v1.0${IMPORT_RECORDS_PATH}/${encodePathSegment(id)}`;
		try {
			const { json, headers } = await this.#client.send({
				operationName,
				method: "GET",
				path,
				deadline: this.#deadline,
			});
			const record = requireRecord(decodeImportRecord(json, headers), operationName);
			requireSameObject(record.id, { operationName, id });
			return requireSameMachine(record, { operationName, serialNumber });
		} catch (error) {
			if (isNotFound(error)) return undefined;
			throw error;
		}
	}

	/** Removes a record, if it exists. The machine stays registered. */
	async remove(id: string, serialNumber: string): Promise<void> {
		const operationName = `removing the import record of ${describeMachine(serialNumber)}`;
		const path = `/v1.0${IMPORT_RECORDS_PATH}/${encodePathSegment(id)}`;
		await this.#client
			.send({ operationName, method: "DELETE", path, repeatable: true, deadline: this.#deadline })
			.catch((error: unknown) => {
				if (!isNotFound(error)) throw error;
			});
	}
}

function requireRecord(record: ImportRecord | undefined, operationName: string): ImportRecord {
	if (record !== undefined) return record;
	throw new UnreadableAnswer(`${operationName} failed: the response is not an import`, 200);
}

/** Returns the record, unless it is of another machine. The service may omit the serial number, and may return another `importId`. */
function requireSameMachine(
	record: ImportRecord,
	{ operationName, serialNumber }: { operationName: string; serialNumber: string },
): ImportRecord {
	if (record.serialNumber === "" || record.serialNumber === serialNumber) return record;
	throw new UnreadableAnswer(
		`${operationName} failed: the response is about another machine, ${describeMachine(record.serialNumber)}`,
		200,
	);
}

/** How many records are discarded at a time; the client's rate limit slows the requests down anyway. */
const DISCARD_CONCURRENCY = 500;

/**
 * Import records whose removal is deferred to the end of a run on a fleet, so that the next run recognizes the machines of
 * an interrupted one.
 */
export class DeferredRecords {
	readonly #records = new Map<string, ImportRecord>();

	/** Defers the removal of a record. */
	readonly add = async (record: ImportRecord): Promise<void> => {
		this.#records.set(record.id, record);
	};

	/** Discards all records with the given function, which must not throw. */
	async discardAll(discard: (record: ImportRecord) => Promise<void>): Promise<void> {
		const records = new Map(this.#records);
		this.#records.clear();
		await mapConcurrently(records.keys(), DISCARD_CONCURRENCY, async (id) => {
			const record = records.get(id);
			if (record !== undefined) await discard(record);
		});
	}
}
