import { isDeepStrictEqual } from "node:util";
import { CLOUD_ENDPOINTS, type CloudEndpoints, readCloud } from "../auth/clouds.ts";
import { type ConnectionString, parseConnectionString } from "../auth/connectionString.ts";
import type { Credential } from "../auth/credential.ts";
import { createEntraCredential } from "../auth/entra.ts";
import { createSasKeyCredential, createSasTokenCredential } from "../auth/sharedAccess.ts";
import type { Clock } from "../http/clock.ts";
import { ConfigurationError, type SettingReader } from "../settings/reader.ts";
import { requireCloudHost } from "./cloudHosts.ts";
import {
	CONNECTION_STRING_VARIABLE,
	type FallbackKey,
	type KeySource,
	suggestKeyRemedy,
} from "./fallbackKey.ts";
import { hasConfiguredOrigin, isHostName, normalizeHostName, resolveOrigin } from "./hubAddress.ts";
import { IOTHUB_SETTINGS } from "./settings.ts";

/** A hub: its name, its origin and the credential for it. */
export interface Hub {
	readonly hostName: string;
	/** `https://<hostName>`, unless `iothub:endpoint` names another one. */
	readonly origin: string;
	readonly credential: Credential;
	/** The source of the connection string that contains the key; absent for Microsoft Entra. */
	readonly keySource?: KeySource;
}

/** The hubs in the stack's settings. */
export class Hubs {
	readonly #reader: SettingReader;
	readonly #clock: Clock;
	readonly #connectionStrings: ReadonlyMap<string, ConnectionString>;
	/** The environment variable that contains them; undefined if they are in the stack's configuration. */
	readonly #environmentVariable: string | undefined;
	#signIn: Credential | undefined;

	constructor(reader: SettingReader, clock: Clock) {
		this.#reader = reader;
		this.#clock = clock;
		this.#connectionStrings = readConnectionStrings(reader);
		this.#environmentVariable = reader.getWithSource(IOTHUB_SETTINGS.connectionString)?.variable;
	}

	/** Returns the host name for devices that declare none. Throws a ConfigurationError if the settings name no hub, or several. */
	getDefaultHost(): string {
		const configuredHost = this.#reader.get(IOTHUB_SETTINGS.hostName);
		if (configuredHost !== undefined) return requireHostName(this.#reader, configuredHost);
		const [only, ...others] = this.#connectionStrings.keys();
		if (only !== undefined && others.length === 0) return only;
		const detail =
			others.length > 0
				? " and iothub:connectionString names several hubs"
				: ", nor is iothub:connectionString";
		throw new ConfigurationError(
			IOTHUB_SETTINGS.hostName.key,
			`is not set${detail}, so the hub is not known. ${this.#reader.describeHowToSet(IOTHUB_SETTINGS.connectionString)} ` +
				"The policy needs the permissions RegistryRead and RegistryWrite, which `registryReadWrite` has. Or sign in " +
				`with Microsoft Entra, as an identity with the role IoT Hub Registry Contributor: ${this.#reader.describeHowToSet(IOTHUB_SETTINGS.hostName)}`,
		);
	}

	/**
	 * Returns the hub with this name.
	 *
	 * @throws ConfigurationError if the settings contain no credential for it, or if it is neither a hub of the configured cloud nor named by
	 *   a connection string or an endpoint
	 */
	getHub(hostName: string): Hub {
		const host = normalizeHostName(hostName);
		const origin = resolveOrigin(this.#reader, host);
		const connectionString = this.#connectionStrings.get(host);
		if (connectionString === undefined) return { hostName: host, origin, credential: this.#getSignIn(host) };
		const keySource = this.#findKeySource(host, connectionString);
		return {
			hostName: host,
			origin,
			keySource,
			credential: this.#createSasCredential(host, connectionString, keySource),
		};
	}

	/** Returns the sign-in to Entra, which all hubs share. If it fails, its error names the first hub that needed it. */
	#getSignIn(host: string): Credential {
		this.#signIn ??= this.#createSignIn(host);
		return this.#signIn;
	}

	#createSignIn(host: string): Credential {
		if (!hasConfiguredOrigin(this.#reader, host)) requireCloudHost(this.#reader, host);
		const state = this.#connectionStrings.size === 0 ? "is not set" : `contains none for hub ${host}`;
		const reason = `${IOTHUB_SETTINGS.connectionString.key} ${state}`;
		const scope = getCloudEndpoints(this.#reader).iotHubScope;
		return createEntraCredential(this.#reader, {
			settings: IOTHUB_SETTINGS,
			scope,
			reason,
			clock: this.#clock,
		});
	}

	#createSasCredential(host: string, { access }: ConnectionString, keySource: KeySource): Credential {
		if ("signature" in access) {
			const place = keySource.variable ?? IOTHUB_SETTINGS.connectionString.key;
			return createSasTokenCredential(access.signature, this.#clock, {
				place,
				remedy: suggestKeyRemedy(keySource),
			});
		}
		return createSasKeyCredential({ hostName: host, name: access.policy, key: access.key }, this.#clock);
	}

	#findKeySource(host: string, connectionString: ConnectionString): KeySource {
		const fallback =
			this.#environmentVariable === undefined
				? this.#findFallbackKey(host, connectionString)
				: NO_FALLBACK_KEY;
		return {
			...(this.#environmentVariable === undefined ? {} : { variable: this.#environmentVariable }),
			fallback,
		};
	}

	/** Finds the key for a hub in the environment, if the connection string is from the stack's configuration. */
	#findFallbackKey(host: string, connectionString: ConnectionString): FallbackKey {
		const [, environment] = this.#reader.splitBySource();
		try {
			const found = readConnectionStrings(environment).get(host);
			if (found === undefined) return NO_FALLBACK_KEY;
			if (isDeepStrictEqual(found.access, connectionString.access)) return { status: "same" };
			const keySource = { variable: CONNECTION_STRING_VARIABLE, fallback: NO_FALLBACK_KEY };
			return { status: "other", credential: this.#createSasCredential(host, found, keySource) };
		} catch (error) {
			if (error instanceof ConfigurationError) return { status: "unreadable", problem: error.message };
			throw error;
		}
	}
}

const NO_FALLBACK_KEY: FallbackKey = { status: "missing" };

function readConnectionStrings(reader: SettingReader): ReadonlyMap<string, ConnectionString> {
	const text = reader.get(IOTHUB_SETTINGS.connectionString);
	const { key } = IOTHUB_SETTINGS.connectionString;
	const strings =
		text === undefined
			? []
			: splitConnectionStrings(text).map((string) => parseConnectionString(key, string));
	const byHost = new Map(strings.map((string) => [requireHostName(reader, string.hostName), string]));
	if (byHost.size === strings.length) return byHost;
	throw new ConfigurationError(
		IOTHUB_SETTINGS.connectionString.key,
		"contains two connection strings for the same hub; keep one",
	);
}

/** Splits a setting of one connection string, one per line, or the JSON list that `pulumi config set --path` writes. */
function splitConnectionStrings(text: string): string[] {
	const trimmed = text.trim();
	const items = trimmed.startsWith("[") ? parseJsonList(trimmed) : trimmed.split(/\r?\n/);
	return items.map((item) => item.trim()).filter((item) => item !== "");
}

function parseJsonList(text: string): string[] {
	try {
		const list: unknown = JSON.parse(text);
		if (Array.isArray(list) && list.every((item) => typeof item === "string")) return list;
	} catch {
		// The error below does not contain the text, because the text contains keys.
	}
	throw new ConfigurationError(
		IOTHUB_SETTINGS.connectionString.key,
		"begins with [ but is not a JSON list of strings",
	);
}

/** Returns the endpoints of the configured cloud. */
function getCloudEndpoints(reader: SettingReader): CloudEndpoints {
	return CLOUD_ENDPOINTS[readCloud(reader, IOTHUB_SETTINGS.cloud)];
}

function requireHostName(reader: SettingReader, host: string): string {
	if (isHostName(host)) return normalizeHostName(host);
	throw new ConfigurationError(
		IOTHUB_SETTINGS.hostName.key,
		`is "${host}", which is not a host name; write it like my-hub.${getCloudEndpoints(reader).iotHubHostSuffix}, without https:// and without a path`,
	);
}
