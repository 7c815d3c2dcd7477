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

const MINUTE_MS = 60_000;

/** Default timeouts. Imports are documented to take up to 15 minutes; seen: deletions take 30 until the device is gone. */
const DEFAULT_TIMEOUTS = { create: 30 * MINUTE_MS, delete: 45 * MINUTE_MS };

/** All settings of the `autopilot:` namespace. */
export const AUTOPILOT_SETTINGS = {
	strategy: {
		key: "autopilot:strategy",
		env: ["AUTOPILOT_STRATEGY"],
		example: "live",
		meaning:
			'Which routes of Graph are used: live (default), records of imports and updateDeviceProperties; upload, the PATCH of Graph\'s reference page "Update deviceIdentities", with the id in the body; upload-rooted, the same below /deviceManagement/importedWindowsAutopilotDeviceIdentityUploads/{id}.',
	},
	endpoint: {
		key: "autopilot:endpoint",
		env: ["AUTOPILOT_ENDPOINT"],
		example: "https://127.0.0.1:8443",
		meaning:
			"Where Graph is reached, if not at the cloud's host: an emulator, a proxy. Plain http only to loopback.",
	},
	onDrift: {
		key: "autopilot:onDrift",
		env: ["AUTOPILOT_ON_DRIFT"],
		example: "fail",
		meaning:
			"What to do about changes made elsewhere: reconcile (default) or fail. Set in both places, fail counts.",
	},
	maxDeletes: {
		key: "autopilot:maxDeletes",
		env: ["AUTOPILOT_MAX_DELETES"],
		example: "10",
		meaning:
			"How many machines one run may delete, replaced ones included; it stops before the next (default: any). Set in both places, the smaller number counts.",
	},
	timeouts: {
		key: "autopilot:timeouts",
		env: ["AUTOPILOT_TIMEOUTS"],
		example: "1h",
		meaning:
			'How long an operation may take: one duration, or an object such as {"create":"1h"} (default 30m to create, for imports take up to 15 minutes, 45m to delete, for deletions were seen to take 30, and 20m for the others).',
	},
	caFile: {
		key: "autopilot:caFile",
		env: ["AUTOPILOT_CA_FILE"],
		example: "<file>.pem",
		meaning:
			"A PEM file with certificate authorities to trust besides the system's when talking to Graph; Entra sign-in goes by NODE_EXTRA_CA_CERTS.",
	},
	approvalJustification: {
		key: "autopilot:approvalJustification",
		env: ["AUTOPILOT_APPROVAL_JUSTIFICATION"],
		example: "'Enrol the kiosks of the new branch'",
		meaning:
			"What the approver reads in a tenant with Multi Admin Approval: plain text of at most 1024 characters, sent with every write in the header x-msft-approval-justification.",
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
