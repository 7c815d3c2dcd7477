import { type Config, Configured } from "./configured.ts";
import type { TenantAdoption } from "./graph/adoption.ts";
import type { AutopilotLookupArgs } from "./graph/autopilotIdentity.lookup.ts";
import { type GraphService, graphService } from "./graph/service.ts";
import { type Clock, systemClock } from "./http/clock.ts";
import { printable } from "./http/printable.ts";
import type { HubAdoption } from "./iothub/adoption.ts";
import {
	type HubAdoptionArgs,
	type IotHubService,
	iotHubService,
	type LookupArgs,
} from "./iothub/service.ts";
import type { Finding, Look } from "./lifecycle/inspect.ts";
import type { Values } from "./lifecycle/kind.ts";
import type { Lifecycle } from "./lifecycle/lifecycle.ts";
import { explained, presentable } from "./presentable.ts";
import type { SettingSources } from "./settings/reader.ts";

/** The property in which Pulumi keeps the stored text of a dynamic resource. It is not the lifecycle's business. */
const PROVIDER = "__provider";

/** The kinds of resources by the name that the stored text carries. These names may never change. */
const KINDS = {
	deviceIdentity: {
		title: "DeviceIdentity",
		lifecycle: (config: Config): Lifecycle => iotHub(config).deviceIdentity,
	},
	deviceFleet: {
		title: "DeviceFleet",
		lifecycle: (config: Config): Lifecycle => iotHub(config).deviceFleet,
	},
	autopilotIdentity: {
		title: "AutopilotIdentity",
		lifecycle: (config: Config): Lifecycle => graph(config).autopilotIdentity,
	},
	autopilotFleet: {
		title: "AutopilotFleet",
		lifecycle: (config: Config): Lifecycle => graph(config).autopilotFleet,
	},
} as const;

/** The functions by the name under which programs call them. */
const FUNCTIONS = {
	getDeviceIdentity: (config: Config, args: LookupArgs) => iotHub(config).lookups.device(args),
	getDeviceCredentials: (config: Config, args: LookupArgs) => iotHub(config).lookups.credentials(args),
	queryDevices: (config: Config, args: LookupArgs) => iotHub(config).lookups.query(args),
	getAutopilotIdentity: (config: Config, args: AutopilotLookupArgs) => graph(config).lookups.machine(args),
	listAutopilotIdentities: (config: Config, args: AutopilotLookupArgs) =>
		graph(config).lookups.machines(args),
} as const;

/** The name of a function that programs can call. */
export type FunctionName = keyof typeof FUNCTIONS;

const configured = new Configured();

/**
 * One call of Pulumi's provider host to a dynamic resource. The shape of this function is a promise to every stored
 * text ever released.
 *
 * @param kind which kind of resource, as the stored text names it
 * @param method the provider's method: `check`, `diff`, `create`, `read`, `update`, `delete`, `configure`
 * @param args the method's arguments
 */
export async function run(kind: string, method: string, args: readonly unknown[]): Promise<unknown> {
	if (method === "configure") return configured.set(args[0]);
	const { title, lifecycle } = kindNamed(kind);
	try {
		return await call(lifecycle(await configured.get()), method, args);
	} catch (error) {
		throw presentable(error, { title, provider: storedText(args) });
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
export async function invoke(name: FunctionName, args: object, config: Config): Promise<unknown> {
	try {
		return await FUNCTIONS[name](config, args);
	} catch (error) {
		throw explained(error);
	}
}

/** An object of some stack's state, and how to look at it. */
export interface Inspection extends Look {
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
	config: Config,
): Promise<Finding> {
	return kindNamed(kind).lifecycle(config).inspect(id, withoutProvider(outputs), look);
}

/** What devices a hub has, in a process that is no provider's: to be taken over by a stack. */
export async function adoptDevices(args: HubAdoptionArgs, config: Config): Promise<HubAdoption> {
	return iotHub(config).adoption(args);
}

/** What machines a tenant has, to be taken over in the same way. */
export async function adoptMachines(args: AutopilotLookupArgs, config: Config): Promise<TenantAdoption> {
	return graph(config).adoption(args);
}

const iotHub = built<IotHubService>(iotHubService);
const graph = built<GraphService>(graphService);

/** What a service is made of. */
interface Surroundings {
	readonly sources: SettingSources;
	readonly clock: Clock;
	say(text: string): void;
}

/** Built once for each configuration, at the first call that needs it; a configuration at fault is reported by each. */
function built<Service>(build: (around: Surroundings) => Service): (config: Config) => Service {
	let latest: { readonly config: Config; readonly service: Service } | undefined;
	return (config) => {
		if (latest?.config !== config) {
			const sources: SettingSources = { config, env: process.env };
			latest = {
				config,
				service: build({ sources, clock: systemClock, say: (text) => console.error(printable(text)) }),
			};
		}
		return latest.service;
	};
}

function kindNamed(kind: string): (typeof KINDS)[keyof typeof KINDS] {
	if (!Object.hasOwn(KINDS, kind)) throw new TypeError(unknownKind(kind));
	return KINDS[kind as keyof typeof KINDS];
}

function call(life: Lifecycle, method: string, args: readonly unknown[]): Promise<unknown> {
	const bags = args.filter((arg) => typeof arg === "object" && arg !== null).map(withoutProvider);
	const [first = {}, second = {}] = bags;
	const id = typeof args[0] === "string" ? args[0] : "";
	switch (method) {
		case "check":
			return life.check(first, second);
		case "diff":
			return life.diff(id, first, second);
		case "create":
			return life.create(first);
		case "read":
			return life.read(id, first);
		case "update":
			return life.update(id, first, second);
		case "delete":
			return life.delete(id, first);
		default:
			throw new TypeError(
				`Pulumi called "${method}", which this release of pulumi-device-identity does not know.`,
			);
	}
}

function withoutProvider(bag: object): Values {
	return Object.fromEntries(Object.entries(bag).filter(([name]) => name !== PROVIDER));
}

function storedText(args: readonly unknown[]): unknown {
	const texts = args.map((arg) =>
		typeof arg === "object" && arg !== null && PROVIDER in arg ? arg[PROVIDER] : undefined,
	);
	return texts.findLast((text) => text !== undefined);
}

function unknownKind(kind: string): string {
	return `State holds a resource of the kind "${kind}", which this release of pulumi-device-identity does not know; install the release that made it, or a later one.`;
}
