import { createFleetProvider } from "../fleet/fleetProvider.ts";
import type { Clock } from "../http/clock.ts";
import { Deadline } from "../http/deadline.ts";
import type { SendRequest } from "../http/pipeline.ts";
import { createTransport } from "../http/transport.ts";
import { BulkReader, limitListTime } from "../resource/bulkReader.ts";
import { createRuntimeContext } from "../resource/context.ts";
import { PlanCache } from "../resource/planCache.ts";
import { createResourceProvider, type ResourceProvider } from "../resource/resourceProvider.ts";
import type { CrudOperation } from "../resource/resourceType.ts";
import { SettingReader, type SettingSources } from "../settings/reader.ts";
import { type AdoptableDevices, findAdoptableDevices } from "./adopt.ts";
import { listEtagPages } from "./bulkRead.ts";
import { createHubClient } from "./client.ts";
import { createDeviceFleetType, DEVICE_MEMBER } from "./deviceFleet.type.ts";
import { createDeviceApi } from "./deviceIdentity.api.ts";
import {
	type DeviceFunctionResult,
	getCredentials,
	getDevice,
	type HubReadContext,
	queryDeviceRows,
} from "./deviceIdentity.functions.ts";
import { createDeviceIdentityType } from "./deviceIdentity.type.ts";
import { wire2021 } from "./deviceIdentity.wire.ts";
import { wire2015 } from "./deviceIdentity.wire2015.ts";
import type { DeviceQueryOptions } from "./deviceQuery.ts";
import { normalizeHostName } from "./hubAddress.ts";
import { Hubs } from "./hubs.ts";
import { getRateLimits } from "./rateLimits.ts";
import { readDeviceSettings } from "./settings.ts";
import { TwinAccess } from "./twinEtag.ts";

/** How old a fleet's device may be to count as made by a run of the same program that was interrupted, in milliseconds. */
const MAX_RESUMABLE_AGE_MS = 24 * 3_600_000;

/** All devices of a hub. */
const ALL_DEVICES_QUERY = "SELECT * FROM devices";

/** The world around the service, handed in by the runtime. */
export interface IotHubServiceOptions {
	readonly sources: SettingSources;
	readonly clock: Clock;
	/** Puts a message in front of the user. */
	warn(text: string): void;
	/** Carries requests. Default: the network, with the certificate authorities that the settings name. */
	readonly network?: SendRequest;
}

/** What a lookup names: which hub, if not the configured one, and what in it. */
export interface DeviceFunctionArgs {
	readonly hubHostName?: string;
	readonly deviceId?: string;
	readonly query?: string;
}

/** What is to be taken over: the devices that a query answers, all unless given. */
export type DeviceAdoptionArgs = Pick<DeviceFunctionArgs, "hubHostName" | "query"> &
	Partial<Pick<DeviceQueryOptions, "exact">>;

/** IoT Hub as the runtime offers it: its kinds of resources and its lookups. */
export interface IotHubService {
	readonly deviceIdentity: ResourceProvider;
	readonly deviceFleet: ResourceProvider;
	/** Looks what there is to take over. */
	findAdoptable(args: DeviceAdoptionArgs): Promise<AdoptableDevices>;
	readonly functions: {
		getDevice(args: DeviceFunctionArgs): Promise<DeviceFunctionResult>;
		getCredentials(args: DeviceFunctionArgs): Promise<DeviceFunctionResult>;
		queryDevices(args: DeviceFunctionArgs): Promise<DeviceFunctionResult[]>;
	};
}

/** Puts IoT Hub together from the stack's settings. Throws a ConfigurationError where they make no sense. */
export function createIotHubService({
	sources,
	clock,
	warn,
	network: givenNetwork,
}: IotHubServiceOptions): IotHubService {
	const reader = new SettingReader(sources);
	const settings = readDeviceSettings(reader);
	const hubs = new Hubs(reader, clock);
	const rateLimits = getRateLimits(settings.sku, settings.units);
	const network = givenNetwork ?? createTransport({ caFile: settings.caFile });
	const getClient = memoizeByHost((host) =>
		createHubClient(hubs.getHub(host), { network, rateLimits, clock, warn }),
	);
	const getBulkReader = memoizeByHost((host) => new BulkReader(() => listPages(host), clock.now));
	const codec = settings.apiVersion === "2021-04-12" ? wire2021 : wire2015;
	const twinAccess = new TwinAccess(warn);
	const createDeadline = (operation: CrudOperation): Deadline =>
		new Deadline(operation, settings.timeouts[operation], clock);

	const listPages = (host: string) =>
		listEtagPages(getClient(host), {
			apiVersion: codec.apiVersion,
			deadline: new Deadline("read", limitListTime(settings.timeouts.read), clock),
		});

	const deviceType = createDeviceIdentityType({
		...settings,
		getDefaultHost: () => hubs.getDefaultHost(),
		connect: (operation) =>
			createDeviceApi({
				codec,
				disableOnDelete: settings.disableOnDelete,
				deadline: createDeadline(operation),
				getClient: ({ hubHostName }) => getClient(String(hubHostName ?? hubs.getDefaultHost())),
				twinAccess,
				readListedEtag: async (client, deviceId) =>
					twinAccess.isAllowed(client.hub.hostName)
						? getBulkReader(client.hub.hostName).getRow(deviceId)
						: undefined,
			}),
	});
	const runtime = createRuntimeContext({ warn, clock, limits: settings.limits, onDrift: settings.onDrift });
	const createReadContext = ({ hubHostName }: DeviceFunctionArgs): HubReadContext => ({
		client: getClient(hubHostName ?? hubs.getDefaultHost()),
		codec,
		deadline: createDeadline("read"),
		runtime,
	});
	const fleetType = createDeviceFleetType({
		memberContext: {
			resourceType: { ...deviceType, ...DEVICE_MEMBER },
			runtime,
			planCache: new PlanCache(),
			maxResumableAgeMs: MAX_RESUMABLE_AGE_MS,
			isHiddenFromDisplay: true,
		},
		sku: settings.sku,
		maxInFlight: rateLimits.maxInFlight,
		getDefaultHost: () => hubs.getDefaultHost(),
	});
	return {
		deviceIdentity: createResourceProvider(deviceType, runtime),
		deviceFleet: createFleetProvider(fleetType),
		findAdoptable: ({ query = ALL_DEVICES_QUERY, exact = false, ...args }) =>
			findAdoptableDevices({ context: createReadContext(args), deviceType, fleetType, query, exact }),
		functions: {
			getDevice: async (args) => getDevice(createReadContext(args), requireDeviceId(args)),
			getCredentials: async (args) => getCredentials(createReadContext(args), requireDeviceId(args)),
			queryDevices: (args) => queryDeviceRows(createReadContext(args), args.query ?? ALL_DEVICES_QUERY),
		},
	};
}

function requireDeviceId({ deviceId }: DeviceFunctionArgs): string {
	if (typeof deviceId === "string" && deviceId !== "") return deviceId;
	throw new TypeError("deviceId is missing: name the device to look up");
}

/** One value for each host, however it is spelt. */
function memoizeByHost<Value>(build: (host: string) => Value): (host: string) => Value {
	const values = new Map<string, Value>();
	return (host) => {
		const key = normalizeHostName(host);
		const found = values.get(key) ?? build(key);
		values.set(key, found);
		return found;
	};
}
