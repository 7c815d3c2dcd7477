import { fleetLifecycle } from "../fleet/fleet.ts";
import type { Clock } from "../http/clock.ts";
import { Deadline } from "../http/deadline.ts";
import type { Send } from "../http/message.ts";
import { transport } from "../http/transport.ts";
import type { Verb } from "../lifecycle/kind.ts";
import { type Lifecycle, lifecycle } from "../lifecycle/lifecycle.ts";
import { Plans } from "../lifecycle/plans.ts";
import { surroundings } from "../lifecycle/surroundings.ts";
import { Sweep, sweepTime } from "../lifecycle/sweep.ts";
import { SettingReader, type SettingSources } from "../settings/reader.ts";
import { adoption, type HubAdoption } from "./adoption.ts";
import { client } from "./client.ts";
import { deviceFleet, MEMBER } from "./deviceFleet.ts";
import { deviceKind } from "./deviceIdentity.kind.ts";
import {
	type Found,
	type LookupPlace,
	lookUpCredentials,
	lookUpDevice,
	lookUpRows,
} from "./deviceIdentity.lookup.ts";
import { deviceRemote } from "./deviceIdentity.remote.ts";
import { wire2021 } from "./deviceIdentity.wire.ts";
import { wire2015 } from "./deviceIdentity.wire2015.ts";
import { etagPages } from "./etagSweep.ts";
import { canonicalHost } from "./hostName.ts";
import { Hubs } from "./hubs.ts";
import { paceOf } from "./pace.ts";
import { deviceSettings } from "./settings.ts";
import type { SurveyOptions } from "./survey.ts";
import { TwinAccess } from "./twinProbe.ts";

/** How old a fleet's device may be to count as made by a run of the same program that was interrupted, in milliseconds. */
const RESUMES = 24 * 3_600_000;

/** All devices of a hub. */
const EVERYTHING = "SELECT * FROM devices";

/** The world around the service, handed in by the runtime. */
export interface ServiceOptions {
	readonly sources: SettingSources;
	readonly clock: Clock;
	/** Puts a message in front of the user. */
	say(text: string): void;
	/** Carries requests. Default: the network, with the certificate authorities that the settings name. */
	readonly network?: Send;
}

/** What a lookup names: which hub, if not the configured one, and what in it. */
export interface LookupArgs {
	readonly hubHostName?: string;
	readonly deviceId?: string;
	readonly query?: string;
}

/** What is to be taken over: the devices that a query answers, all unless given. */
export type HubAdoptionArgs = Pick<LookupArgs, "hubHostName" | "query"> &
	Partial<Pick<SurveyOptions, "exact">>;

/** IoT Hub as the runtime offers it: its kinds of resources and its lookups. */
export interface IotHubService {
	readonly deviceIdentity: Lifecycle;
	readonly deviceFleet: Lifecycle;
	/** Looks what there is to take over. */
	adoption(args: HubAdoptionArgs): Promise<HubAdoption>;
	readonly lookups: {
		device(args: LookupArgs): Promise<Found>;
		credentials(args: LookupArgs): Promise<Found>;
		query(args: LookupArgs): Promise<Found[]>;
	};
}

/** Puts IoT Hub together from the stack's settings. Throws a ConfigurationError where they make no sense. */
export function iotHubService({ sources, clock, say, network: given }: ServiceOptions): IotHubService {
	const reader = new SettingReader(sources);
	const settings = deviceSettings(reader);
	const hubs = new Hubs(reader, clock);
	const pace = paceOf(settings.sku, settings.units);
	const network = given ?? transport({ caFile: settings.caFile });
	const clientOf = remembered((host) => client(hubs.open(host), { network, pace, clock, say }));
	const sweepOf = remembered((host) => new Sweep(() => pagesOf(host), clock.now));
	const codec = settings.apiVersion === "2021-04-12" ? wire2021 : wire2015;
	const twins = new TwinAccess(say);
	const deadlineOf = (verb: Verb): Deadline => new Deadline(verb, settings.timeouts[verb], clock);

	const pagesOf = (host: string) =>
		etagPages(clientOf(host), {
			apiVersion: codec.apiVersion,
			deadline: new Deadline("read", sweepTime(settings.timeouts.read), clock),
		});

	const kind = deviceKind({
		...settings,
		defaultHost: () => hubs.defaultHost(),
		connect: (verb) =>
			deviceRemote({
				codec,
				disableOnDelete: settings.disableOnDelete,
				deadline: deadlineOf(verb),
				clientOf: ({ hubHostName }) => clientOf(String(hubHostName ?? hubs.defaultHost())),
				twins,
				sweptEtag: async (client, deviceId) =>
					twins.allows(client.hub.hostName) ? sweepOf(client.hub.hostName).row(deviceId) : undefined,
			}),
	});
	const around = surroundings({ say, clock, limits: settings.limits, onDrift: settings.onDrift });
	const place = ({ hubHostName }: LookupArgs): LookupPlace => ({
		client: clientOf(hubHostName ?? hubs.defaultHost()),
		codec,
		deadline: deadlineOf("read"),
		around,
	});
	const fleet = deviceFleet({
		life: { kind: { ...kind, ...MEMBER }, around, plans: new Plans(), resumes: RESUMES, hidden: true },
		sku: settings.sku,
		inFlight: pace.inFlight,
		defaultHost: () => hubs.defaultHost(),
	});
	return {
		deviceIdentity: lifecycle(kind, around),
		deviceFleet: fleetLifecycle(fleet),
		adoption: ({ query = EVERYTHING, exact = false, ...args }) =>
			adoption({ place: place(args), kind, fleet, query, exact }),
		lookups: {
			device: async (args) => lookUpDevice(place(args), named(args)),
			credentials: async (args) => lookUpCredentials(place(args), named(args)),
			query: (args) => lookUpRows(place(args), args.query ?? EVERYTHING),
		},
	};
}

function named({ deviceId }: LookupArgs): string {
	if (typeof deviceId === "string" && deviceId !== "") return deviceId;
	throw new TypeError("deviceId is missing: name the device to look up");
}

/** One value for each host, however it is spelt. */
function remembered<Value>(build: (host: string) => Value): (host: string) => Value {
	const values = new Map<string, Value>();
	return (host) => {
		const key = canonicalHost(host);
		const found = values.get(key) ?? build(key);
		values.set(key, found);
		return found;
	};
}
