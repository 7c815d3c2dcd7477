import { createEntraSettings } from "../auth/entra.settings.ts";
import type { HostNameType } from "../hubName.ts";
import type { ChangeLimitsByAction } from "../resource/changeLimits.ts";
import { readExistingFilePath, type Setting, type SettingReader } from "../settings/reader.ts";
import {
	type ConfiguredOnDrift,
	isTrueInAnySource,
	readStrictestLimit,
	readStrictestOnDrift,
} from "../settings/strictest.ts";
import { parseTimeouts, type Timeouts } from "../settings/timeouts.ts";
import type { SettingNamespace } from "../settings/unknownSettings.ts";

/** The supported api-versions, newest first. */
export const API_VERSIONS = ["2021-04-12", "2015-08-15-preview"] as const;

/** One of the supported api-versions. */
export type ApiVersion = (typeof API_VERSIONS)[number];

/** Editions of a hub, as the Azure portal names them. */
export const SKUS = ["F1", "B1", "B2", "B3", "S1", "S2", "S3"] as const;

/** One of the editions of a hub. */
export type Sku = (typeof SKUS)[number];

/** The kinds of host names in the connection strings of devices. The service's name is not for devices. */
export const DEVICE_HOST_NAME_TYPES = ["classic", "device"] as const satisfies readonly HostNameType[];

/** One of the kinds of host names in the connection strings of devices. */
export type DeviceHostNameType = (typeof DEVICE_HOST_NAME_TYPES)[number];

/** The settings of the `iothub:` namespace. */
export const IOTHUB_SETTINGS = {
	connectionString: {
		key: "iothub:connectionString",
		env: ["IOTHUB_CONNECTION_STRING"],
		secret: true,
		example: "'HostName=<hub>.azure-devices.net;SharedAccessKeyName=<policy>;SharedAccessKey=<key>'",
		description:
			"The connection string of a hub, with the key or a SharedAccessSignature of a policy that has RegistryRead and RegistryWrite. For several hubs: one on each line, or a list. Requests go to its host name, the classic one or the service's (`az iot hub connection-string show --hostname-type service`).",
	},
	hostName: {
		key: "iothub:hostName",
		env: ["IOTHUB_HOST_NAME"],
		example: "<hub>.azure-devices.net",
		description:
			"The hub of devices that do not name one, by its classic host name or the service's. Without a connection string for it, the provider signs in with Microsoft Entra.",
	},
	endpoint: {
		key: "iothub:endpoint",
		env: ["IOTHUB_ENDPOINT"],
		example: "https://127.0.0.1:8443",
		description:
			'The address of the hub, if it is not `https://<hostName>`: an emulator or a private endpoint. An origin for all hubs, or a JSON object of origins by host name: `{"<hostName>":"https://<address>"}`. With Microsoft Entra, a hub that is not a host of the cloud (`<hub>.azure-devices.net`) must be named here. Plain `http` is allowed only to the local machine.',
	},
	apiVersion: {
		key: "iothub:apiVersion",
		env: ["IOTHUB_API_VERSION"],
		example: "2021-04-12",
		description: `The api-version of the requests: ${API_VERSIONS.map((name) => `\`${name}\``).join(" or ")}. The preview version does not support certificates, gateways and parents.`,
		default: `\`${API_VERSIONS[0]}\``,
	},
	storeCredentials: {
		key: "iothub:storeCredentials",
		env: ["IOTHUB_STORE_CREDENTIALS"],
		example: "false",
		description:
			"Whether keys and connection strings are kept in state, as secrets. A device can override it with `storeCredentials`.",
		default: "`true`",
	},
	deviceHostName: {
		key: "iothub:deviceHostName",
		env: ["IOTHUB_DEVICE_HOST_NAME"],
		example: "device",
		description:
			"The host name in the connection strings of devices. `classic`: `<hub>.azure-devices.net`. `device`: `<hub>.device.azure-devices.net`, which requires TLS 1.2 or later with SNI. The name `<hub>.service.azure-devices.net` is not for devices and is never used.",
		default: "`classic`",
	},
	onDrift: {
		key: "iothub:onDrift",
		env: ["IOTHUB_ON_DRIFT"],
		example: "fail",
		description:
			"What to do when somebody else changed a declared field. `reconcile`: the preview shows the change, the update reverts it. `fail`: the run stops and writes nothing. A device or fleet can override it with `onDrift`. If it is `fail` in the configuration or in the environment, `fail` applies.",
		default: "`reconcile`",
	},
	maxDeletes: {
		key: "iothub:maxDeletes",
		env: ["IOTHUB_MAX_DELETES"],
		example: "10",
		description:
			"The maximum number of devices that one run deletes, replaced ones included. The run stops before it exceeds the number; a fleet is counted as a whole before its first write. If it is set in the configuration and in the environment, the smaller number applies.",
		default: "no limit",
	},
	maxDisables: {
		key: "iothub:maxDisables",
		env: ["IOTHUB_MAX_DISABLES"],
		example: "10",
		description:
			"The maximum number of devices that one run disables. It is counted like `iothub:maxDeletes`.",
		default: "no limit",
	},
	maxKeyChanges: {
		key: "iothub:maxKeyChanges",
		env: ["IOTHUB_MAX_KEY_CHANGES"],
		example: "10",
		description:
			"The maximum number of devices that get other keys, other thumbprints or another type of authentication in one run. It is counted like `iothub:maxDeletes`.",
		default: "no limit",
	},
	disableOnDelete: {
		key: "iothub:disableOnDelete",
		env: ["IOTHUB_DISABLE_ON_DELETE"],
		example: "true",
		description:
			"Whether a device that is removed from the program is disabled in the hub instead of deleted. It then counts for `iothub:maxDisables`. If it is `true` in the configuration or in the environment, `true` applies.",
		default: "`false`",
	},
	timeouts: {
		key: "iothub:timeouts",
		env: ["IOTHUB_TIMEOUTS"],
		example: "30m",
		description:
			'The time limit of one operation, pauses for throttling included: a duration such as `30m`, or a JSON object by operation: `{"create":"30m","read":"2m"}`.',
		default: "`20m`",
	},
	caFile: {
		key: "iothub:caFile",
		env: ["IOTHUB_CA_FILE"],
		example: "<file>.pem",
		description:
			"A PEM file with certificate authorities that are trusted for hubs in addition to the system's. Sign-in to Entra uses `NODE_EXTRA_CA_CERTS` instead.",
	},
	sku: {
		key: "iothub:sku",
		env: ["IOTHUB_SKU"],
		example: "S1",
		description: `The edition of the hub: ${SKUS.map((name) => `\`${name}\``).join(", ")}. With it, the provider stays below the hub's throttling limits instead of running into them.`,
	},
	units: {
		key: "iothub:units",
		env: ["IOTHUB_UNITS"],
		example: "1",
		description: "The number of units of that edition.",
		default: "`1`",
	},
	...createEntraSettings("iothub"),
} as const satisfies Record<string, Setting>;

/** The namespace of these settings. */
export const IOTHUB_NAMESPACE: SettingNamespace = {
	name: "iothub",
	settings: Object.values(IOTHUB_SETTINGS),
	guards: [
		IOTHUB_SETTINGS.onDrift,
		IOTHUB_SETTINGS.maxDeletes,
		IOTHUB_SETTINGS.maxDisables,
		IOTHUB_SETTINGS.maxKeyChanges,
		IOTHUB_SETTINGS.disableOnDelete,
	],
};

/** The settings of device resources, parsed and validated. */
export interface DeviceSettings {
	readonly apiVersion: ApiVersion;
	readonly storeCredentials: boolean;
	readonly deviceHostName: DeviceHostNameType;
	readonly onDrift: ConfiguredOnDrift;
	/** How often one run may perform each limited action. */
	readonly limits: ChangeLimitsByAction;
	readonly disableOnDelete: boolean;
	readonly timeouts: Timeouts;
	readonly caFile: string | undefined;
	readonly sku: Sku | undefined;
	readonly units: number;
}

/** Reads the settings of device resources. */
export function readDeviceSettings(reader: SettingReader): DeviceSettings {
	return {
		apiVersion: reader.getOneOf(IOTHUB_SETTINGS.apiVersion, API_VERSIONS) ?? API_VERSIONS[0],
		storeCredentials: reader.getBoolean(IOTHUB_SETTINGS.storeCredentials) ?? true,
		deviceHostName: reader.getOneOf(IOTHUB_SETTINGS.deviceHostName, DEVICE_HOST_NAME_TYPES) ?? "classic",
		onDrift: readStrictestOnDrift(reader, IOTHUB_SETTINGS.onDrift),
		limits: {
			delete: readStrictestLimit(reader, IOTHUB_SETTINGS.maxDeletes),
			disable: readStrictestLimit(reader, IOTHUB_SETTINGS.maxDisables),
			changeKeys: readStrictestLimit(reader, IOTHUB_SETTINGS.maxKeyChanges),
		},
		disableOnDelete: isTrueInAnySource(reader, IOTHUB_SETTINGS.disableOnDelete),
		timeouts: parseTimeouts(IOTHUB_SETTINGS.timeouts.key, reader.get(IOTHUB_SETTINGS.timeouts)),
		caFile: readExistingFilePath(reader, IOTHUB_SETTINGS.caFile),
		sku: reader.getOneOf(IOTHUB_SETTINGS.sku, SKUS),
		units: reader.getPositiveInteger(IOTHUB_SETTINGS.units) ?? 1,
	};
}
