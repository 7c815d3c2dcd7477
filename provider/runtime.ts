import { isEngineRunning } from "./engine.ts";
import type { FleetProvider } from "./fleet/fleetProvider.ts";
import type { AdoptableMachines } from "./graph/adopt.ts";
import type { MachineFunctionArgs } from "./graph/autopilotIdentity.functions.ts";
import { createGraphService } from "./graph/service.ts";
import { systemClock } from "./http/clock.ts";
import type { AdoptableDevices } from "./iothub/adopt.ts";
import {
	createIotHubService,
	type DeviceAdoptionArgs,
	type DeviceFunctionArgs,
	type IotHubServiceOptions,
} from "./iothub/service.ts";
import type { InspectOptions, InspectResult } from "./resource/inspect.ts";
import type { ResourceProvider } from "./resource/resourceProvider.ts";
import { type ConfigSource, type MissingSetting, StackConfig } from "./stackConfig.ts";
import { EXPLICIT_PROVIDER_INPUT } from "./stateKeys.ts";
import { toPrintable } from "./text/sanitize.ts";
import {
	addFailureCodes,
	prepareErrorForHost,
	prepareErrorForUser,
	silenceReferences,
} from "./userErrors.ts";
import type { Values } from "./values.ts";

export type { ConfigSource, MissingSetting };

/** The property in which Pulumi keeps the stored text of a dynamic resource. It is not an input or output of any resource type. */
const PROVIDER_PROPERTY = "__provider";

const stackConfig = new StackConfig();

/**
 * Handles one call of Pulumi's provider host to a dynamic resource. Every stored text ever released calls this function, so
 * its signature must never change.
 *
 * @param kind the kind of resource, as the stored text names it
 * @param method the provider's method: `check`, `diff`, `create`, `read`, `update`, `delete`, `configure`
 * @param args the method's arguments
 */
export async function run(kind: string, method: string, args: readonly unknown[]): Promise<unknown> {
	if (method === "configure") {
		if (!stackConfig.isConfigured) silenceReferences(console);
		return stackConfig.configure(args[0]);
	}
	const { typeName, getProvider } = getResourceType(kind);
	if (hasExplicitProvider(args)) stackConfig.markFromProvider();
	try {
		return await callProvider(getProvider(await stackConfig.waitForConfig()), method, args);
	} catch (error) {
		throw prepareErrorForHost(error, { typeName, storedText: findStoredText(args) });
	}
}

/**
 * Handles one call of a program to a function, in the program's own process.
 *
 * @param config returns the stack's configuration by key
 * @throws the error that prevented a result, with the remedy and the code appended to its message
 */
export async function invoke(name: FunctionName, args: object, config: ConfigSource): Promise<unknown> {
	try {
		return await FUNCTIONS[name](config, args);
	} catch (error) {
		throw prepareErrorForUser(error);
	}
}

/** An object in a stack's state, and how to inspect it. */
export interface Inspection extends InspectOptions {
	readonly id: string;
	readonly outputs: Values;
}

/**
 * Inspects an object for a report, outside of the provider host.
 *
 * @param kind the kind of resource, as the stored text names it
 * @param inspection the object from state, and how to inspect it
 * @param config returns the stack's configuration by key
 * @throws TypeError if this release does not support the kind; any error of the read
 */
export async function inspect(
	kind: string,
	{ id, outputs, ...options }: Inspection,
	config: ConfigSource,
): Promise<InspectResult> {
	return getResourceType(kind).getProvider(config).inspectResource(id, omitProvider(outputs), options);
}

/** The result for each member of a fleet, by its name, and the error for each that could not be read. */
export type MemberInspections = Awaited<ReturnType<FleetProvider["inspectMembers"]>>;

/**
 * Inspects each member of a fleet for a report, outside of the provider host.
 *
 * @param fleet the kind of resource, as the stored text names it, and the fleet's outputs in state
 * @param createOptions returns how to inspect a member
 * @param config returns the stack's configuration by key
 * @returns undefined if the resource is not a fleet
 * @throws TypeError if this release does not support the kind; ResourceOperationError if the state is unreadable
 */
export async function inspectMembers(
	{ kind, outputs }: { readonly kind: string; readonly outputs: Values },
	createOptions: (memberName: string) => InspectOptions,
	config: ConfigSource,
): Promise<MemberInspections | undefined> {
	const provider = getResourceType(kind).getProvider(config);
	return provider.inspectMembers?.(omitProvider(outputs), createOptions);
}

/** Finds devices of a hub that a stack can adopt. Runs outside of the provider host. */
export async function adoptDevices(
	args: DeviceAdoptionArgs,
	config: ConfigSource,
): Promise<AdoptableDevices> {
	return getIotHub(config).findAdoptable(args);
}

/** Finds machines of a tenant that a stack can adopt. Runs outside of the provider host. */
export async function adoptMachines(
	args: MachineFunctionArgs,
	config: ConfigSource,
): Promise<AdoptableMachines> {
	return getGraph(config).findAdoptable(args);
}

interface RuntimeResourceType {
	/** The type's name in messages. */
	readonly typeName: string;
	/** Returns the provider; that of a fleet can inspect its members. */
	getProvider(config: ConfigSource): ResourceProvider & Partial<FleetProvider>;
}

/** Resource types by the kind name in the stored text. These names must never change. */
const RESOURCE_TYPES: Readonly<Record<string, RuntimeResourceType>> = {
	deviceIdentity: {
		typeName: "DeviceIdentity",
		getProvider: (config) => getIotHub(config).deviceIdentity,
	},
	deviceFleet: {
		typeName: "DeviceFleet",
		getProvider: (config) => getIotHub(config).deviceFleet,
	},
	autopilotIdentity: {
		typeName: "AutopilotIdentity",
		getProvider: (config) => getGraph(config).autopilotIdentity,
	},
	autopilotFleet: {
		typeName: "AutopilotFleet",
		getProvider: (config) => getGraph(config).autopilotFleet,
	},
};

function getResourceType(kind: string): RuntimeResourceType {
	const resourceType = Object.hasOwn(RESOURCE_TYPES, kind) ? RESOURCE_TYPES[kind] : undefined;
	if (resourceType !== undefined) return resourceType;
	throw new TypeError(
		`State contains a resource of the kind "${kind}", which this release of pulumi-device-identity does not support. Install the release that created it, or a later one.`,
	);
}

/** Functions by the name under which the program calls them. */
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

const getIotHub = createServiceGetter(createIotHubService);
const getGraph = createServiceGetter((options) => createGraphService({ ...options, isEngineRunning }));

type ServiceOptions = Pick<IotHubServiceOptions, "sources" | "clock" | "warn">;

/**
 * Returns a function that creates a service on first use for each configuration function: the provider host has one, a command one for
 * each provider of a stack. If the configuration is invalid, every call reports it.
 */
function createServiceGetter<Service extends object>(
	createService: (options: ServiceOptions) => Service,
): (config: ConfigSource) => Service {
	const services = new WeakMap<ConfigSource, Service>();
	return (config) => {
		const service = services.get(config) ?? createService(createOptions(config));
		services.set(config, service);
		return service;
	};
}

function createOptions(config: ConfigSource): ServiceOptions {
	const { describeHowToSet } = config;
	return {
		sources: { config, env: process.env, ...(describeHowToSet && { describeHowToSet }) },
		clock: systemClock,
		warn: (text) => console.error(toPrintable(text)),
	};
}

function callProvider(
	provider: ResourceProvider,
	method: string,
	args: readonly unknown[],
): Promise<unknown> {
	const callMethod = Object.hasOwn(PROVIDER_METHODS, method) ? PROVIDER_METHODS[method] : undefined;
	if (callMethod !== undefined) return callMethod(provider, args);
	throw new TypeError(
		`Pulumi called "${method}", which this release of pulumi-device-identity does not support.`,
	);
}

/** The methods of a dynamic provider, each with the arguments that the host passes (`pulumi.dynamic.ResourceProvider`). */
const PROVIDER_METHODS: Readonly<
	Record<string, (provider: ResourceProvider, args: readonly unknown[]) => Promise<unknown>>
> = {
	check: async (provider, [olds, news]) =>
		addFailureCodes(await provider.check(toProperties(olds), toProperties(news))),
	diff: (provider, [id, olds, news]) => provider.diff(toId(id), toProperties(olds), toProperties(news)),
	create: (provider, [inputs]) => provider.create(toProperties(inputs)),
	read: (provider, [id, outputs]) => provider.read(toId(id), toProperties(outputs)),
	update: (provider, [id, olds, news]) => provider.update(toId(id), toProperties(olds), toProperties(news)),
	delete: (provider, [id, outputs]) => provider.delete(toId(id), toProperties(outputs)),
};

function toId(arg: unknown): string {
	return typeof arg === "string" ? arg : "";
}

function toProperties(arg: unknown): Values {
	return typeof arg === "object" && arg !== null ? omitProvider(arg) : {};
}

function omitProvider(properties: object): Values {
	return Object.fromEntries(Object.entries(properties).filter(([name]) => name !== PROVIDER_PROPERTY));
}

/** Whether the program gives the resource a provider of its own; the last argument has its latest properties. */
function hasExplicitProvider(args: readonly unknown[]): boolean {
	return toProperties(args.at(-1))[EXPLICIT_PROVIDER_INPUT] === true;
}

function findStoredText(args: readonly unknown[]): unknown {
	const texts = args.map((arg) =>
		typeof arg === "object" && arg !== null && PROVIDER_PROPERTY in arg ? arg[PROVIDER_PROPERTY] : undefined,
	);
	return texts.findLast((text) => text !== undefined);
}
