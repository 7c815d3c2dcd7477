import { createHash } from "node:crypto";
import { isPlaceholderSerial } from "../../rules/machineValues.ts";
import type { AutopilotInputs } from "../autopilotIdentity.inputs.ts";
import type { ImportRecord } from "../autopilotIdentity.wire.ts";
import { describeMachine } from "../machines.ts";
import type { GraphOperationContext } from "../operationContext.ts";
import { MAX_LIST_LAG_MS, pollUntil } from "../polling.ts";
import { isAnonymous } from "./records.ts";
import { isInProgress } from "./wait.ts";

/** The imports of one machine, as one operation knows them. */
export class OwnImports {
	/** The id that all imports of the machine have, in lower case. */
	readonly importId: string;
	/** The name of the machine in messages. */
	readonly machineLabel: string;
	readonly #context: GraphOperationContext;
	readonly #inputs: AutopilotInputs;
	/** Ids of records that are removed. A list may still contain them. */
	readonly #removedIds = new Set<string>();
	/** Ids of the records without an import id that existed before the first request of this operation. */
	#earlierIds: ReadonlySet<string> | undefined;
	#lagEndsAt = 0;
	#isLost = false;
	/** Whether the service keeps import ids, as far as a response to this operation has shown. */
	#areIdsKept = true;

	constructor(context: GraphOperationContext, inputs: AutopilotInputs) {
		this.#context = context;
		this.#inputs = inputs;
		this.importId = resolveImportId(inputs);
		this.machineLabel = describeMachine(inputs.serialNumber);
	}

	/** Whether a request of this operation may have queued an import whose record it does not know. */
	get isLost(): boolean {
		return this.#isLost;
	}

	/** Registers that a request that queues an import begins or ends: from now on the list may lag. */
	noteRequest(): void {
		this.#lagEndsAt = this.#context.clock.now() + MAX_LIST_LAG_MS;
	}

	/** Registers that the response to such a request was lost. */
	noteLostResponse(): void {
		this.noteRequest();
		this.#isLost = true;
	}

	/** Registers the record of a request: it shows whether the service keeps import ids. */
	noteQueued(record: ImportRecord): void {
		this.#areIdsKept = !isAnonymous(record);
	}

	/** Registers that a record is removed, so that it is not found again. */
	noteRemoved({ id }: ImportRecord): void {
		this.#removedIds.add(id);
	}

	/** Lists the records of the machine's imports, in any state. Some may be removed already, and new ones may be missing. */
	async list(): Promise<readonly ImportRecord[]> {
		const records = await this.#search();
		return records.filter(({ importId }) => importId.toLowerCase() === this.importId);
	}

	/**
	 * Lists the records without an import id that a request of this operation can have created: they have appeared since, for the same
	 * machine with the same values. None, unless a response has shown that the service does not keep the ids of imports: otherwise such
	 * a record is another tool's.
	 */
	async #listUnidentified(): Promise<readonly ImportRecord[]> {
		const { serialNumber, groupTag = "", assignedUserPrincipalName = "" } = this.#inputs;
		if (!this.#isLost || this.#areIdsKept || isPlaceholderSerial(serialNumber)) return [];
		const created = (await this.#search()).filter(
			(record) =>
				isAnonymous(record) &&
				!this.#earlierIds?.has(record.id) &&
				(record.groupTag ?? "") === groupTag &&
				(record.assignedUserPrincipalName ?? "") === assignedUserPrincipalName,
		);
		return created.length === 1 ? created : [];
	}

	async #search(): Promise<readonly ImportRecord[]> {
		const { imports, importReader } = this.#context;
		const { serialNumber } = this.#inputs;
		const records = await importReader.search(imports, { serialNumber, importId: this.importId });
		this.#earlierIds ??= new Set(records.filter(isAnonymous).map(({ id }) => id));
		return records.filter(({ id }) => !this.#removedIds.has(id));
	}

	/** Reads a record of the list again; undefined if it was removed. */
	async read(listed: ImportRecord): Promise<ImportRecord | undefined> {
		const record = await this.#context.imports.get(listed.id, listed.serialNumber);
		if (record === undefined) this.noteRemoved(listed);
		return record;
	}

	/**
	 * Finds one record: preferably one in progress, or else a complete one. It is read again, because a list may contain a
	 * record that was removed, or an earlier state of it.
	 */
	find(): Promise<ImportRecord | undefined> {
		return this.#findIn(() => this.list());
	}

	async #findIn(list: () => Promise<readonly ImportRecord[]>): Promise<ImportRecord | undefined> {
		for (;;) {
			const candidate = pickBest(await list());
			if (candidate === undefined) return undefined;
			const record = await this.read(candidate);
			if (record !== undefined) return record;
		}
	}

	/**
	 * Finds one record as {@link find} does; searches for it until the list cannot lag behind the last request any more. If none has the
	 * import id by then, finds one without an id that a lost request of this operation must have created.
	 */
	async findWhileListLags(onPause: () => void = () => undefined): Promise<ImportRecord | undefined> {
		const { clock, deadline } = this.#context;
		const reason = (): string => `the import of ${this.machineLabel} is not listed yet.`;
		const options = { clock, deadline, reason, onPause };
		const found = await pollUntil(() => this.find(), options, this.#lagEndsAt);
		return found ?? this.#findIn(() => this.#listUnidentified());
	}
}

function pickBest(records: readonly ImportRecord[]): ImportRecord | undefined {
	return (
		records.find(isInProgress) ??
		records.find(({ state }) => state.deviceImportStatus === "complete") ??
		records[0]
	);
}

/**
 * Returns the declared import id, or derives a stable one from the properties that identify the machine (UUIDv8, RFC 9562
 * §5.8), so that the next run finds the import of an interrupted one.
 */
export function resolveImportId(inputs: AutopilotInputs): string {
	const { importId, serialNumber, hardwareIdentifier = "", productKey = "" } = inputs;
	if (importId) return importId.toLowerCase();
	const bytes = createHash("sha256")
		.update([serialNumber, hardwareIdentifier, productKey].join("\n"))
		.digest();
	bytes[6] = 0x80 | ((bytes[6] ?? 0) & 0x0f);
	bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
	const hex = bytes.subarray(0, 16).toString("hex");
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
