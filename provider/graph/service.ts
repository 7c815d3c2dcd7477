import type { Credential } from "../auth/credential.ts";
import { entra } from "../auth/entra.ts";
import { fleetLifecycle } from "../fleet/fleet.ts";
import { inOneText } from "../fleet/gathered.ts";
import type { OneRun } from "../fleet/kind.ts";
import type { Clock } from "../http/clock.ts";
import { Deadline } from "../http/deadline.ts";
import type { Send } from "../http/message.ts";
import { transport } from "../http/transport.ts";
import type { Remote, Verb } from "../lifecycle/kind.ts";
import { type Lifecycle, lifecycle } from "../lifecycle/lifecycle.ts";
import { Plans } from "../lifecycle/plans.ts";
import { surroundings } from "../lifecycle/surroundings.ts";
import { Sweep, sweepTime } from "../lifecycle/sweep.ts";
import { SettingReader, type SettingSources } from "../settings/reader.ts";
import { adoption, type TenantAdoption } from "./adoption.ts";
import { autopilotFleet, MEMBER } from "./autopilotFleet.ts";
import { type AutopilotInputs, MANAGED } from "./autopilotIdentity.inputs.ts";
import { autopilotKind } from "./autopilotIdentity.kind.ts";
import {
	type AutopilotLookupArgs,
	type Found,
	listMachines,
	lookUpMachine,
} from "./autopilotIdentity.lookup.ts";
import { autopilotRemote } from "./autopilotIdentity.remote.ts";
import type { ImportRecord } from "./autopilotIdentity.wire.ts";
import { type Client, client } from "./client.ts";
import { ImportBatch } from "./importBatch.ts";
import { ImportList } from "./importList.ts";
import { Imports } from "./imports.ts";
import { machinePages } from "./machineSweep.ts";
import { Machines, machineNamed } from "./machines.ts";
import { Progress } from "./progress.ts";
import { RecordsLeft } from "./recordsLeft.ts";
import { AUTOPILOT_SETTINGS, type AutopilotSettings, autopilotSettings } from "./settings.ts";
import { live } from "./strategy.live.ts";
import type { Conversation, Strategy } from "./strategy.ts";
import { rootedUpload, UPLOAD_FIELDS, upload } from "./strategy.upload.ts";

/** The world around the service, handed in by the runtime. */
export interface ServiceOptions {
	readonly sources: SettingSources;
	readonly clock: Clock;
	/** Puts a message in front of the user. */
	say(text: string): void;
	/** Signs requests. Default: Microsoft Entra, as the settings say. */
	readonly credential?: Credential;
	/** Carries requests. Default: the network, with the certificate authorities that the settings name. */
	readonly network?: Send;
}

/** Graph as the runtime offers it: its kinds of resources and its lookups. */
export interface GraphService {
	readonly autopilotIdentity: Lifecycle;
	readonly autopilotFleet: Lifecycle;
	/** Looks what there is to take over. */
	adoption(args: AutopilotLookupArgs): Promise<TenantAdoption>;
	readonly lookups: {
		machine(args: AutopilotLookupArgs): Promise<Found>;
		machines(args: AutopilotLookupArgs): Promise<Found[]>;
	};
}

/** For each strategy what it is in one conversation. */
const STRATEGIES: Readonly<Record<AutopilotSettings["strategy"], (conversation: Conversation) => Strategy>> =
	{
		live: () => live,
		upload,
		"upload-rooted": rootedUpload,
	};

/** Puts Autopilot together from the stack's settings. Throws a ConfigurationError where they make no sense. */
export function graphService(options: ServiceOptions): GraphService {
	const { sources, clock, say } = options;
	const reader = new SettingReader(sources);
	const settings = autopilotSettings(reader);
	const progress = new Progress(clock, say);
	const clientOf = once(() => connected(reader, settings, options));

	const uploads = new Map<string, string>();
	const batch = new ImportBatch(clock);
	const records = new ImportList(clock);
	const pages = () =>
		machinePages(clientOf(), new Deadline("read", sweepTime(settings.timeouts.read), clock));
	const sweep = new Sweep(pages, clock.now);

	const opened = (verb: Verb): { conversation: Conversation; strategy: Strategy } => {
		const deadline = new Deadline(verb, settings.timeouts[verb], clock);
		const imports = new Imports(clientOf(), deadline);
		const conversation = { client: clientOf(), imports, batch, deadline, clock, uploads };
		return { conversation, strategy: STRATEGIES[settings.strategy](conversation) };
	};
	const remoteOf = (verb: Verb, left?: RecordsLeft): Remote<AutopilotInputs> => {
		const { conversation, strategy } = opened(verb);
		const { imports, deadline } = conversation;
		const now = (record: ImportRecord) => discard(conversation, { record, strategy, say });
		return autopilotRemote({
			strategy,
			sweptRow: (id) => sweep.row(id),
			tenant: {
				machines: new Machines(clientOf(), deadline),
				imports,
				records,
				clock,
				deadline,
				progress,
				queue: (inputs, importId) => strategy.queue(conversation, inputs, importId),
				discard: left === undefined || strategy.keepsRecords ? now : left.add,
			},
		});
	};
	const fields = settings.strategy === "live" ? MANAGED : UPLOAD_FIELDS;
	const kind = autopilotKind({
		strategy: settings.strategy,
		fields,
		connect: (verb) => remoteOf(verb),
	});
	const around = surroundings({ say, clock, limits: settings.limits, onDrift: settings.onDrift });
	const member = { ...kind, ...MEMBER };
	const life = { kind: member, around, plans: new Plans(), hidden: true } as const;
	const tidied = (left: RecordsLeft): Promise<void> =>
		inOneText(say, (hear) =>
			left.takeAway((record) => {
				const { conversation, strategy } = opened("delete");
				return discard(conversation, { record, strategy, say: hear });
			}),
		);
	const ofOneRun = (): OneRun<AutopilotInputs> => {
		const left = new RecordsLeft();
		const connect = (verb: Verb) => remoteOf(verb, left);
		return { life: { ...life, kind: { ...member, connect } }, tidyUp: () => tidied(left) };
	};
	const fleet = autopilotFleet({ life, ofOneRun });
	const machines = () => new Machines(clientOf(), new Deadline("read", settings.timeouts.read, clock));
	return {
		autopilotIdentity: lifecycle(kind, around),
		autopilotFleet: fleetLifecycle(fleet),
		adoption: async (args) => adoption({ machines: machines(), kind, fleet, fields }, args),
		lookups: {
			machine: async (args) => lookUpMachine(machines(), args),
			machines: async (args) => listMachines(machines(), args),
		},
	};
}

function connected(
	reader: SettingReader,
	settings: AutopilotSettings,
	{ clock, credential: given, network = transport({ caFile: settings.caFile }) }: ServiceOptions,
): Client {
	const { origin, scope, approvalJustification: justification } = settings;
	const because = "Microsoft Graph knows no other sign-in";
	const credential = given ?? entra(reader, { settings: AUTOPILOT_SETTINGS, scope, because, clock });
	return client({ origin, credential, justification, network, clock });
}

/**
 * Takes an import's record away. One that can't be taken away is told and left: the machine is registered, and the record
 * does no harm but in lists.
 */
async function discard(
	conversation: Conversation,
	{ record, strategy, say }: { record: ImportRecord; strategy: Strategy; say: (text: string) => void },
): Promise<void> {
	try {
		await strategy.tidy(conversation, record);
		await conversation.imports.remove(record.id, record.serialNumber);
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		say(`The import's record ${record.id} of ${machineNamed(record.serialNumber)} is left in Intune: ${why}`);
	}
}

/** Built at the first call that needs it. */
function once<Value>(build: () => Value): () => Value {
	let built: { readonly value: Value } | undefined;
	return () => {
		built ??= { value: build() };
		return built.value;
	};
}
