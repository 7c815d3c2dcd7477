import type { AdoptableMachines } from "./graph/adopt.ts";
import type { MachineFunctionArgs } from "./graph/autopilotIdentity.functions.ts";
import { createGraphService, type GraphService } from "./graph/service.ts";
import { type Clock, systemClock } from "./http/clock.ts";
import type { AdoptableDevices } from "./iothub/adopt.ts";
import {
	createIotHubService,
	type DeviceAdoptionArgs,
	type DeviceFunctionArgs,
	type IotHubService,
} from "./iothub/service.ts";
import type { InspectOptions, InspectResult } from "./resource/inspect.ts";
import type { ResourceProvider } from "./resource/resourceProvider.ts";
import type { SettingSources } from "./settings/reader.ts";
import { type ConfigSource, StackConfig } from "./stackConfig.ts";
import { toPrintable } from "./text/sanitize.ts";
import { prepareErrorForHost, prepareErrorForUser } from "./userErrors.ts";
import type { Values } from "./values.ts";

/** The property in which Pulumi keeps the stored text of a dynamic resource. It is not the lifecycle's business. */
const PROVIDER_PROPERTY = "__provider";

/** The kinds of resources by the name that the stored text carries. These names may never change. */
const RESOURCE_TYPES = {
	deviceIdentity: {
		typeName: "DeviceIdentity",
		getProvider: (config: ConfigSource): ResourceProvider => getIotHub(config).deviceIdentity,
	},
	deviceFleet: {
		typeName: "DeviceFleet",
		getProvider: (config: ConfigSource): ResourceProvider => getIotHub(config).deviceFleet,
	},
	autopilotIdentity: {
		typeName: "AutopilotIdentity",
		getProvider: (config: ConfigSource): ResourceProvider => getGraph(config).autopilotIdentity,
	},
	autopilotFleet: {
		typeName: "AutopilotFleet",
		getProvider: (config: ConfigSource): ResourceProvider => getGraph(config).autopilotFleet,
	},
} as const;

/** The functions by the name under which programs call them. */
const FUNCTIONS = {
	getDeviceIdentity: (config: ConfigSource, args: DeviceFunctionArgs) =>
		getIotHub(config).functions.getDevice(args),
	getDeviceCredentials: (config: ConfigSource, args: DeviceFunctionArgs) =>
		getIotHub(config).functions.getCredentials(args),
	queryDevices: (config: ConfigSource, args: DeviceFunctionArgs) =>
		getIotHub(config).functions.queryDevices(args),
	getAutopilotIdentity: (config: ConfigSource, args: MachineFunctionArgs) =>
		getGraph(config).functions.getMachine(args),
	listAutopilotIdentities: (config: ConfigSource, args: MachineFunctionArgs) =>
		getGraph(config).functions.listMachines(args),
} as const;

/** The name of a function that programs can call. */
export type FunctionName = keyof typeof FUNCTIONS;

const stackConfig = new StackConfig();

/**
 * One call of Pulumi's provider host to a dynamic resource. The shape of this function is a promise to every stored
 * text ever released.
 *
 * @param kind which kind of resource, as the stored text names it
 * @param method the provider's method: `check`, `diff`, `create`, `read`, `update`, `delete`, `configure`
 * @param args the method's arguments
 */
export async function run(kind: string, method: string, args: readonly unknown[]): Promise<unknown> {
	if (method === "configure") return stackConfig.configure(args[0]);
	const { typeName, getProvider } = getResourceType(kind);
	try {
		return await callProvider(getProvider(await stackConfig.waitForConfig()), method, args);
	} catch (error) {
		throw prepareErrorForHost(error, { typeName, storedText: findStoredText(args) });
	}
}

/**
 * One call of a program to a function, in the program's own process.
 *
 * @param name the function
 * @param args its arguments
 * @param config looks up the stack's configuration
 * @throws whatever keeps the function from answering, with what to do and its code behind the message
 */
export async function invoke(name: FunctionName, args: object, config: ConfigSource): Promise<unknown> {
	try {
		return await FUNCTIONS[name](config, args);
	} catch (error) {
		throw prepareErrorForUser(error);
	}
}

/** An object of some stack's state, and how to look at it. */
export interface Inspection extends InspectOptions {
	readonly id: string;
	readonly outputs: Values;
}

/**
 * One look at an object for a report, in a process that is no provider's.
 *
 * @param kind which kind of resource, as the stored text names it
 * @param inspection the object as state has it
 * @param config looks up the stack's configuration
 * @throws TypeError for a kind that this release does not know; whatever keeps the object from being read
 */
export async function inspect(
	kind: string,
	{ id, outputs, ...look }: Inspection,
	config: ConfigSource,
): Promise<InspectResult> {
	return getResourceType(kind).getProvider(config).inspectResource(id, omitProvider(outputs), look);
}

/** What devices a hub has, in a process that is no provider's: to be taken over by a stack. */
export async function adoptDevices(
	args: DeviceAdoptionArgs,
	config: ConfigSource,
): Promise<AdoptableDevices> {
	return getIotHub(config).findAdoptable(args);
}

/** What machines a tenant has, to be taken over in the same way. */
export async function adoptMachines(
	args: MachineFunctionArgs,
	config: ConfigSource,
): Promise<AdoptableMachines> {
	return getGraph(config).findAdoptable(args);
}

const getIotHub = createServiceGetter<IotHubService>(createIotHubService);
const getGraph = createServiceGetter<GraphService>(createGraphService);

/** What a service is made of. */
interface ServiceDependencies {
	readonly sources: SettingSources;
	readonly clock: Clock;
	warn(text: string): void;
}

/** Built once for each configuration, at the first call that needs it; a configuration at fault is reported by each. */
function createServiceGetter<Service>(
	createService: (dependencies: ServiceDependencies) => Service,
): (config: ConfigSource) => Service {
	let latest: { readonly config: ConfigSource; readonly service: Service } | undefined;
	return (config) => {
		if (latest?.config !== config) {
			const sources: SettingSources = { config, env: process.env };
			latest = {
				config,
				service: createService({
					sources,
					clock: systemClock,
					warn: (text) => console.error(toPrintable(text)),
				}),
			};
		}
		return latest.service;
	};
}

function getResourceType(kind: string): (typeof RESOURCE_TYPES)[keyof typeof RESOURCE_TYPES] {
	if (!Object.hasOwn(RESOURCE_TYPES, kind)) throw new TypeError(describeUnknownKind(kind));
	return RESOURCE_TYPES[kind as keyof typeof RESOURCE_TYPES];
}

function callProvider(
	provider: ResourceProvider,
	method: string,
	args: readonly unknown[],
): Promise<unknown> {
	const propertyBags = args.filter((arg) => typeof arg === "object" && arg !== null).map(omitProvider);
	const [first = {}, second = {}] = propertyBags;
	const id = typeof args[0] === "string" ? args[0] : "";
	switch (method) {
		case "check":
			return provider.check(first, second);
		case "diff":
			return provider.diff(id, first, second);
		case "create":
			return provider.create(first);
		case "read":
			return provider.read(id, first);
		case "update":
			return provider.update(id, first, second);
		case "delete":
			return provider.delete(id, first);
		default:
			throw new TypeError(
				`Pulumi called "${method}", which this release of pulumi-device-identity does not know.`,
			);
	}
}

function omitProvider(properties: object): Values {
	return Object.fromEntries(Object.entries(properties).filter(([name]) => name !== PROVIDER_PROPERTY));
}

function findStoredText(args: readonly unknown[]): unknown {
	const texts = args.map((arg) =>
		typeof arg === "object" && arg !== null && PROVIDER_PROPERTY in arg ? arg[PROVIDER_PROPERTY] : undefined,
	);
	return texts.findLast((text) => text !== undefined);
}

function describeUnknownKind(kind: string): string {
	return `State holds a resource of the kind "${kind}", which this release of pulumi-device-identity does not know; install the release that made it, or a later one.`;
}
