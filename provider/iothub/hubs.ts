import { isDeepStrictEqual } from "node:util";
import { ADDRESSES, type CloudAddresses, cloudOf } from "../auth/clouds.ts";
import { type ConnectionString, parseConnectionString } from "../auth/connectionString.ts";
import type { Credential } from "../auth/credential.ts";
import { entra } from "../auth/entra.ts";
import { sharedAccessKey, sharedAccessSignature } from "../auth/sharedAccess.ts";
import type { Clock } from "../http/clock.ts";
import { ConfigurationError } from "../settings/errors.ts";
import { howToSet, type SettingReader } from "../settings/reader.ts";
import { originOf } from "./endpoint.ts";
import { canonicalHost, isHostName } from "./hostName.ts";
import { IOTHUB_SETTINGS } from "./settings.ts";
import { type KeyOrigin, keyRemedy, type Spare, VARIABLE } from "./spareKey.ts";

/** One hub: its name, where it is reached, and who we are to it. */
export interface Hub {
	readonly hostName: string;
	/** `https://<hostName>` unless `iothub:endpoint` says otherwise. */
	readonly origin: string;
	readonly credential: Credential;
	/** Where the connection string was found that the credential is made of; absent for a sign-in by Microsoft Entra. */
	readonly keyOrigin?: KeyOrigin;
}

/** All hubs that the settings know. */
export class Hubs {
	readonly #reader: SettingReader;
	readonly #clock: Clock;
	readonly #strings: ReadonlyMap<string, ConnectionString>;
	/** The environment variable that holds them; absent where it is the stack's configuration. */
	readonly #variable: string | undefined;

	constructor(reader: SettingReader, clock: Clock) {
		this.#reader = reader;
		this.#clock = clock;
		this.#strings = connectionStrings(reader);
		this.#variable = reader.find(IOTHUB_SETTINGS.connectionString)?.variable;
	}

	/** The host name of devices that name none; an error that tells how to set it where there is none. */
	defaultHost(): string {
		const set = this.#reader.get(IOTHUB_SETTINGS.hostName);
		if (set !== undefined) return validHost(this.#reader, set);
		const [only, ...others] = this.#strings.keys();
		if (only !== undefined && others.length === 0) return only;
		const several =
			others.length > 0
				? " and iothub:connectionString names several hubs"
				: ", nor is iothub:connectionString";
		throw new ConfigurationError(
			IOTHUB_SETTINGS.hostName.key,
			`is not set${several}, so it is not known which hub is meant. ${howToSet(IOTHUB_SETTINGS.connectionString)} ` +
				"The policy needs the permissions RegistryRead and RegistryWrite, as `registryReadWrite` has them. Or sign in " +
				`with Microsoft Entra, as an identity with the role IoT Hub Registry Contributor: ${howToSet(IOTHUB_SETTINGS.hostName)}`,
		);
	}

	/** The hub of this name. Throws where the settings hold no way to sign in to it. */
	open(hostName: string): Hub {
		const host = canonicalHost(hostName);
		const origin = originOf(this.#reader, host);
		const found = this.#strings.get(host);
		if (found === undefined) return { hostName: host, origin, credential: this.#entra(host) };
		const keyOrigin = this.#keyOrigin(host, found);
		return { hostName: host, origin, keyOrigin, credential: this.#credential(host, found, keyOrigin) };
	}

	#entra(host: string): Credential {
		const state = this.#strings.size === 0 ? "is not set" : `has none for hub ${host}`;
		const because = `${IOTHUB_SETTINGS.connectionString.key} ${state}`;
		const scope = addresses(this.#reader).iotHubScope;
		return entra(this.#reader, { settings: IOTHUB_SETTINGS, scope, because, clock: this.#clock });
	}

	#credential(host: string, { access }: ConnectionString, origin: KeyOrigin): Credential {
		if ("signature" in access) {
			const place = origin.variable ?? IOTHUB_SETTINGS.connectionString.key;
			return sharedAccessSignature(access.signature, this.#clock, { place, remedy: keyRemedy(origin) });
		}
		return sharedAccessKey({ hostName: host, name: access.policy, key: access.key }, this.#clock);
	}

	#keyOrigin(host: string, used: ConnectionString): KeyOrigin {
		const spare = this.#variable === undefined ? this.#spare(host, used) : MISSING;
		return { ...(this.#variable === undefined ? {} : { variable: this.#variable }), spare };
	}

	/** What the environment holds for a hub beside the connection string of the stack's configuration. */
	#spare(host: string, used: ConnectionString): Spare {
		const [, environment] = this.#reader.apart();
		try {
			const found = connectionStrings(environment).get(host);
			if (found === undefined) return MISSING;
			if (isDeepStrictEqual(found.access, used.access)) return { is: "same" };
			const origin = { variable: VARIABLE, spare: MISSING };
			return { is: "other", credential: this.#credential(host, found, origin) };
		} catch (error) {
			if (error instanceof ConfigurationError) return { is: "faulty", fault: error.message };
			throw error;
		}
	}
}

const MISSING: Spare = { is: "missing" };

function connectionStrings(reader: SettingReader): ReadonlyMap<string, ConnectionString> {
	const text = reader.get(IOTHUB_SETTINGS.connectionString);
	const strings = text === undefined ? [] : listed(text).map(parseConnectionString);
	const byHost = new Map(strings.map((string) => [validHost(reader, string.hostName), string]));
	if (byHost.size === strings.length) return byHost;
	throw new ConfigurationError(
		IOTHUB_SETTINGS.connectionString.key,
		"holds two connection strings for the same hub; keep one",
	);
}

/** One connection string, one a line, or the JSON list that `pulumi config set --path` makes. */
function listed(text: string): string[] {
	const trimmed = text.trim();
	const items = trimmed.startsWith("[") ? jsonList(trimmed) : trimmed.split(/\r?\n/);
	return items.map((item) => item.trim()).filter((item) => item !== "");
}

function jsonList(text: string): string[] {
	try {
		const list: unknown = JSON.parse(text);
		if (Array.isArray(list) && list.every((item) => typeof item === "string")) return list;
	} catch {
		// Said below, without the text: it holds keys.
	}
	throw new ConfigurationError(
		IOTHUB_SETTINGS.connectionString.key,
		"looks like a list but is no JSON list of texts",
	);
}

/** What the configured cloud has where. */
function addresses(reader: SettingReader): CloudAddresses {
	return ADDRESSES[cloudOf(reader, IOTHUB_SETTINGS.cloud)];
}

function validHost(reader: SettingReader, host: string): string {
	if (isHostName(host)) return canonicalHost(host);
	throw new ConfigurationError(
		IOTHUB_SETTINGS.hostName.key,
		`is "${host}", which is no host name; write it like my-hub.${addresses(reader).iotHubSuffix}, without https:// and without a path`,
	);
}
