import type { Credential } from "../auth/credential.ts";
import { createEntraCredential } from "../auth/entra.ts";
import { withBufferedMessages } from "../fleet/reporting.ts";
import type { Clock } from "../http/clock.ts";
import { Deadline } from "../http/deadline.ts";
import type { SendRequest } from "../http/pipeline.ts";
import { createTransport } from "../http/transport.ts";
import { BulkReader, limitListTime } from "../resource/bulkReader.ts";
import type { CrudOperation } from "../resource/resourceType.ts";
import type { SettingReader } from "../settings/reader.ts";
import { RepeatedFault } from "../sharedFault.ts";
import { formatNameList, formatQuantity } from "../text/quantities.ts";
import type { ImportRecord } from "./autopilotIdentity.wire.ts";
import { listMachinePages } from "./bulkRead.ts";
import { createGraphClient, type GraphClient } from "./client.ts";
import { ImportBatcher } from "./imports/batch.ts";
import { CoalescedImportReader } from "./imports/reader.ts";
import { type DeferredRecords, Imports } from "./imports/records.ts";
import { describeMachine, Machines } from "./machines.ts";
import type { GraphOperationContext } from "./operationContext.ts";
import type { ListedRow } from "./paging.ts";
import { PollingProgress } from "./polling.ts";
import { AUTOPILOT_SETTINGS, type AutopilotSettings } from "./settings.ts";
import { LiveStrategy } from "./strategy.live.ts";
import type { StrategyContext } from "./strategy.ts";
import { RootedUploadStrategy, UploadStrategy } from "./strategy.upload.ts";
import type { TenantGuard } from "./tenant.ts";
import { UnreadUsers } from "./unreadUser.ts";

/** Dependencies of {@link GraphOperations} that do not come from the stack's settings. */
export interface GraphOperationsOptions {
	readonly clock: Clock;
	/** Shows a warning to the user. */
	warn(text: string): void;
	/**
	 * Whether Pulumi's engine still runs, so that it can store in state what an operation did. Default: it does.
	 */
	readonly isEngineRunning?: () => Promise<boolean>;
	/** Signs requests. Default: Microsoft Entra, as configured by the settings. */
	readonly credential?: Credential;
	/** Sends requests. Default: the network, with the certificate authorities of the settings. */
	readonly network?: SendRequest;
}

const DEADLINE_OPTIONS = { setting: AUTOPILOT_SETTINGS.timeouts.key } as const;

const STRATEGIES = {
	live: LiveStrategy,
	upload: UploadStrategy,
	"upload-rooted": RootedUploadStrategy,
} as const;

/** Creates the context of each operation on a tenant, and holds what the operations of a process share. */
export class GraphOperations {
	readonly #reader: SettingReader;
	readonly #settings: AutopilotSettings;
	readonly #options: GraphOperationsOptions;
	readonly #importBatcher: ImportBatcher;
	readonly #importReader: CoalescedImportReader;
	readonly #listedMachines: BulkReader<ListedRow>;
	readonly #progress: PollingProgress;
	readonly #unreadUsers: UnreadUsers;
	readonly #uploadIds = new Map<string, string>();
	readonly #tenantGuard: TenantGuard;
	#client: GraphClient | undefined;
	#credential: Credential | undefined;

	/** @param tenantGuard checks each token before it is used */
	constructor(
		reader: SettingReader,
		settings: AutopilotSettings,
		{ tenantGuard, ...options }: GraphOperationsOptions & { readonly tenantGuard: TenantGuard },
	) {
		const { clock, warn } = options;
		this.#reader = reader;
		this.#settings = settings;
		this.#options = options;
		this.#tenantGuard = tenantGuard;
		this.#importBatcher = new ImportBatcher(clock);
		this.#importReader = new CoalescedImportReader(clock);
		this.#listedMachines = new BulkReader(() => this.#listMachinePages(), clock.now);
		this.#progress = new PollingProgress(clock, warn);
		this.#unreadUsers = new UnreadUsers(warn);
	}

	/**
	 * Creates the context of an operation that begins now.
	 *
	 * @param deferredRecords collects the import records to discard at the end of a run. Default: each is discarded at once
	 */
	createContext(operation: CrudOperation, deferredRecords?: DeferredRecords): GraphOperationContext {
		const strategyContext = this.#createStrategyContext(operation);
		const { machines, imports, clock, deadline } = strategyContext;
		const strategy = new STRATEGIES[this.#settings.strategy](strategyContext);
		const isDeferred = deferredRecords !== undefined && !strategy.keepsRecords;
		return {
			machines,
			imports,
			importReader: this.#importReader,
			listedMachines: this.#listedMachines,
			clock,
			deadline,
			progress: this.#progress,
			unreadUsers: this.#unreadUsers,
			strategy,
			discardRecord: isDeferred
				? deferredRecords.add
				: async (record) => {
						const error = await this.#tryDiscardRecord({ strategy, imports }, record);
						if (error !== undefined) this.#options.warn(formatLeftRecord(record, error));
					},
		};
	}

	/** Signs in, as the first request would. */
	async signIn(): Promise<void> {
		await this.#getCredential().getAuthorizationHeader();
	}

	/** Creates access to the tenant's machines for one read. */
	createMachines(): Machines {
		return new Machines(this.#getClient(), this.#createDeadline("read"));
	}

	/** Discards the import records of a run, each in an operation of its own. */
	discardRecords(deferredRecords: DeferredRecords): Promise<void> {
		return withBufferedMessages(this.#options.warn, async (warn) => {
			const left: string[] = [];
			await deferredRecords.discardAll(async (record) => {
				const error = await this.#tryDiscardRecord(this.createContext("delete"), record);
				if (error instanceof RepeatedFault) left.push(describeMachine(record.serialNumber));
				else if (error !== undefined) warn(formatLeftRecord(record, error));
			});
			if (left.length > 0) warn(formatLeftRecords(left));
		});
	}

	/**
	 * Removes an import record and its upload. It never throws: the machine is registered, and a leftover record has no effect
	 * except that lists contain it, so the caller only warns. If the engine is gone, state will not have the machine, and the record
	 * stays: by it the next run recognizes the machine.
	 *
	 * @returns the error that prevented the removal; undefined if the record is removed, or stays for the next run
	 */
	async #tryDiscardRecord(
		{ strategy, imports }: Pick<GraphOperationContext, "strategy" | "imports">,
		record: ImportRecord,
	): Promise<Error | undefined> {
		try {
			if ((await this.#options.isEngineRunning?.()) === false) return undefined;
			await strategy.removeUpload(record);
			await imports.remove(record.id, record.serialNumber);
			return undefined;
		} catch (error) {
			return error instanceof Error ? error : new Error(String(error));
		}
	}

	#createStrategyContext(operation: CrudOperation): StrategyContext {
		const client = this.#getClient();
		const deadline = this.#createDeadline(operation);
		return {
			client,
			machines: new Machines(client, deadline),
			imports: new Imports(client, deadline),
			importBatcher: this.#importBatcher,
			clock: this.#options.clock,
			deadline,
			uploadIds: this.#uploadIds,
		};
	}

	#listMachinePages(): ReturnType<typeof listMachinePages> {
		const timeoutMs = limitListTime(this.#settings.timeouts.read);
		const options = { ...DEADLINE_OPTIONS, isShortened: true } as const;
		return listMachinePages(this.#getClient(), new Deadline("read", timeoutMs, this.#options.clock, options));
	}

	#createDeadline(operation: CrudOperation): Deadline {
		return new Deadline(operation, this.#settings.timeouts[operation], this.#options.clock, DEADLINE_OPTIONS);
	}

	/** Returns the tenant's client, created at the first call: a stack without machines needs no sign-in. */
	#getClient(): GraphClient {
		this.#client ??= this.#createClient();
		return this.#client;
	}

	#createClient(): GraphClient {
		const { origin, caFile, approvalJustification: justification } = this.#settings;
		const { clock, network = createTransport({ caFile }) } = this.#options;
		return createGraphClient({ origin, credential: this.#getCredential(), justification, network, clock });
	}

	#getCredential(): Credential {
		this.#credential ??= this.#tenantGuard.guard(
			this.#options.credential ??
				createEntraCredential(this.#reader, {
					settings: AUTOPILOT_SETTINGS,
					scope: this.#settings.scope,
					reason: "Microsoft Graph supports no other sign-in",
					clock: this.#options.clock,
				}),
		);
		return this.#credential;
	}
}

/** How many machines a warning lists. */
const MAX_LISTED_MACHINES = 12;

/** Formats the warning about import records that were not removed because of a shared fault. */
function formatLeftRecords(machines: readonly string[]): string {
	const verb = machines.length === 1 ? "was" : "were";
	return (
		`${formatQuantity(machines.length, "import record")} ${verb} not removed from Intune ` +
		`(${formatNameList(machines, MAX_LISTED_MACHINES)}): the removal would fail for the same reason as an earlier request.`
	);
}

function formatLeftRecord({ id, serialNumber }: ImportRecord, { message }: Error): string {
	return `The import record ${id} of ${describeMachine(serialNumber)} was not removed from Intune: ${message}`;
}
