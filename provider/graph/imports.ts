import type { Deadline } from "../http/deadline.ts";
import { UnreadableAnswer } from "../http/errors.ts";
import { members } from "../http/json.ts";
import { segment } from "../http/segment.ts";
import type { AutopilotInputs } from "./autopilotIdentity.inputs.ts";
import { decodeRecord, encodeImport, type ImportRecord } from "./autopilotIdentity.wire.ts";
import type { Client } from "./client.ts";
import { isGone, machineNamed, refuseOther } from "./machines.ts";
import { pagesOf, rowsOf } from "./pages.ts";
import { filterFor } from "./serialFilter.ts";

/** The status records of imports: Graph's `importedWindowsAutopilotDeviceIdentities`. */
export const RECORDS = "/deviceManagement/importedWindowsAutopilotDeviceIdentities";

/** Which records are looked for: those of the imports of one machine. */
export interface Sought {
	readonly serialNumber: string;
	readonly importId: string;
}

/** Records out of the list. */
export interface Listed {
	readonly records: readonly ImportRecord[];
	/** Whether there are no others. */
	readonly isWhole: boolean;
}

/** Reads the records of imports, for one operation or for many at the same time. */
export interface ImportReader {
	/** The records of these imports. */
	search(imports: Imports, sought: Sought): Promise<readonly ImportRecord[]>;
	/** A record as it is now; undefined only when the service said that there is none. */
	look(imports: Imports, record: ImportRecord): Promise<ImportRecord | undefined>;
}

/** How errors name the queueing of so many imports. */
export function importing(count: number): string {
	return `importing ${count} machines`;
}

/** The records of imports, for one operation. Registered machines live on without theirs. */
export class Imports {
	readonly #client: Client;
	readonly #deadline: Deadline;

	constructor(client: Client, deadline: Deadline) {
		this.#client = client;
		this.#deadline = deadline;
	}

	/** Queues an import. Not repeatable: each one that arrives makes another record. */
	async queue(
		inputs: AutopilotInputs,
		importId: string,
		collection = `/v1.0${RECORDS}`,
	): Promise<ImportRecord> {
		const what = `importing ${machineNamed(inputs.serialNumber)}`;
		const body = encodeImport(inputs, importId);
		const call = { what, method: "POST", path: collection, body, deadline: this.#deadline } as const;
		const { json, headers } = await this.#client.call(call);
		return ofMachine(known(decodeRecord(json, headers), what), { what, serialNumber: inputs.serialNumber });
	}

	/**
	 * Queues several imports in one request, none of them repeatable either.
	 *
	 * @returns the records that the answer names, which need not be all; one with another serial number than its import has
	 *   answers none
	 */
	async queueTogether(
		wishes: readonly { readonly inputs: AutopilotInputs; readonly importId: string }[],
	): Promise<ImportRecord[]> {
		const what = importing(wishes.length);
		const path = `/v1.0${RECORDS}/import`;
		const bodies = wishes.map(({ inputs, importId }) => encodeImport(inputs, importId));
		const body = { importedWindowsAutopilotDeviceIdentities: bodies };
		const { json } = await this.#client.call({ what, method: "POST", path, body, deadline: this.#deadline });
		const { value } = members(json);
		if (!Array.isArray(value)) throw new UnreadableAnswer(`${what} failed: the answer is no list`, 200);
		const serials = new Map(wishes.map(({ inputs, importId }) => [importId, inputs.serialNumber]));
		const isOther = ({ importId, serialNumber }: ImportRecord): boolean =>
			serialNumber !== "" && serialNumber !== (serials.get(importId.toLowerCase()) ?? serialNumber);
		return value.flatMap((row) => decodeRecord(row) ?? []).filter((record) => !isOther(record));
	}

	/**
	 * The records of all imports in the tenant.
	 *
	 * @param pages how many pages may be read, besides the one that shows that there are more
	 */
	async list(pages: number): Promise<Listed> {
		const what = "listing imports";
		const listing = { what, path: `/v1.0${RECORDS}`, deadline: this.#deadline };
		const records: ImportRecord[] = [];
		let left = pages;
		for await (const rows of pagesOf(this.#client, listing)) {
			for (const row of rows) {
				const record = decodeRecord(row);
				if (record !== undefined) records.push(record);
			}
			if (left-- === 0) return { records, isWhole: false };
		}
		return { records, isWhole: true };
	}

	/** The records that match, among those of this serial number. */
	async search(serialNumber: string, matches: (record: ImportRecord) => boolean): Promise<ImportRecord[]> {
		const what = `looking for imports of ${machineNamed(serialNumber)}`;
		const listing = {
			what,
			path: `/v1.0${RECORDS}`,
			query: filterFor(serialNumber),
			deadline: this.#deadline,
		};
		const found: ImportRecord[] = [];
		for await (const row of rowsOf(this.#client, listing)) {
			const record = decodeRecord(row);
			if (record !== undefined && record.serialNumber === serialNumber && matches(record)) found.push(record);
		}
		return found;
	}

	/** One record; undefined only when the service said that there is none. */
	async get(id: string, serialNumber: string): Promise<ImportRecord | undefined> {
		const what = `reading the import of ${machineNamed(serialNumber)}`;
		const path = `/v1.0${RECORDS}/${segment(id)}`;
		try {
			const { json, headers } = await this.#client.call({
				what,
				method: "GET",
				path,
				deadline: this.#deadline,
			});
			const record = known(decodeRecord(json, headers), what);
			refuseOther(record.id, { what, id });
			return ofMachine(record, { what, serialNumber });
		} catch (error) {
			if (isGone(error)) return undefined;
			throw error;
		}
	}

	/** Takes a record away, whether it is there or not. The machine stays. */
	async remove(id: string, serialNumber: string): Promise<void> {
		const what = `removing the import's record of ${machineNamed(serialNumber)}`;
		const path = `/v1.0${RECORDS}/${segment(id)}`;
		await this.#client
			.call({ what, method: "DELETE", path, repeatable: true, deadline: this.#deadline })
			.catch((error: unknown) => {
				if (!isGone(error)) throw error;
			});
	}
}

function known(record: ImportRecord | undefined, what: string): ImportRecord {
	if (record !== undefined) return record;
	throw new UnreadableAnswer(`${what} failed: the answer is no import`, 200);
}

/** The record, unless it is of another machine. Which `importId` a service answers is not certain, nor that it tells all. */
function ofMachine(
	record: ImportRecord,
	{ what, serialNumber }: { what: string; serialNumber: string },
): ImportRecord {
	if (record.serialNumber === "" || record.serialNumber === serialNumber) return record;
	throw new UnreadableAnswer(
		`${what} failed: the answer is about another one, ${machineNamed(record.serialNumber)}`,
		200,
	);
}
