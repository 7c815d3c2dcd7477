import { isDeepStrictEqual } from "node:util";
import type { ConnectionString } from "../auth/connectionString.ts";
import type { Credential } from "../auth/credential.ts";
import { createEntraCredential } from "../auth/entra.ts";
import { createSasKeyCredential, createSasTokenCredential } from "../auth/sharedAccess.ts";
import type { Clock } from "../http/clock.ts";
import { getHostNameType, normalizeHostName, normalizeHubName } from "../hubName.ts";
import { ConfigurationError, type SettingReader } from "../settings/reader.ts";
import { requireCloudHost } from "./cloudHosts.ts";
import {
	getCloudEndpoints,
	indexByHub,
	readConnectionStrings,
	requireHostName,
} from "./connectionStrings.ts";
import {
	CONNECTION_STRING_VARIABLE,
	type FallbackKey,
	type KeySource,
	suggestKeyRemedy,
} from "./fallbackKey.ts";
import { hasConfiguredOrigin, refuseDeviceHostName, resolveOrigin } from "./hubAddress.ts";
import { IOTHUB_SETTINGS } from "./settings.ts";

/** A hub: its name, its origin and the credential for it. */
export interface Hub {
	/** The name that identifies it ({@link normalizeHubName}), whichever of its host names is configured. */
	readonly hostName: string;
	/** `https://` and the configured host name, unless `iothub:endpoint` names another one. */
	readonly origin: string;
	readonly credential: Credential;
	/** The source of the connection string that contains the key; absent for Microsoft Entra. */
	readonly keySource?: KeySource;
}

/** The hubs in the stack's settings. */
export class Hubs {
	readonly #reader: SettingReader;
	readonly #clock: Clock;
	/** The connection strings by the name that identifies their hub. */
	readonly #connectionStrings: ReadonlyMap<string, ConnectionString>;
	/** The environment variable that contains them; undefined if they are in the stack's configuration. */
	readonly #environmentVariable: string | undefined;
	#signIn: Credential | undefined;

	constructor(reader: SettingReader, clock: Clock) {
		this.#reader = reader;
		this.#clock = clock;
		const connectionStrings = readConnectionStrings(reader);
		for (const { hostName } of connectionStrings)
			refuseDeviceHostName(IOTHUB_SETTINGS.connectionString.key, hostName);
		this.#connectionStrings = indexByHub(connectionStrings);
		this.#environmentVariable = reader.getWithSource(IOTHUB_SETTINGS.connectionString)?.variable;
	}

	/** Returns the name of the hub of devices that declare none. Throws a ConfigurationError if the settings name no hub, or several. */
	getDefaultHost(): string {
		const configuredHost = this.#reader.get(IOTHUB_SETTINGS.hostName);
		if (configuredHost !== undefined) {
			const hostName = requireHostName(this.#reader, configuredHost, IOTHUB_SETTINGS.hostName.key);
			refuseDeviceHostName(IOTHUB_SETTINGS.hostName.key, hostName);
			return normalizeHubName(hostName);
		}
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
	 * @param hostName any of its host names. Requests go to the one in the settings: `hubHostName` of a program only identifies the hub
	 * @throws ConfigurationError if the settings contain no credential for it, or only its host name for devices; or if it is neither a hub of
	 *   the configured cloud nor named by a connection string or an endpoint
	 */
	getHub(hostName: string): Hub {
		const hubName = normalizeHubName(hostName);
		const connectionString = this.#connectionStrings.get(hubName);
		const contacted = this.#chooseHostName(hubName, connectionString);
		const origin = resolveOrigin(this.#reader, contacted);
		if (connectionString === undefined) {
			// Each hub is checked, because all hubs share the sign-in.
			if (!hasConfiguredOrigin(this.#reader, contacted)) requireCloudHost(this.#reader, contacted);
			return { hostName: hubName, origin, credential: this.#getSignIn(hubName) };
		}
		const audience = chooseAudience(origin, contacted);
		const keySource = this.#findKeySource(hubName, audience, connectionString);
		return {
			hostName: hubName,
			origin,
			keySource,
			credential: this.#createSasCredential(audience, connectionString, keySource),
		};
	}

	/** Returns the sign-in to Entra, which all hubs share. If it fails, its error names the first hub that needed it. */
	#getSignIn(hubName: string): Credential {
		this.#signIn ??= this.#createSignIn(hubName);
		return this.#signIn;
	}

	/** Returns the host name in the settings to send requests to: the service's, if one of them is. */
	#chooseHostName(hubName: string, connectionString: ConnectionString | undefined): string {
		// A signature was created for one host name.
		if (connectionString !== undefined && "signature" in connectionString.access)
			return connectionString.hostName;
		const defaultHost = normalizeHostName(this.#reader.get(IOTHUB_SETTINGS.hostName) ?? "");
		const isDefault = normalizeHubName(defaultHost) === hubName;
		if (isDefault) refuseDeviceHostName(IOTHUB_SETTINGS.hostName.key, defaultHost);
		const configured = [connectionString?.hostName ?? hubName, ...(isDefault ? [defaultHost] : [])];
		return configured.find((name) => getHostNameType(name) === "service") ?? configured[0] ?? hubName;
	}

	#createSignIn(host: string): Credential {
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

	/** @param audience the host name for which tokens are signed */
	#createSasCredential(audience: string, { access }: ConnectionString, keySource: KeySource): Credential {
		if ("signature" in access) {
			const place = keySource.variable ?? IOTHUB_SETTINGS.connectionString.key;
			return createSasTokenCredential(access.signature, this.#clock, {
				place,
				remedy: suggestKeyRemedy(keySource),
			});
		}
		return createSasKeyCredential({ hostName: audience, name: access.policy, key: access.key }, this.#clock);
	}

	#findKeySource(hubName: string, audience: string, connectionString: ConnectionString): KeySource {
		const fallback =
			this.#environmentVariable === undefined
				? this.#findFallbackKey(hubName, audience, connectionString)
				: NO_FALLBACK_KEY;
		return {
			...(this.#environmentVariable === undefined ? {} : { variable: this.#environmentVariable }),
			fallback,
			isFromProvider: this.#reader.isFromProvider,
		};
	}

	/**
	 * Finds the key for a hub in the environment, if the connection string is from the stack's configuration. Whichever host name of the
	 * hub the environment names, the key is used for the one in the configuration.
	 */
	#findFallbackKey(hubName: string, audience: string, connectionString: ConnectionString): FallbackKey {
		const [, environment] = this.#reader.splitBySource();
		try {
			const found = indexByHub(readConnectionStrings(environment)).get(hubName);
			if (found === undefined) return NO_FALLBACK_KEY;
			if (isDeepStrictEqual(found.access, connectionString.access)) return { status: "same" };
			const keySource = { variable: CONNECTION_STRING_VARIABLE, fallback: NO_FALLBACK_KEY };
			return { status: "other", credential: this.#createSasCredential(audience, found, keySource) };
		} catch (error) {
			if (error instanceof ConfigurationError) return { status: "unreadable", problem: error.message };
			throw error;
		}
	}
}

const NO_FALLBACK_KEY: FallbackKey = { status: "missing" };

/** Returns the host name for which tokens are signed: the contacted one, unless `iothub:endpoint` leads elsewhere than to the hub. */
function chooseAudience(origin: string, contacted: string): string {
	const { host } = new URL(origin);
	return normalizeHubName(host) === normalizeHubName(contacted) ? host : contacted;
}
