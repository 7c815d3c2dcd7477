import type { Credential } from "../auth/credential.ts";
import { createEntraCredential } from "../auth/entra.ts";
import { createFleetProvider } from "../fleet/fleetProvider.ts";
import type { RunScope } from "../fleet/fleetType.ts";
import { withBufferedMessages } from "../fleet/reporting.ts";
import type { Clock } from "../http/clock.ts";
import { Deadline } from "../http/deadline.ts";
import type { SendRequest } from "../http/pipeline.ts";
import { createTransport } from "../http/transport.ts";
import { BulkReader, limitListTime } from "../resource/bulkReader.ts";
import { createRuntimeContext } from "../resource/context.ts";
import { PlanCache } from "../resource/planCache.ts";
import { createResourceProvider, type ResourceProvider } from "../resource/resourceProvider.ts";
import type { CrudOperation, ResourceApi } from "../resource/resourceType.ts";
import { SettingReader, type SettingSources } from "../settings/reader.ts";
import { type AdoptableMachines, findAdoptableMachines } from "./adopt.ts";
import { createAutopilotFleetType, MACHINE_MEMBER } from "./autopilotFleet.type.ts";
import { createMachineApi } from "./autopilotIdentity.api.ts";
import {
	getMachine,
	listMachines,
	type MachineFunctionArgs,
	type MachineFunctionResult,
} from "./autopilotIdentity.functions.ts";
import { type AutopilotInputs, MANAGED_FIELDS } from "./autopilotIdentity.inputs.ts";
import { createAutopilotIdentityType } from "./autopilotIdentity.type.ts";
import type { ImportRecord } from "./autopilotIdentity.wire.ts";
import { listMachinePages } from "./bulkRead.ts";
import { createGraphClient, type GraphClient } from "./client.ts";
import { ImportBatcher } from "./imports/batch.ts";
import { CoalescedImportReader } from "./imports/reader.ts";
import { DeferredRecords, Imports } from "./imports/records.ts";
import { describeMachine, Machines } from "./machines.ts";
import { PollingProgress } from "./polling.ts";
import { AUTOPILOT_SETTINGS, type AutopilotSettings, readAutopilotSettings } from "./settings.ts";
import { liveStrategy } from "./strategy.live.ts";
import type { Strategy, StrategyContext } from "./strategy.ts";
import { createRootedUploadStrategy, createUploadStrategy, UPLOAD_FIELDS } from "./strategy.upload.ts";

/** The world around the service, handed in by the runtime. */
export interface GraphServiceOptions {
	readonly sources: SettingSources;
	readonly clock: Clock;
	/** Puts a message in front of the user. */
	warn(text: string): void;
	/** Signs requests. Default: Microsoft Entra, as the settings say. */
	readonly credential?: Credential;
	/** Carries requests. Default: the network, with the certificate authorities that the settings name. */
	readonly network?: SendRequest;
}

/** Graph as the runtime offers it: its kinds of resources and its lookups. */
export interface GraphService {
	readonly autopilotIdentity: ResourceProvider;
	readonly autopilotFleet: ResourceProvider;
	/** Looks what there is to take over. */
	findAdoptable(args: MachineFunctionArgs): Promise<AdoptableMachines>;
	readonly functions: {
		getMachine(args: MachineFunctionArgs): Promise<MachineFunctionResult>;
		listMachines(args: MachineFunctionArgs): Promise<MachineFunctionResult[]>;
	};
}

/** For each strategy what it is in one strategyContext. */
const STRATEGY_FACTORIES: Readonly<
	Record<AutopilotSettings["strategy"], (context: StrategyContext) => Strategy>
> = {
	live: () => liveStrategy,
	upload: createUploadStrategy,
	"upload-rooted": createRootedUploadStrategy,
};

/** Puts Autopilot together from the stack's settings. Throws a ConfigurationError where they make no sense. */
export function createGraphService(options: GraphServiceOptions): GraphService {
	const { sources, clock, warn } = options;
	const reader = new SettingReader(sources);
	const settings = readAutopilotSettings(reader);
	const progress = new PollingProgress(clock, warn);
	const getClient = memoize(() => createClient(reader, settings, options));

	const uploads = new Map<string, string>();
	const batch = new ImportBatcher(clock);
	const importReader = new CoalescedImportReader(clock);
	const listPages = () =>
		listMachinePages(getClient(), new Deadline("read", limitListTime(settings.timeouts.read), clock));
	const bulkReader = new BulkReader(listPages, clock.now);

	const openStrategy = (
		operation: CrudOperation,
	): { strategyContext: StrategyContext; strategy: Strategy } => {
		const deadline = new Deadline(operation, settings.timeouts[operation], clock);
		const imports = new Imports(getClient(), deadline);
		const strategyContext = { client: getClient(), imports, batch, deadline, clock, uploads };
		return { strategyContext, strategy: STRATEGY_FACTORIES[settings.strategy](strategyContext) };
	};
	const createApi = (operation: CrudOperation, deferred?: DeferredRecords): ResourceApi<AutopilotInputs> => {
		const { strategyContext, strategy } = openStrategy(operation);
		const { imports, deadline } = strategyContext;
		const discardNow = (record: ImportRecord) => discardRecord(strategyContext, { record, strategy, warn });
		return createMachineApi({
			strategy,
			readListedRow: (id) => bulkReader.getRow(id),
			context: {
				machines: new Machines(getClient(), deadline),
				imports,
				importReader,
				clock,
				deadline,
				progress,
				queue: (inputs, importId) => strategy.queue(strategyContext, inputs, importId),
				discard: deferred === undefined || strategy.keepsRecords ? discardNow : deferred.add,
			},
		});
	};
	const fields = settings.strategy === "live" ? MANAGED_FIELDS : UPLOAD_FIELDS;
	const machineType = createAutopilotIdentityType({
		strategy: settings.strategy,
		fields,
		connect: (operation) => createApi(operation),
	});
	const runtime = createRuntimeContext({ warn, clock, limits: settings.limits, onDrift: settings.onDrift });
	const memberType = { ...machineType, ...MACHINE_MEMBER };
	const memberContext = {
		resourceType: memberType,
		runtime,
		planCache: new PlanCache(),
		isHiddenFromDisplay: true,
	} as const;
	const cleanUpRecords = (deferred: DeferredRecords): Promise<void> =>
		withBufferedMessages(warn, (collect) =>
			deferred.discardAll((record) => {
				const { strategyContext, strategy } = openStrategy("delete");
				return discardRecord(strategyContext, { record, strategy, warn: collect });
			}),
		);
	const beginRun = (): RunScope<AutopilotInputs> => {
		const deferred = new DeferredRecords();
		const connect = (operation: CrudOperation) => createApi(operation, deferred);
		return {
			memberContext: { ...memberContext, resourceType: { ...memberType, connect } },
			cleanup: () => cleanUpRecords(deferred),
		};
	};
	const fleetType = createAutopilotFleetType({ memberContext, beginRun });
	const createMachines = () => new Machines(getClient(), new Deadline("read", settings.timeouts.read, clock));
	return {
		autopilotIdentity: createResourceProvider(machineType, runtime),
		autopilotFleet: createFleetProvider(fleetType),
		findAdoptable: async (args) =>
			findAdoptableMachines({ machines: createMachines(), machineType, fleetType, fields }, args),
		functions: {
			getMachine: async (args) => getMachine(createMachines(), args),
			listMachines: async (args) => listMachines(createMachines(), args),
		},
	};
}

function createClient(
	reader: SettingReader,
	settings: AutopilotSettings,
	{
		clock,
		credential: givenCredential,
		network = createTransport({ caFile: settings.caFile }),
	}: GraphServiceOptions,
): GraphClient {
	const { origin, scope, approvalJustification: justification } = settings;
	const reason = "Microsoft Graph knows no other sign-in";
	const credential =
		givenCredential ?? createEntraCredential(reader, { settings: AUTOPILOT_SETTINGS, scope, reason, clock });
	return createGraphClient({ origin, credential, justification, network, clock });
}

/**
 * Takes an import's record away. One that can't be taken away is told and left: the machine is registered, and the record
 * does no harm but in lists.
 */
async function discardRecord(
	context: StrategyContext,
	{ record, strategy, warn }: { record: ImportRecord; strategy: Strategy; warn: (text: string) => void },
): Promise<void> {
	try {
		await strategy.cleanUp(context, record);
		await context.imports.remove(record.id, record.serialNumber);
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		warn(
			`The import's record ${record.id} of ${describeMachine(record.serialNumber)} is left in Intune: ${reason}`,
		);
	}
}

/** Built at the first call that needs it. */
function memoize<Value>(build: () => Value): () => Value {
	let cached: { readonly value: Value } | undefined;
	return () => {
		cached ??= { value: build() };
		return cached.value;
	};
}
