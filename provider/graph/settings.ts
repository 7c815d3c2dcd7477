import { CLOUD_ENDPOINTS, type Cloud, readCloud } from "../auth/clouds.ts";
import { createEntraSettings } from "../auth/entra.settings.ts";
import type { ChangeLimitsByAction } from "../resource/changeLimits.ts";
import {
	ConfigurationError,
	readExistingFilePath,
	type Setting,
	type SettingReader,
} from "../settings/reader.ts";
import { parseServiceOrigin } from "../settings/serviceOrigin.ts";
import { type ConfiguredOnDrift, readStrictestLimit, readStrictestOnDrift } from "../settings/strictest.ts";
import { parseTimeouts, type Timeouts } from "../settings/timeouts.ts";
import type { SettingNamespace } from "../settings/unknownSettings.ts";

/**
 * The choices of Graph routes. `live`: import records, and the action updateDeviceProperties. `upload`: the
 * PATCH of the reference page "Update deviceIdentities", with the id in the body. `upload-rooted`: the same below
 * `/deviceManagement/importedWindowsAutopilotDeviceIdentityUploads/{id}`.
 */
const STRATEGY_NAMES = ["live", "upload", "upload-rooted"] as const;

/** A choice of Graph routes. */
export type StrategyName = (typeof STRATEGY_NAMES)[number];

/** A tenant id, for messages. */
export const EXAMPLE_TENANT_ID = "6e0d37a4-7f0c-4b1e-9d52-0c1a3f5b7d91";

const MINUTE_MS = 60_000;

/** Default timeouts. Imports are documented to take up to 15 minutes; seen: deletions take 30 until the device is gone. */
const DEFAULT_TIMEOUTS = { create: 30 * MINUTE_MS, delete: 45 * MINUTE_MS };

/** All settings of the `autopilot:` namespace. */
export const AUTOPILOT_SETTINGS = {
	strategy: {
		key: "autopilot:strategy",
		env: ["AUTOPILOT_STRATEGY"],
		example: "live",
		description:
			'The routes of Microsoft Graph. `live`: import records, and the action `updateDeviceProperties`. `upload`: the PATCH of the reference page "Update deviceIdentities", with the id in the body. `upload-rooted`: the same below `/deviceManagement/importedWindowsAutopilotDeviceIdentityUploads/{id}`.',
		default: "`live`",
	},
	endpoint: {
		key: "autopilot:endpoint",
		env: ["AUTOPILOT_ENDPOINT"],
		example: "https://127.0.0.1:8443",
		description:
			"The address of Graph, if it is not that of the cloud: an emulator or a proxy. Plain `http` is allowed only to the local machine.",
	},
	onDrift: {
		key: "autopilot:onDrift",
		env: ["AUTOPILOT_ON_DRIFT"],
		example: "fail",
		description: "The same as `iothub:onDrift`, for machines.",
		default: "`reconcile`",
	},
	maxDeletes: {
		key: "autopilot:maxDeletes",
		env: ["AUTOPILOT_MAX_DELETES"],
		example: "10",
		description: "The same as `iothub:maxDeletes`, for machines.",
		default: "no limit",
	},
	timeouts: {
		key: "autopilot:timeouts",
		env: ["AUTOPILOT_TIMEOUTS"],
		example: "1h",
		description:
			'The time limit of one operation: a duration such as `1h`, or a JSON object by operation: `{"create":"1h"}`. An import takes up to 15 minutes, and deletions of 30 minutes have been seen.',
		default: "create `30m`, delete `45m`, others `20m`",
	},
	caFile: {
		key: "autopilot:caFile",
		env: ["AUTOPILOT_CA_FILE"],
		example: "<file>.pem",
		description:
			"A PEM file with certificate authorities that are trusted for Graph in addition to the system's. Sign-in to Entra uses `NODE_EXTRA_CA_CERTS` instead.",
	},
	approvalJustification: {
		key: "autopilot:approvalJustification",
		env: ["AUTOPILOT_APPROVAL_JUSTIFICATION"],
		example: "'Enrol the kiosks of the new branch'",
		description:
			"The justification that an approver reads in a tenant with Multi Admin Approval: plain text of at most 1024 characters. Every write sends it in the header `x-msft-approval-justification`.",
	},
	formerTenantId: {
		key: "autopilot:formerTenantId",
		env: ["AUTOPILOT_FORMER_TENANT_ID"],
		example: EXAMPLE_TENANT_ID,
		description:
			"The Entra tenant from which the machines of this stack were moved. A run that is signed in to another tenant than state records stops, except if state records this one. Remove it once state records the new tenant.",
	},
	...createEntraSettings("autopilot"),
} as const satisfies Record<string, Setting>;

/** The namespace of these settings. */
export const AUTOPILOT_NAMESPACE: SettingNamespace = {
	name: "autopilot",
	settings: Object.values(AUTOPILOT_SETTINGS),
	guards: [AUTOPILOT_SETTINGS.onDrift, AUTOPILOT_SETTINGS.maxDeletes],
};

/** The settings of the `autopilot:` namespace, except those for sign-in. */
export interface AutopilotSettings {
	readonly strategy: StrategyName;
	readonly cloud: Cloud;
	readonly onDrift: ConfiguredOnDrift;
	/** Limits on the changes of one run. */
	readonly limits: ChangeLimitsByAction;
	readonly timeouts: Timeouts;
	readonly caFile: string | undefined;
	/** The value of the header, in Base64; undefined if it is not set, and then no header is sent. */
	readonly approvalJustification: string | undefined;
	/** The origin of Graph: `https://graph.microsoft.com`, unless the endpoint or the cloud is set. */
	readonly origin: string;
	/** The scope of tokens: `https://graph.microsoft.com/.default`, or that of the cloud's Graph; never that of the endpoint. */
	readonly scope: string;
}

/** Reads the settings. Throws a ConfigurationError if they are invalid. */
export function readAutopilotSettings(reader: SettingReader): AutopilotSettings {
	const { endpoint, timeouts, approvalJustification } = AUTOPILOT_SETTINGS;
	const cloud = readCloud(reader, AUTOPILOT_SETTINGS.cloud);
	const { graphOrigin } = CLOUD_ENDPOINTS[cloud];
	const endpointUrl = reader.get(endpoint);
	const justification = reader.get(approvalJustification);
	return {
		strategy: reader.getOneOf(AUTOPILOT_SETTINGS.strategy, STRATEGY_NAMES) ?? "live",
		cloud,
		onDrift: readStrictestOnDrift(reader, AUTOPILOT_SETTINGS.onDrift),
		limits: { delete: readStrictestLimit(reader, AUTOPILOT_SETTINGS.maxDeletes) },
		timeouts: parseTimeouts(timeouts.key, reader.get(timeouts), DEFAULT_TIMEOUTS),
		caFile: readExistingFilePath(reader, AUTOPILOT_SETTINGS.caFile),
		approvalJustification:
			justification === undefined ? undefined : encodeJustification(approvalJustification.key, justification),
		origin: endpointUrl === undefined ? graphOrigin : parseServiceOrigin(endpoint.key, endpointUrl.trim()),
		scope: `${graphOrigin}/.default`,
	};
}

/**
 * The longest justification, in characters: that of `requestJustification` in "operationApprovalRequest resource type"
 * (Graph beta), which also applies to the decoded header.
 */
const MAX_JUSTIFICATION_LENGTH = 1024;

/**
 * Encodes a text for the header `x-msft-approval-justification`: the Base64 of its UTF-8, which supports any language
 * ("Use Multi Admin Approval with the Microsoft Graph API", step 1).
 *
 * @param key the setting's key, for the message
 * @param text the text that the approver reads
 */
export function encodeJustification(key: string, text: string): string {
	const line = text.trim();
	const problem = findJustificationProblem(line);
	if (problem !== undefined) throw new ConfigurationError(key, problem);
	return Buffer.from(line, "utf8").toString("base64");
}

function findJustificationProblem(line: string): string | undefined {
	if (line === "") return "is blank; say in a few words why the change is made, or remove it";
	if (/\p{Cc}/u.test(line)) return "has a line break or another control character; write it on one line";
	if (line.length > MAX_JUSTIFICATION_LENGTH)
		return `has ${line.length} characters; Intune takes ${MAX_JUSTIFICATION_LENGTH} at most, so shorten it`;
	return undefined;
}
