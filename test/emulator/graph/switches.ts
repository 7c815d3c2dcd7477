import { type JsonObject, readSettings, type SettingRules } from "../json.ts";

/**
 * How the Autopilot service behaves where its documentation and what was seen of it differ, or where neither says enough,
 * and how long it takes. Times are milliseconds of the virtual clock.
 */
export interface AutopilotSwitches {
	/**
	 * "live": the routes that answer today. "seed": besides them the ones of the draft reference page "Update
	 * deviceIdentities" (`PATCH /importedWindowsAutopilotDeviceIdentityUpload/deviceIdentities`) and their rooted form.
	 * Default "live".
	 */
	profile: "live" | "seed";
	/** Whether entities carry etags and `If-Match` counts; only under the profile "seed". Default false. */
	etags: boolean;
	/** From a create or `import` to its end. Default 60 000. */
	importDelay: number;
	/** Whether a record is `pending` in the second half of that time, and not `unknown` all along. Default false. */
	pendingPhase: boolean;
	/** The most imports that one call of `import` may bring; 0 for as many as it likes, for no limit is published. Default 0. */
	importLimit: number;
	/** The longest body of `import` in characters, beyond which the call is 413; 0 for any. Default 0. */
	importSize: number;
	/** What a call of `import` queues in which one item makes no sense: nothing, or what stands before that item. Default "nothing". */
	refusedImport: "nothing" | "before";
	/** How many records the answer to `import` names, the first ones; 0 for all. Default 0. */
	importsNamed: number;
	/** From a create or `import` until the list has the record. Default 0. */
	listDelay: number;
	/** Whether the list of records leaves blank how far imports are. Default false. */
	listBlanksStates: boolean;
	/** From the end of an import until the identity can be read. Default 1000. */
	syncDelay: number;
	/** From the end of an import until the identity can be deleted. Default 0. */
	materialiseDelay: number;
	/** From an accepted change until it can be read. Default 0. */
	propagationDelay: number;
	/** From an accepted deletion until the identity is gone. Default 0. */
	deleteDelay: number;
	/** How long a sync of the tenant takes. Default 60 000. */
	tenantSyncDelay: number;
	/** DELETE and updateDeviceProperties answer 200 as observed, or 204 as documented. Default "observed". */
	statuses: "observed" | "documented";
	/** How the hash that is never given out is written. Default "null". */
	hiddenHash: "null" | "empty";
	/** How ids of a machine that has not been seen yet are written: "" or the GUID of zeros. Default "empty". */
	unsetIds: "empty" | "zero";
	/** The number that goes with ZtdDeviceAssignedToOtherTenant; 806 was seen too. Default 808. */
	foreignCode: 808 | 806;
	/** The number that goes with ZtdDeviceDuplicated; nobody published it. Default 815. */
	duplicatedCode: number;
	/** Whether a member that the type does not have is refused, or passed over. Default "reject". */
	unknownProperties: "reject" | "ignore";
	/** Whether `$filter` on identities knows `contains` at all. Default "contains". */
	identityFilter: "contains" | "none";
	/** A hyphen in the text of `contains`: 400, or taken as it is. Default "reject". */
	hyphenFilter: "reject" | "accept";
	/** A blank in the text of `contains`, in the same way. Default "reject". */
	blankFilter: "reject" | "accept";
	/** Whether the list of identities leaves the contact date and other computed members blank. Default true. */
	listBlanks: boolean;
	/** Rows of a page when the request names no number, and the most that it may ask for. Default 1000. */
	pageSize: number;
	/** The longest group tag. Default 2048. */
	groupTagLimit: number;
	/** Whether a device name that Windows could not take is refused. Default "reject". */
	badDisplayName: "reject" | "accept";
	/** Whether a change of nothing but the display name empties the group tag. Default false. */
	renameBlanksGroupTag: boolean;
	/** assignUserToDevice: works as documented, or is refused as often reported. Default "accept". */
	assignUser: "accept" | "reject";
	/** Whether `deleteDevices` is routed in this tenant. Default true. */
	deleteDevices: boolean;
	/** Writes that one application may send in `writeWindow`; 0 for as many as it likes. Default 100. */
	writeLimit: number;
	/** The time over which writes are counted. Default 20 000. */
	writeWindow: number;
	/** Whether a refusal by that limit says when to come back. Default false. */
	writeRetryAfter: boolean;
	/** Whether a sync that comes too early is told when to come back. Default false. */
	syncRetryAfter: boolean;
	/** Whether writes wait for another administrator, as under Multi Admin Approval. Default false. */
	multiAdminApproval: boolean;
	/** What a write is answered with that now waits. Default 403. */
	approvalStatus: 403 | 412;
	/** The resource whose tokens count besides those for the emulator's own address. Default `https://graph.microsoft.com`. */
	resource: string;
}

/** What the emulator does unless told otherwise. */
export const DEFAULT_AUTOPILOT: AutopilotSwitches = {
	profile: "live",
	etags: false,
	importDelay: 60_000,
	pendingPhase: false,
	importLimit: 0,
	importSize: 0,
	refusedImport: "nothing",
	importsNamed: 0,
	listDelay: 0,
	listBlanksStates: false,
	syncDelay: 1000,
	materialiseDelay: 0,
	propagationDelay: 0,
	deleteDelay: 0,
	tenantSyncDelay: 60_000,
	statuses: "observed",
	hiddenHash: "null",
	unsetIds: "empty",
	foreignCode: 808,
	duplicatedCode: 815,
	unknownProperties: "reject",
	identityFilter: "contains",
	hyphenFilter: "reject",
	blankFilter: "reject",
	listBlanks: true,
	pageSize: 1000,
	groupTagLimit: 2048,
	badDisplayName: "reject",
	renameBlanksGroupTag: false,
	assignUser: "accept",
	deleteDevices: true,
	writeLimit: 100,
	writeWindow: 20_000,
	writeRetryAfter: false,
	syncRetryAfter: false,
	multiAdminApproval: false,
	approvalStatus: 403,
	resource: "https://graph.microsoft.com",
};

/** The profiles that there are. */
export const PROFILES = ["live", "seed"] as const;

const RULES: SettingRules<AutopilotSwitches> = {
	owner: "Autopilot",
	defaults: DEFAULT_AUTOPILOT,
	choices: {
		profile: PROFILES,
		statuses: ["observed", "documented"],
		refusedImport: ["nothing", "before"],
		hiddenHash: ["null", "empty"],
		unsetIds: ["empty", "zero"],
		foreignCode: [808, 806],
		approvalStatus: [403, 412],
		unknownProperties: ["reject", "ignore"],
		identityFilter: ["contains", "none"],
		hyphenFilter: ["reject", "accept"],
		blankFilter: ["reject", "accept"],
		badDisplayName: ["reject", "accept"],
		assignUser: ["accept", "reject"],
	},
};

/** Reads switches of the Autopilot service from JSON; throws a TypeError for a name or value that there is not. */
export function readAutopilotSwitches(value: JsonObject): Partial<AutopilotSwitches> {
	return readSettings(value, RULES);
}
