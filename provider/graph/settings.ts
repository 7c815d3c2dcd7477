import { ADDRESSES, type Cloud, cloudOf } from "../auth/clouds.ts";
import { entraSettings } from "../auth/entra.settings.ts";
import type { Limits } from "../lifecycle/guard.ts";
import { existingFile } from "../settings/file.ts";
import { limitBy } from "../settings/limit.ts";
import { originIn } from "../settings/origin.ts";
import type { Setting, SettingReader } from "../settings/reader.ts";
import { strictestOnDrift } from "../settings/strictest.ts";
import { type Timeouts, timeoutsOf } from "../settings/timeouts.ts";
import { justificationHeader } from "./justification.ts";

/**
 * Which of Graph's routes are used. `live`: records of imports, and the action updateDeviceProperties. `upload`: the
 * PATCH of the reference page "Update deviceIdentities", with the id in the body. `upload-rooted`: the same below
 * `/deviceManagement/importedWindowsAutopilotDeviceIdentityUploads/{id}`.
 */
export const STRATEGIES = ["live", "upload", "upload-rooted"] as const;

/** One of the choices of Graph's routes. */
export type Strategy = (typeof STRATEGIES)[number];

const MINUTE = 60_000;

/** Imports are documented to take up to 15 minutes; deletions were seen to take 30 until the device is gone. */
const TIMEOUTS = { create: 30 * MINUTE, delete: 45 * MINUTE };

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
	...entraSettings("autopilot"),
} as const satisfies Record<string, Setting>;

/** The settings that say how Autopilot devices are handled and where. */
export interface AutopilotSettings {
	readonly strategy: Strategy;
	readonly cloud: Cloud;
	readonly onDrift: "reconcile" | "fail";
	/** What one run may do. */
	readonly limits: Limits;
	readonly timeouts: Timeouts;
	readonly caFile: string | undefined;
	/** The header's value as it goes out, Base64 already; undefined where nothing is set and no header is sent. */
	readonly approvalJustification: string | undefined;
	/** Where Graph is reached: `https://graph.microsoft.com` unless the endpoint or the cloud says otherwise. */
	readonly origin: string;
	/** What tokens are asked for: `https://graph.microsoft.com/.default`, or of the cloud's Graph; never of the endpoint. */
	readonly scope: string;
}

/** Reads the settings that say how Autopilot devices are handled and where. */
export function autopilotSettings(reader: SettingReader): AutopilotSettings {
	const { endpoint, timeouts, approvalJustification } = AUTOPILOT_SETTINGS;
	const cloud = cloudOf(reader, AUTOPILOT_SETTINGS.cloud);
	const { graph } = ADDRESSES[cloud];
	const url = reader.get(endpoint);
	const justification = reader.get(approvalJustification);
	return {
		strategy: reader.oneOf(AUTOPILOT_SETTINGS.strategy, STRATEGIES) ?? "live",
		cloud,
		onDrift: strictestOnDrift(reader, AUTOPILOT_SETTINGS.onDrift),
		limits: { delete: limitBy(reader, AUTOPILOT_SETTINGS.maxDeletes) },
		timeouts: timeoutsOf(timeouts.key, reader.get(timeouts), TIMEOUTS),
		caFile: existingFile(reader, AUTOPILOT_SETTINGS.caFile),
		approvalJustification:
			justification === undefined ? undefined : justificationHeader(approvalJustification.key, justification),
		origin: url === undefined ? graph : originIn(endpoint.key, url.trim()),
		scope: `${graph}/.default`,
	};
}
