import { createFleetProvider, type FleetProvider } from "../fleet/fleetProvider.ts";
import { createRuntimeContext } from "../resource/context.ts";
import { PlanCache } from "../resource/planCache.ts";
import { createResourceProvider, type ResourceProvider } from "../resource/resourceProvider.ts";
import type { ResourceType } from "../resource/resourceType.ts";
import { SettingReader, type SettingSources } from "../settings/reader.ts";
import { refuseUnknownSettings } from "../settings/unknownSettings.ts";
import { isUnknown } from "../values.ts";
import { type AdoptableDevices, findAdoptableDevices } from "./adopt.ts";
import { createDeviceFleetType, DEVICE_MEMBER } from "./deviceFleet.type.ts";
import { DeviceApi } from "./deviceIdentity.api.ts";
import {
	type DeviceFunctionResult,
	getCredentials,
	getDevice,
	queryDeviceRows,
} from "./deviceIdentity.functions.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";
import { createDeviceIdentityType } from "./deviceIdentity.type.ts";
import type { DeviceQueryOptions } from "./deviceQuery.ts";
import type { HubOperationContext } from "./operationContext.ts";
import { HubOperations, type HubOperationsOptions } from "./operations.ts";
import { getRateLimits } from "./rateLimits.ts";
import { IOTHUB_NAMESPACE, readDeviceSettings } from "./settings.ts";

/** How old a fleet's device can be to count as created by an interrupted run of the same program, in milliseconds. */
const MAX_RESUMABLE_AGE_MS = 24 * 3_600_000;

/** The query for all devices of a hub. */
const ALL_DEVICES_QUERY = "SELECT * FROM devices";

/** Dependencies of the service, given by the runtime. */
export interface IotHubServiceOptions extends HubOperationsOptions {
	readonly sources: SettingSources;
}

/** Arguments of the provider functions for devices: the hub, if not the configured one, and what to read from it. */
export interface DeviceFunctionArgs {
	readonly hubHostName?: string;
	readonly deviceId?: string;
	readonly query?: string;
}

/** The devices to adopt: those that a query returns. Default: all. */
export type DeviceAdoptionArgs = Pick<DeviceFunctionArgs, "hubHostName" | "query"> &
	Partial<Pick<DeviceQueryOptions, "exact">>;

/** The IoT Hub half of the runtime: resource providers, provider functions and adoption. */
export interface IotHubService {
	readonly deviceIdentity: ResourceProvider;
	readonly deviceFleet: FleetProvider;
	/** Finds the devices that a stack can adopt. */
	findAdoptable(args: DeviceAdoptionArgs): Promise<AdoptableDevices>;
	readonly functions: {
		getDevice(args: DeviceFunctionArgs): Promise<DeviceFunctionResult>;
		getCredentials(args: DeviceFunctionArgs): Promise<DeviceFunctionResult>;
		queryDevices(args: DeviceFunctionArgs): Promise<DeviceFunctionResult[]>;
	};
}

/** Creates the service from the stack's settings. Throws a ConfigurationError if they are invalid. */
export function createIotHubService({ sources, ...options }: IotHubServiceOptions): IotHubService {
	const { clock, warn } = options;
	refuseUnknownSettings(sources, IOTHUB_NAMESPACE);
	const reader = new SettingReader(sources);
	const settings = readDeviceSettings(reader);
	const operations = new HubOperations(reader, settings, options);
	const getDefaultHost = () => operations.getDefaultHost();
	const deviceType: ResourceType<DeviceInputs> = {
		...createDeviceIdentityType({
			...settings,
			getDefaultHost,
			connect: (operation) => new DeviceApi(operations, operation, settings),
		}),
		async signIn({ hubHostName }) {
			if (typeof hubHostName === "string" && !isUnknown(hubHostName)) await operations.signIn(hubHostName);
		},
	};
	const runtime = createRuntimeContext({ warn, clock, limits: settings.limits, onDrift: settings.onDrift });
	const fleetType = createDeviceFleetType({
		memberContext: {
			resourceType: { ...deviceType, ...DEVICE_MEMBER },
			runtime,
			planCache: new PlanCache(),
			maxResumableAgeMs: MAX_RESUMABLE_AGE_MS,
			isHiddenFromDisplay: true,
		},
		sku: settings.sku,
		maxInFlight: getRateLimits(settings.sku, settings.units).maxInFlight,
		getDefaultHost,
	});
	const createContext = ({ hubHostName }: DeviceFunctionArgs): HubOperationContext =>
		operations.createContext(hubHostName, operations.createDeadline("read"));
	return {
		deviceIdentity: createResourceProvider(deviceType, runtime),
		deviceFleet: createFleetProvider(fleetType),
		findAdoptable: async ({ query = ALL_DEVICES_QUERY, exact = false, ...args }) =>
			findAdoptableDevices({ context: createContext(args), deviceType, fleetType, query, exact }),
		functions: {
			getDevice: async (args) => getDevice(createContext(args), requireDeviceId(args)),
			getCredentials: async (args) =>
				getCredentials(createContext(args), requireDeviceId(args), settings.deviceHostName),
			queryDevices: async (args) => queryDeviceRows(createContext(args), args.query ?? ALL_DEVICES_QUERY),
		},
	};
}

function requireDeviceId({ deviceId }: DeviceFunctionArgs): string {
	if (typeof deviceId === "string" && deviceId !== "") return deviceId;
	throw new TypeError("deviceId is missing: set the id of the device to look up");
}
