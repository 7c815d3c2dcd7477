import { createIotHubService, type IotHubService } from "../../../provider/iothub/service.ts";
import type { ResourceProvider } from "../../../provider/resource/resourceProvider.ts";
import type {
	DeviceSeed,
	DeviceView,
	Emulator,
	EmulatorOptions,
	LoggedRequest,
} from "../../emulator/emulator.ts";
import { problemsOf as problemsBySwagger } from "../../fixtures/iot-hub/swagger.ts";
import { QuickClock } from "../harness/clocks.ts";
import { MessageRecorder } from "../harness/messages.ts";
import { Resource } from "../harness/resource.ts";
import { type ConnectOptions, LOOPBACK, type Place, type Values } from "./subject.ts";

/** How one process reaches a hub. */
export interface HubOptions extends ConnectOptions {
	/** Configuration besides what reaches the hub. */
	readonly config?: Readonly<Record<string, string>>;
	/** The environment of the process. Default none. */
	readonly env?: Readonly<Record<string, string>>;
}

/** A hub of one's own and the processes that work on it. */
export class HubStage {
	readonly emulator: Emulator;
	readonly words = new MessageRecorder();
	/** What was wrong with any request so far by IoT Hub's own description. */
	readonly problems: string[] = [];
	/** The clock of the latest process. */
	clock = new QuickClock();
	/** Configuration of every process, with which those of one process are mixed. */
	readonly config: Readonly<Record<string, string>>;

	readonly #network: Place["network"];

	private constructor(emulator: Emulator, config: Readonly<Record<string, string>>, { network }: Place) {
		this.emulator = emulator;
		this.#network = network;
		this.config = { ...createSettings(emulator), ...config };
		emulator.control.onRequest((request) => void this.problems.push(...findHubProblems(request)));
	}

	static async start(
		config: Readonly<Record<string, string>> = {},
		options: EmulatorOptions = {},
		place: Place = LOOPBACK,
	): Promise<HubStage> {
		return new HubStage(await place.start(options), config, place);
	}

	/** A new process. An empty text takes a setting away. */
	open({ config, env = {}, clock, timeout = "" }: HubOptions = {}): IotHubService {
		const settings: Record<string, string> = { "iothub:timeouts": timeout, ...this.config, ...config };
		this.clock = clock ?? this.createClock();
		const sources = { config: (key: string) => settings[key] || undefined, env };
		const network = this.#network && { network: this.#network };
		const service = createIotHubService({ sources, clock: this.clock, warn: this.words.say, ...network });
		return { ...service, deviceIdentity: this.words.listenTo(service.deviceIdentity) };
	}

	/** A clock with which the hub's own time passes, ahead of it if need be. */
	createClock(ahead = 0): QuickClock {
		return new QuickClock({ ahead, onPause: (milliseconds) => this.control.clock.advance(milliseconds) });
	}

	/** The devices of a new process. */
	connect(options?: HubOptions): ResourceProvider {
		return this.open(options).deviceIdentity;
	}

	/** A resource whose operations each run in a process like this. */
	createResource(options?: HubOptions): Resource {
		return new Resource(() => this.connect(options));
	}

	/** A resource that has been deployed. */
	async deploy(inputs: Values, options?: HubOptions): Promise<Resource> {
		const resource = this.createResource(options);
		await resource.up(inputs);
		return resource;
	}

	get control(): Emulator["control"] {
		return this.emulator.control;
	}

	/** A device that must be there. */
	getDevice(id: string): DeviceView {
		const device = this.control.devices.get(id);
		if (device === undefined) throw new TypeError(`There is no device ${id}`);
		return device;
	}

	/** Registers a device an hour ago. */
	seed(device: DeviceSeed): DeviceView {
		const { clock, devices } = this.control;
		clock.advance(-HOUR);
		const [seeded] = devices.seed([device]);
		clock.advance(HOUR);
		if (seeded === undefined) throw new TypeError("Nothing was seeded");
		return seeded;
	}

	/** The requests since the last call, as `GET /devices/{id}`. */
	asked(): string[] {
		const asked = this.control.requests.list().map(({ route, method, path }) => route ?? `${method} ${path}`);
		this.control.requests.reset();
		return asked;
	}

	/** The bodies of the PUTs since the last call. */
	puts(): LoggedRequest["body"][] {
		const puts = this.control.requests.list({ route: "PUT /devices/{id}" }).map(({ body }) => body);
		this.control.requests.reset();
		return puts;
	}

	/** All keys of devices and policies. */
	listSecrets(): string[] {
		const devices = this.control.devices
			.list()
			.flatMap(({ authentication: { symmetricKey } }) => [
				symmetricKey.primaryKey,
				symmetricKey.secondaryKey,
			]);
		const policies = this.control.policies
			.list()
			.flatMap(({ primaryKey, secondaryKey }) => [primaryKey, secondaryKey]);
		const { clientSecret, managedIdentity, pipeline } = this.emulator.entra;
		const tokens = [clientSecret, managedIdentity.header, pipeline.requestToken];
		return [...devices, ...policies, ...tokens].filter((secret) => secret !== null);
	}

	close(): Promise<void> {
		return this.emulator.close();
	}
}

const HOUR = 3_600_000;

function createSettings({ iotHub: { url, connectionString }, caFile }: Emulator): Record<string, string> {
	return {
		"iothub:connectionString": connectionString,
		"iothub:endpoint": url,
		...(caFile && { "iothub:caFile": caFile }),
	};
}

const DESCRIBED = "2021-04-12";

/** What is wrong with a request to a hub by IoT Hub's official description; empty where it is in order. */
export function findHubProblems(request: LoggedRequest): readonly string[] {
	const isDescribed = request.service === "iotHub" && request.query["api-version"] === DESCRIBED;
	return isDescribed ? problemsBySwagger(request) : [];
}
