import { type JsonObject, readSettings, type SettingRules } from "../json.ts";

/**
 * The Autopilot service's behaviours where its documentation and observations differ, or where neither is sufficient,
 * and its delays. Times are milliseconds of the virtual clock.
 */
export interface AutopilotSwitches {
	/**
	 * "live": the routes that work today. "seed": besides them the ones of the draft reference page "Update
	 * deviceIdentities" (`PATCH /importedWindowsAutopilotDeviceIdentityUpload/deviceIdentities`) and their rooted form.
	 * Default: "live".
	 */
	profile: "live" | "seed";
	/** Whether entities have etags and `If-Match` is checked; only with the profile "seed". Default: false. */
	etags: boolean;
	/** The time from a create or `import` to its end. Default: 60 000. */
	importDelay: number;
	/** Whether a record is `pending` in the second half of that time, instead of `unknown` until the end. Default: false. */
	pendingPhase: boolean;
	/** The maximum number of imports in one call of `import`; 0 for no limit, because none is published. Default: 0. */
	importLimit: number;
	/** The maximum length of an `import` body in characters, beyond which the response is 413; 0 for no limit. Default: 0. */
	importSize: number;
	/** What a call of `import` queues if one item is invalid: nothing, or the items before it. Default: "nothing". */
	refusedImport: "nothing" | "before";
	/** How many records, from the first, the response to `import` contains; 0 for all. Default: 0. */
	importsNamed: number;
	/** The time from a create or `import` until the list has the record. Default: 0. */
	listDelay: number;
	/** The time for which the list still has a removed record. Default: 0. */
	listRemovalDelay: number;
	/** The import ids of records that `import` creates: those that were sent, the records' own, or none. Default: "sent". */
	batchImportIds: "sent" | "own" | "none";
	/** The same for records that a create makes. Default: "sent". */
	singleImportIds: "sent" | "own" | "none";
	/** Whether `$filter` on import records supports equality of the import id. Default: "accept". */
	importIdFilter: "accept" | "reject";
	/** The user of a machine in responses: the assigned one, or always "" (microsoft-graph-docs#21530). Default: "shown". */
	readUsers: "shown" | "blank";
	/** The serial number of a machine without one in responses. Default: "empty". */
	unsetSerials: "empty" | "null";
	/**
	 * The serial number of a new registration: the one in the hash, as observed (andrew-s-taylor/WindowsAutopilotInfo#25), or the one that
	 * was sent. Default: "hash".
	 */
	registeredSerial: "hash" | "sent";
	/** Whether the list of records omits the states of imports. Default: false. */
	listBlanksStates: boolean;
	/** The time from the end of an import until the identity can be read. Default: 1000. */
	syncDelay: number;
	/** The time from when an identity can be read until the list has it. Default: 0. */
	identityListDelay: number;
	/** The time for which the list still has a deleted identity. Default: 0. */
	identityListRemovalDelay: number;
	/** The time from the creation of an upload until the list has it. Default: 0. */
	uploadListDelay: number;
	/** The time from the end of an import until the identity can be deleted. Default: 0. */
	materialiseDelay: number;
	/** The time from an accepted change until it can be read. Default: 0. */
	propagationDelay: number;
	/** The time from an accepted deletion until the identity is gone. Default: 0. */
	deleteDelay: number;
	/** The duration of a sync of the tenant. Default: 60 000. */
	tenantSyncDelay: number;
	/** The status of DELETE and updateDeviceProperties: 200 as observed, or 204 as documented. Default: "observed". */
	statuses: "observed" | "documented";
	/** The value in place of the hash, which is never returned. Default: "null". */
	hiddenHash: "null" | "empty";
	/** The ids of a machine before its first contact: "" or the GUID of zeros. Default: "empty". */
	unsetIds: "empty" | "zero";
	/** The number of ZtdDeviceAssignedToOtherTenant; 806 was seen too. Default: 808. */
	foreignCode: 808 | 806;
	/** The number of ZtdDeviceDuplicated, which is not published. Default: 815. */
	duplicatedCode: number;
	/** Whether a member that the type does not have is rejected or ignored. Default: "reject". */
	unknownProperties: "reject" | "ignore";
	/** Whether `$filter` on identities supports `contains` at all. Default: "contains". */
	identityFilter: "contains" | "none";
	/** A hyphen in the text of `contains`: 400, or taken literally. Default: "reject". */
	hyphenFilter: "reject" | "accept";
	/** A space in the text of `contains`: 400, or taken literally. Default: "reject". */
	blankFilter: "reject" | "accept";
	/** Whether the list of identities has blanks for the contact date and other computed members. Default: true. */
	listBlanks: boolean;
	/** The default and maximum number of rows of a page. Default: 1000. */
	pageSize: number;
	/** The maximum length of a group tag. Default: 2048. */
	groupTagLimit: number;
	/** Whether a device name that Windows does not allow is rejected. Default: "reject". */
	badDisplayName: "reject" | "accept";
	/** Whether a change of only the display name clears the group tag. Default: false. */
	renameBlanksGroupTag: boolean;
	/** assignUserToDevice: works as documented, or is rejected as often reported. Default: "accept". */
	assignUser: "accept" | "reject";
	/** Whether this tenant has the route `deleteDevices`. Default: true. */
	deleteDevices: boolean;
	/** The maximum number of writes of one application within `writeWindow`; 0 for no limit. Default: 100. */
	writeLimit: number;
	/** The time window for counting writes. Default: 20 000. */
	writeWindow: number;
	/** Whether a rejection by that limit has Retry-After. Default: false. */
	writeRetryAfter: boolean;
	/** Whether the rejection of an early sync has Retry-After. Default: false. */
	syncRetryAfter: boolean;
	/** Whether writes wait for another administrator, as under Multi Admin Approval. Default: false. */
	multiAdminApproval: boolean;
	/** The status of a write that now waits. Default: 403. */
	approvalStatus: 403 | 412;
	/**
	 * The resource whose tokens are accepted besides those for the emulator's own address. Default:
	 * `https://graph.microsoft.com`.
	 */
	resource: string;
}

/** The default behaviour of the emulator. */
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
	listRemovalDelay: 0,
	batchImportIds: "sent",
	singleImportIds: "sent",
	importIdFilter: "accept",
	readUsers: "shown",
	unsetSerials: "empty",
	registeredSerial: "hash",
	listBlanksStates: false,
	syncDelay: 1000,
	identityListDelay: 0,
	identityListRemovalDelay: 0,
	uploadListDelay: 0,
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

/** The profiles of the Autopilot service. */
export const PROFILES = ["live", "seed"] as const;

const RULES: SettingRules<AutopilotSwitches> = {
	owner: "Autopilot",
	defaults: DEFAULT_AUTOPILOT,
	choices: {
		profile: PROFILES,
		statuses: ["observed", "documented"],
		refusedImport: ["nothing", "before"],
		batchImportIds: ["sent", "own", "none"],
		singleImportIds: ["sent", "own", "none"],
		importIdFilter: ["accept", "reject"],
		readUsers: ["shown", "blank"],
		unsetSerials: ["empty", "null"],
		registeredSerial: ["hash", "sent"],
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

/** Reads switches of the Autopilot service from JSON; throws a TypeError for an unknown name or value. */
export function readAutopilotSwitches(value: JsonObject): Partial<AutopilotSwitches> {
	return readSettings(value, RULES);
}
