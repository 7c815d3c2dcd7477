import { createEntraSettings } from "../auth/entra.settings.ts";
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

/** The settings of the `iothub:` namespace. */
export const IOTHUB_SETTINGS = {
	connectionString: {
		key: "iothub:connectionString",
		env: ["IOTHUB_CONNECTION_STRING"],
		secret: true,
		example: "'HostName=<hub>.azure-devices.net;SharedAccessKeyName=<policy>;SharedAccessKey=<key>'",
		meaning:
			"A hub's connection string with a policy that may read and write the registry; for several hubs one a line, or a list.",
	},
	hostName: {
		key: "iothub:hostName",
		env: ["IOTHUB_HOST_NAME"],
		example: "<hub>.azure-devices.net",
		meaning:
			"The hub of devices that name none; without a connection string for it, the sign-in is Microsoft Entra's.",
	},
	endpoint: {
		key: "iothub:endpoint",
		env: ["IOTHUB_ENDPOINT"],
		example: "https://127.0.0.1:8443",
		meaning:
			"Where hubs are reached, if not at https://<hostName>: an emulator, a private endpoint; or an object that says it by host name. Plain http only to loopback.",
	},
	apiVersion: {
		key: "iothub:apiVersion",
		env: ["IOTHUB_API_VERSION"],
		example: "2021-04-12",
		meaning: `The service's dialect: ${API_VERSIONS.join(" (default) or ")}.`,
	},
	storeCredentials: {
		key: "iothub:storeCredentials",
		env: ["IOTHUB_STORE_CREDENTIALS"],
		example: "false",
		meaning: "Whether keys and connection strings are kept in state, as secrets (default true).",
	},
	onDrift: {
		key: "iothub:onDrift",
		env: ["IOTHUB_ON_DRIFT"],
		example: "fail",
		meaning:
			"What to do about changes made elsewhere: reconcile (default) or fail. Set in both places, fail counts.",
	},
	maxDeletes: {
		key: "iothub:maxDeletes",
		env: ["IOTHUB_MAX_DELETES"],
		example: "10",
		meaning:
			"How many devices one run may delete, replaced ones included; it stops before the next (default: any). Set in both places, the smaller number counts, as for the other limits.",
	},
	maxDisables: {
		key: "iothub:maxDisables",
		env: ["IOTHUB_MAX_DISABLES"],
		example: "10",
		meaning: "How many devices one run may disable; the plan stops at the next (default: any).",
	},
	maxKeyChanges: {
		key: "iothub:maxKeyChanges",
		env: ["IOTHUB_MAX_KEY_CHANGES"],
		example: "10",
		meaning:
			"How many devices may get other keys, thumbprints or another type of authentication in one run; the plan stops at the next (default: any).",
	},
	disableOnDelete: {
		key: "iothub:disableOnDelete",
		env: ["IOTHUB_DISABLE_ON_DELETE"],
		example: "true",
		meaning:
			"Whether a device that leaves the program is disabled in the hub instead of deleted (default false); it counts as disabled. Set in both places, true counts.",
	},
	timeouts: {
		key: "iothub:timeouts",
		env: ["IOTHUB_TIMEOUTS"],
		example: "30m",
		meaning:
			'How long an operation may take, pauses for throttling included: one duration, or an object such as {"create":"30m"} (default 20m each).',
	},
	caFile: {
		key: "iothub:caFile",
		env: ["IOTHUB_CA_FILE"],
		example: "<file>.pem",
		meaning:
			"A PEM file with certificate authorities to trust besides the system's when talking to hubs; Entra sign-in goes by NODE_EXTRA_CA_CERTS.",
	},
	sku: {
		key: "iothub:sku",
		env: ["IOTHUB_SKU"],
		example: "S1",
		meaning: `The hub's edition, to keep below its throttles: ${SKUS.join(", ")}.`,
	},
	units: {
		key: "iothub:units",
		env: ["IOTHUB_UNITS"],
		example: "1",
		meaning: "How many units of that edition the hub has (default 1).",
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
