import type { Credential } from "../../../provider/auth/credential.ts";
import { createGraphService, type GraphService } from "../../../provider/graph/service.ts";
import type { Clock } from "../../../provider/http/clock.ts";
import type { SendRequest } from "../../../provider/http/pipeline.ts";
import type { ResourceProvider } from "../../../provider/resource/resourceProvider.ts";
import {
	type AutopilotSwitches,
	type Emulator,
	type ImportView,
	type LoggedRequest,
	type MachineView,
	OTHER_TENANT_ID,
	type RequestMatch,
} from "../../emulator/emulator.ts";
import { QuickClock } from "../harness/clocks.ts";
import { MessageRecorder } from "../harness/messages.ts";
import { Resource } from "../harness/resource.ts";
import { EntraToken } from "./entraToken.ts";
import { findGraphProblems } from "./graphDescription.ts";
import {
	type ConnectOptions,
	LOOPBACK,
	type OtherTenant,
	type Place,
	type Stage,
	type Values,
} from "./subject.ts";

/** How one process reaches a tenant. */
export interface TenantOptions extends ConnectOptions {
	/** Configuration besides what reaches the tenant. */
	readonly config?: Readonly<Record<string, string>>;
	/** Signs its requests. Default an application that may do everything. */
	readonly credential?: Credential;
	/** A clock for operations that run at the same time. */
	readonly shared?: Clock;
	/** Carries requests. Default: the real network. */
	readonly network?: SendRequest;
	/** Whether the engine that started the process still runs. Default: it does. */
	readonly isEngineRunning?: () => Promise<boolean>;
}

/** A tenant of one's own, in which time passes only while the provider pauses, and the processes that work on it. */
export class TenantStage {
	readonly emulator: Emulator;
	readonly words = new MessageRecorder();
	/** What was wrong with any request so far. */
	readonly problems: string[] = [];
	/** All hardware hashes that were ever sent or seeded. */
	readonly hashes = new Set<string>();
	/** The clock of the latest process. */
	clock = new QuickClock();
	/** Configuration of every process, with which those of one process are mixed. */
	readonly config: Readonly<Record<string, string>>;
	readonly token: EntraToken;
	/** Signs in to the other tenant. */
	readonly foreignToken: EntraToken;
	readonly otherTenant: OtherTenant;

	readonly #network: Place["network"];
	#isNextForeign: (() => boolean) | undefined;

	private constructor(emulator: Emulator, config: Readonly<Record<string, string>>, place: Place) {
		this.emulator = emulator;
		this.#network = place.network;
		this.config = { "autopilot:endpoint": emulator.graph.url, ...config };
		this.token = new EntraToken(emulator, undefined, place.fetch);
		this.foreignToken = new EntraToken(emulator, undefined, place.fetch, OTHER_TENANT_ID);
		const { otherTenantMachines } = emulator.control;
		this.otherTenant = {
			signIn: (isNext) => {
				this.#isNextForeign = isNext;
			},
			count: () => otherTenantMachines.list().length + otherTenantMachines.imports().length,
		};
		emulator.control.onRequest((request) => {
			this.problems.push(...findGraphProblems(request));
			for (const hash of listHashes(request.body)) this.hashes.add(hash);
		});
	}

	static async start(
		config: Readonly<Record<string, string>> = {},
		autopilot: Partial<AutopilotSwitches> = {},
		place: Place = LOOPBACK,
	): Promise<TenantStage> {
		const emulator = await place.start({ timeScale: 0, autopilot: { writeLimit: 0, ...autopilot } });
		const stage = new TenantStage(emulator, config, place);
		await stage.token.getAuthorizationHeader();
		return stage;
	}

	/** A new process. An empty text takes a setting away. */
	open({
		config,
		clock,
		timeout = "",
		shared,
		network = this.#network,
		credential = this.#createCredential(),
		isEngineRunning,
	}: TenantOptions = {}): GraphService {
		const settings: Record<string, string> = {
			"autopilot:timeouts": timeout,
			...this.config,
			...config,
		};
		this.clock = clock ?? this.createClock();
		const sources = { config: (key: string) => settings[key] || undefined, env: {} };
		const { say } = this.words;
		const service = createGraphService({
			sources,
			clock: shared ?? this.clock,
			warn: say,
			credential,
			...(network && { network }),
			...(isEngineRunning && { isEngineRunning }),
		});
		return { ...service, autopilotIdentity: this.words.listenTo(service.autopilotIdentity) };
	}

	#createCredential(): Credential {
		return this.token.replaceHeader(() =>
			(this.#isNextForeign?.() ? this.foreignToken : this.token).getAuthorizationHeader(),
		);
	}

	/** A clock with which the tenant's own time passes. */
	createClock(): QuickClock {
		return new QuickClock({ onPause: (milliseconds) => this.control.clock.advance(milliseconds) });
	}

	/** The machines of a new process. */
	connect(options?: TenantOptions): ResourceProvider {
		return this.open(options).autopilotIdentity;
	}

	/** A resource whose operations each run in a process like this. */
	createResource(options?: TenantOptions): Resource {
		return new Resource(() => this.connect(options));
	}

	/** A resource that has been deployed. */
	async deploy(inputs: Values, options?: TenantOptions): Promise<Resource> {
		const resource = this.createResource(options);
		await resource.up(inputs);
		return resource;
	}

	get control(): Emulator["control"] {
		return this.emulator.control;
	}

	/** Lets time pass that nobody waits for. */
	pass(milliseconds: number): void {
		this.control.clock.advance(milliseconds);
	}

	/** The one machine of a serial number. */
	getMachine(serialNumber: string): MachineView {
		const [machine, ...others] = this.control.machines.find(serialNumber);
		if (machine === undefined || others.length > 0)
			throw new TypeError(`${others.length} of ${serialNumber}`);
		return machine;
	}

	/** The import records of the tenant. */
	listRecords(): ImportView[] {
		return this.control.machines.imports();
	}

	/** The requests to Graph so far; those for tokens do not count. */
	get requests(): Stage["requests"] {
		const { requests } = this.control;
		const matchGraph = (match: RequestMatch = {}) => ({ service: "graph", ...match });
		return {
			list: (match) => requests.list(matchGraph(match)),
			count: (match) => requests.count(matchGraph(match)),
			reset: () => requests.reset(),
		};
	}

	/** The requests since the last call, as `GET /deviceManagement/…`. */
	asked(): string[] {
		const asked = this.requests.list().map(({ route, method, path }) => route ?? `${method} ${path}`);
		this.control.requests.reset();
		return asked;
	}

	/** The bodies of the requests that match, in order. */
	bodies(match: RequestMatch): LoggedRequest["body"][] {
		return this.requests.list(match).map(({ body }) => body);
	}

	/** All hashes, what they begin with, and all tokens. */
	listSecrets(): string[] {
		const hashes = [...this.hashes, ...this.control.machines.list().map((each) => each.hardwareIdentifier)];
		const known = hashes.filter((hash) => hash !== "");
		const tokens = [...this.token.bought, ...this.foreignToken.bought];
		return [...known, ...known.map((hash) => hash.slice(0, 60)), ...tokens];
	}

	close(): Promise<void> {
		return this.emulator.close();
	}
}

/** The hashes of an import, or of many in one request. */
function listHashes(body: unknown): string[] {
	const { importedWindowsAutopilotDeviceIdentities: many = [body] } = Object(body);
	const hashes = many.map((each: unknown) => Object(each).hardwareIdentifier);
	return hashes.filter((hash: unknown) => typeof hash === "string");
}
