import type { Clock } from "../http/clock.ts";
import { Deadline } from "../http/deadline.ts";
import { transport } from "../http/transport.ts";
import type { OnDrift, Verb } from "../lifecycle/kind.ts";
import { type Lifecycle, lifecycle } from "../lifecycle/lifecycle.ts";
import { SettingReader, type SettingSources } from "../settings/reader.ts";
import { type Client, client } from "./client.ts";
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
import { canonicalHost } from "./hostName.ts";
import { Hubs } from "./hubs.ts";
import { paceOf } from "./pace.ts";
import { deviceSettings } from "./settings.ts";
import { TwinAccess } from "./twinProbe.ts";

/** The world around the service, handed in by the runtime. */
export interface ServiceOptions {
	readonly sources: SettingSources;
	readonly clock: Clock;
	/** Puts a message in front of the user. */
	say(text: string): void;
}

/** What a lookup names: which hub, if not the configured one, and what in it. */
export interface LookupArgs {
	readonly hubHostName?: string;
	readonly deviceId?: string;
	readonly query?: string;
}

/** IoT Hub as the runtime offers it: its kinds of resources and its lookups. */
export interface IotHubService {
	readonly deviceIdentity: Lifecycle;
	readonly lookups: {
		device(args: LookupArgs): Promise<Found>;
		credentials(args: LookupArgs): Promise<Found>;
		query(args: LookupArgs): Promise<Found[]>;
	};
}

/** Puts IoT Hub together from the stack's settings. Throws a ConfigurationError where they make no sense. */
export function iotHubService({ sources, clock, say }: ServiceOptions): IotHubService {
	const reader = new SettingReader(sources);
	const settings = deviceSettings(reader);
	const hubs = new Hubs(reader, clock);
	const pace = paceOf(settings.sku, settings.units);
	const network = transport({ caFile: settings.caFile });
	const clientOf = remembered((host) => client(hubs.open(host), { network, pace, clock }));
	const codec = settings.apiVersion === "2021-04-12" ? wire2021 : wire2015;
	const twins = new TwinAccess(say);
	const deadlineOf = (verb: Verb): Deadline => new Deadline(verb, settings.timeouts[verb], clock);

	const kind = deviceKind({
		...settings,
		defaultHost: () => hubs.defaultHost(),
		connect: (verb) =>
			deviceRemote({
				codec,
				deadline: deadlineOf(verb),
				clientOf: ({ hubHostName }) => clientOf(String(hubHostName ?? hubs.defaultHost())),
				twins,
			}),
	});
	const place = ({ hubHostName }: LookupArgs): LookupPlace => ({
		client: clientOf(hubHostName ?? hubs.defaultHost()),
		codec,
		deadline: deadlineOf("read"),
	});
	return {
		deviceIdentity: lifecycle(kind, {
			say,
			wait: clock.sleep,
			now: clock.now,
			onDrift: (): OnDrift => settings.onDrift,
		}),
		lookups: {
			device: async (args) => lookUpDevice(place(args), named(args)),
			credentials: async (args) => lookUpCredentials(place(args), named(args)),
			query: (args) => lookUpRows(place(args), args.query ?? "SELECT * FROM devices"),
		},
	};
}

function named({ deviceId }: LookupArgs): string {
	if (typeof deviceId === "string" && deviceId !== "") return deviceId;
	throw new TypeError("deviceId is missing: name the device to look up");
}

/** One client for each host, however it is spelt. */
function remembered(build: (host: string) => Client): (host: string) => Client {
	const clients = new Map<string, Client>();
	return (host) => {
		const key = canonicalHost(host);
		const found = clients.get(key) ?? build(key);
		clients.set(key, found);
		return found;
	};
}
