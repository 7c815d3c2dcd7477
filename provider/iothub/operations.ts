import type { Clock } from "../http/clock.ts";
import { Deadline } from "../http/deadline.ts";
import type { SendRequest } from "../http/pipeline.ts";
import { createTransport } from "../http/transport.ts";
import { normalizeHubName } from "../hubName.ts";
import { BulkReader, limitListTime } from "../resource/bulkReader.ts";
import type { CrudOperation } from "../resource/resourceType.ts";
import type { SettingReader } from "../settings/reader.ts";
import { listEtagPages } from "./bulkRead.ts";
import { createHubClient, type HubClient, type HubClientOptions } from "./client.ts";
import { type DeviceCodec, wire2021 } from "./deviceIdentity.wire.ts";
import { wire2015 } from "./deviceIdentity.wire2015.ts";
import { Hubs } from "./hubs.ts";
import type { HubOperationContext } from "./operationContext.ts";
import { getRateLimits } from "./rateLimits.ts";
import { type DeviceSettings, IOTHUB_SETTINGS } from "./settings.ts";
import { TwinAccess } from "./twinEtag.ts";

/** Dependencies of {@link HubOperations} that do not come from the stack's settings. */
export interface HubOperationsOptions {
	readonly clock: Clock;
	/** Shows a warning to the user. */
	warn(text: string): void;
	/** Sends requests. Default: the network, with the certificate authorities that the settings name. */
	readonly network?: SendRequest;
}

const DEADLINE_OPTIONS = { setting: IOTHUB_SETTINGS.timeouts.key } as const;

/** Creates the context of each operation on a hub, and holds what the operations of a process share. */
export class HubOperations {
	/** Which hubs refused to return twins to this process. */
	readonly twinAccess: TwinAccess;
	readonly #hubs: Hubs;
	readonly #codec: DeviceCodec;
	readonly #timeouts: DeviceSettings["timeouts"];
	readonly #clientOptions: HubClientOptions;
	readonly #clients = new Map<string, HubClient>();
	readonly #listedEtags = new Map<string, BulkReader<string>>();

	constructor(
		reader: SettingReader,
		settings: DeviceSettings,
		{ clock, warn, network }: HubOperationsOptions,
	) {
		this.twinAccess = new TwinAccess(warn);
		this.#hubs = new Hubs(reader, clock);
		this.#codec = settings.apiVersion === "2021-04-12" ? wire2021 : wire2015;
		this.#timeouts = settings.timeouts;
		this.#clientOptions = {
			network: network ?? createTransport({ caFile: settings.caFile }),
			rateLimits: getRateLimits(settings.sku, settings.units),
			clock,
			warn,
		};
	}

	/** Returns the name of the configured hub. Throws a ConfigurationError if there is none, or several. */
	getDefaultHost(): string {
		return this.#hubs.getDefaultHost();
	}

	/** Creates the deadline of an operation that begins now. */
	createDeadline(operation: CrudOperation): Deadline {
		return new Deadline(operation, this.#timeouts[operation], this.#clientOptions.clock, DEADLINE_OPTIONS);
	}

	/** Signs in to a hub, as the first request would. */
	async signIn(hostName: string): Promise<void> {
		await this.#getClient(hostName).hub.credential.getAuthorizationHeader();
	}

	/**
	 * Creates the context of an operation on a hub.
	 *
	 * @param hostName the hub's host name; undefined for the configured hub
	 */
	createContext(hostName: string | undefined, deadline: Deadline): HubOperationContext {
		const client = this.#getClient(hostName ?? this.getDefaultHost());
		return { client, codec: this.#codec, deadline, clock: this.#clientOptions.clock };
	}

	/**
	 * Returns the etag of a device from a list of the hub's devices.
	 *
	 * @returns undefined if the list does not contain the device, or is not worth reading
	 */
	async readListedEtag({ client }: HubOperationContext, deviceId: string): Promise<string | undefined> {
		const { hostName } = client.hub;
		return this.twinAccess.isAllowed(hostName) ? this.#getListedEtags(hostName).getRow(deviceId) : undefined;
	}

	#getClient(hostName: string): HubClient {
		// One client for all host names of a hub, because they share its rate limits.
		const hubName = normalizeHubName(hostName);
		const client =
			this.#clients.get(hubName) ?? createHubClient(this.#hubs.getHub(hubName), this.#clientOptions);
		this.#clients.set(hubName, client);
		return client;
	}

	#getListedEtags(hostName: string): BulkReader<string> {
		const listedEtags =
			this.#listedEtags.get(hostName) ??
			new BulkReader(() => this.#listEtagPages(hostName), this.#clientOptions.clock.now);
		this.#listedEtags.set(hostName, listedEtags);
		return listedEtags;
	}

	#listEtagPages(hostName: string): ReturnType<typeof listEtagPages> {
		const timeoutMs = limitListTime(this.#timeouts.read);
		const options = { ...DEADLINE_OPTIONS, isShortened: true } as const;
		const deadline = new Deadline("read", timeoutMs, this.#clientOptions.clock, options);
		return listEtagPages(this.createContext(hostName, deadline));
	}
}
