import { randomBytes } from "node:crypto";
import { VirtualClock } from "./clock.ts";
import type { Control } from "./control/control.ts";
import { createControl } from "./control/createControl.ts";
import { HubControl } from "./control/hubControl.ts";
import { createEntra } from "./entra/entra.ts";
import { Issuer, TENANT_ID, TENANT_IDS } from "./entra/issuer.ts";
import { Principals } from "./entra/principals.ts";
import type { Fault } from "./faults/fault.ts";
import { FaultPlan } from "./faults/faultPlan.ts";
import { Autopilot } from "./graph/autopilot.ts";
import { WriteLimiter } from "./graph/dispatch.ts";
import { createGraph } from "./graph/graph.ts";
import { type AutopilotSwitches, DEFAULT_AUTOPILOT } from "./graph/switches.ts";
import type { Service } from "./http/answer.ts";
import { Policies } from "./iotHub/access/policies.ts";
import { createIotHub } from "./iotHub/iotHub.ts";
import { Registry } from "./iotHub/registry.ts";
import { DEFAULT_SWITCHES, type Switches } from "./iotHub/switches.ts";
import { type Sku, Throttle } from "./iotHub/throttle.ts";
import type { Way } from "./traffic/exchange.ts";
import { Gate } from "./traffic/gate.ts";
import { RequestLog } from "./traffic/requestLog.ts";

/** The names by which clients reach the world. */
export interface Address {
	/** The hub's host name in connection strings. */
	readonly hostName: string;
	/** The port of the hub, Graph and the directory. */
	readonly port: number;
	/** The origin of the hub, Graph and the directory, which differ in their paths. */
	readonly origin: string;
}

/** Secrets of the endpoints that return tokens without a client secret. */
export interface TokenSecrets {
	readonly identityHeader: string;
	readonly requestToken: string;
}

/** Everything that is emulated, behind any kind of listener. */
export interface World {
	readonly control: Control;
	/** The first service that owns a request handles it. */
	readonly services: readonly Service[];
	readonly way: Way;
	readonly secrets: TokenSecrets;
}

/** Creates the hub, Graph, the directory and their control. */
export function createWorld(options: EmulatorOptions, { hostName, port, origin }: Address): World {
	const clock = new VirtualClock(options.timeScale);
	const faults = new FaultPlan();
	faults.add(...(options.faults ?? []));
	const traffic = { clock, faults, gate: new Gate(), log: new RequestLog(clock), watchers: new Set<never>() };
	const directory = createDirectory(clock, origin);
	const hub = createHub(options, clock, hostName);
	const graph = createTenant(options, clock, { issuer: directory.issuer, origin });
	const { setting } = hub.registry;
	const audience = { hostName, port, switches: setting.switches };
	const access = { setting, policies: hub.policies, audience, bearers: directory.issuer };
	const control = createControl({
		...traffic,
		...{
			registry: hub.registry,
			getAutopilot: graph.getAutopilot,
			signIn: directory.issuer.switches,
			hub: hub.control,
			policies: hub.policies,
			principals: directory.issuer.principals,
		},
	});
	return {
		control,
		services: [
			directory.service,
			graph.service,
			createIotHub({ registry: hub.registry, access, throttle: hub.throttle }),
		],
		way: { ...traffic, perform: control.perform },
		secrets: directory.secrets,
	};
}

function createDirectory(clock: VirtualClock, origin: string) {
	const issuer = new Issuer(clock, new Principals());
	const secrets = {
		identityHeader: randomBytes(16).toString("hex"),
		requestToken: randomBytes(16).toString("hex"),
	};
	return { issuer, secrets, service: createEntra({ issuer, authority: origin, ...secrets }) };
}

function createTenant(
	options: EmulatorOptions,
	clock: VirtualClock,
	reach: { readonly issuer: Issuer; readonly origin: string },
) {
	const switches = { ...DEFAULT_AUTOPILOT, ...options.autopilot };
	const tenants: ReadonlyMap<string, Autopilot> = new Map(
		TENANT_IDS.map((tenantId) => [
			tenantId,
			new Autopilot(clock, switches, (hardwareIdentifier) =>
				[...tenants].some(
					([otherId, { machines }]) =>
						otherId !== tenantId && machines.withHash(hardwareIdentifier) !== undefined,
				),
			),
		]),
	);
	const getAutopilot = (tenantId: string): Autopilot => {
		const autopilot = tenants.get(tenantId);
		if (autopilot === undefined) throw new TypeError(`There is no tenant ${tenantId}`);
		return autopilot;
	};
	return {
		getAutopilot,
		service: createGraph({
			autopilot: getAutopilot(TENANT_ID),
			getAutopilot,
			limiter: new WriteLimiter(switches),
			...reach,
		}),
	};
}

function createHub(options: EmulatorOptions, clock: VirtualClock, hostName: string) {
	const limits = { maxDevices: options.maxDevices ?? 1_000_000 };
	const switches = { ...DEFAULT_SWITCHES, ...options.switches };
	const hubName = hostName.split(/[.:]/)[0] ?? hostName;
	const registry = new Registry({ clock, switches, limits, hubName });
	const policies = new Policies();
	const throttle = new Throttle(clock);
	const control = new HubControl({ hostName, limits, throttle, policies });
	control.setTier({ sku: options.sku, units: options.units });
	return { registry, policies, throttle, control };
}

/** The options of an emulator. */
export interface EmulatorOptions {
	/** Whether the hub, Graph and the directory use TLS. Default: false. */
	readonly tls?: boolean;
	/** The port of the hub, Graph and the directory. Default: 0, any free port. */
	readonly port?: number;
	/** The hub's host name in connection strings and, with TLS, in the certificate. Default: `localhost:<port>`. */
	readonly hostName?: string;
	/** The tier whose throttles apply. Default: no throttling. */
	readonly sku?: Sku;
	/** Units of the tier. Default: 1. */
	readonly units?: number;
	/** Virtual milliseconds per real one; 0 freezes the clock. Default: 1. */
	readonly timeScale?: number;
	/** The maximum number of devices of the hub. Default: 1 000 000. */
	readonly maxDevices?: number;
	/** Faults from the first request on. Default: none. */
	readonly faults?: readonly Fault[];
	/** The Autopilot service's switches that differ from the defaults: its profile, delays and limits. */
	readonly autopilot?: Partial<AutopilotSwitches>;
	/** The hub's switches that differ from the defaults. */
	readonly switches?: Partial<Switches>;
}
