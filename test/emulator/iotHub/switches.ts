import type { VirtualClock } from "../clock.ts";
import { type JsonObject, readSettings, type SettingRules } from "../json.ts";

/**
 * The service's behaviours that no recording settles, or that changed over the years, with the emulator's defaults. A
 * test that depends on one sets it.
 */
export interface Switches {
	/**
	 * The format of times, tracking ids and twin thumbprints: "2020" as in Microsoft's recorded SDK sessions (create
	 * responses omit the `Z`), "2026" as the gateway writes now (`T00:00:00.0000000Z` on GET). Default: "2020".
	 */
	wire: "2020" | "2026";
	/**
	 * An `If-Match` etag without quotes: treated as quoted, rejected with 412, or ignored as the service once did.
	 * Default: "accept".
	 */
	unquotedIfMatch: "accept" | "reject" | "ignore";
	/** PUT with `If-Match: ""` on an existing device. Default: "conflict" (409, as without the header). */
	emptyIfMatchOnExisting: "conflict" | "overwrite";
	/** DELETE without `If-Match` of a device that does not exist: 404 or 412. Default: 404. */
	deleteMissingWithoutIfMatch: 404 | 412;
	/** Whether a PUT without changes moves the etag. Default: true. */
	noopPutMovesEtag: boolean;
	/** A body `deviceId` other than the path's: ignored, or 400. Default: "overwrite". */
	bodyDeviceId: "overwrite" | "reject";
	/** A scope that no edge device of the hub has, in a single PUT: kept, or 400 `InvalidDeviceScope`. Default: "accept". */
	unknownScope: "accept" | "reject";
	/** Milliseconds after a create during which GET still returns 404. Default: 0. */
	createdReadLag: number;
	/** Milliseconds after a create during which queries do not list the device. Default: 0. */
	createdIndexLag: number;
	/** Milliseconds after a delete during which queries and statistics still list the device. Default: 0. */
	deletedIndexLag: number;
	/** Milliseconds after a change during which queries return the device as it was, including its etag. Default: 0. */
	changedIndexLag: number;
	/** The default and maximum number of rows of a query page. Default: 1000. */
	queryPageSize: number;
	/** Whether every query begins with an empty page that has a continuation. Default: false. */
	emptyQueryPages: boolean;
	/** How many rows of the previous page each further page of a query repeats. Default: 0. */
	repeatedQueryRows: number;
	/** The page of every query that is omitted with its rows, counted from 1; 0 for none. Default: 0. */
	missingQueryPage: number;
	/**
	 * `errorCode` in bulk results: numbers, as in logs of import jobs and as the Go client reads them, or the names of the REST
	 * reference. Not recorded. Default: "numbers".
	 */
	bulkErrorCodes: "names" | "numbers";
	/** Whether bulk requests support `createOrUpdate`, as import jobs do. Default: true. */
	bulkCreateOrUpdate: boolean;
	/** Whether module requests for a missing or disabled device are 401 with a shared access signature. Default: true. */
	moduleCallsNeedEnabledDevice: boolean;
	/**
	 * How responses about devices and modules withhold symmetric keys, as for a credential that may not read them: not at all, as
	 * null, as empty strings, or by omitting the object. Stored keys and full replacement do not depend on it. Default: "none".
	 */
	withheldKeys: "none" | "null" | "empty" | "absent";
	/** Whether all shared access signatures are rejected, as under a hub's `disableLocalAuth`. Default: false. */
	disableLocalAuth: boolean;
	/**
	 * Whether the hub also has its names for devices and for back ends, which are in preview: in its certificate, from the start, and
	 * in the resource `sr` of a signature. Default: true.
	 */
	hostAliases: boolean;
	/**
	 * Whether a signature for one name of the hub is valid under another. A request to loopback proves no name, so each is valid.
	 * Not documented. Default: "exact".
	 */
	sasAudience: "any" | "exact";
	/** The clock for the expiry `se` of a signature; "real" is useful if a test runs the virtual one fast. Default: "virtual". */
	sasClock: "virtual" | "real";
	/** The longest time in virtual milliseconds that a throttled request waits for its turn before it is 429. Default: 40 000. */
	throttleBacklog: number;
}

/** The default behaviour of the emulator. */
export const DEFAULT_SWITCHES: Switches = {
	wire: "2020",
	unquotedIfMatch: "accept",
	emptyIfMatchOnExisting: "conflict",
	deleteMissingWithoutIfMatch: 404,
	noopPutMovesEtag: true,
	bodyDeviceId: "overwrite",
	unknownScope: "accept",
	createdReadLag: 0,
	createdIndexLag: 0,
	deletedIndexLag: 0,
	changedIndexLag: 0,
	queryPageSize: 1000,
	emptyQueryPages: false,
	repeatedQueryRows: 0,
	missingQueryPage: 0,
	bulkErrorCodes: "numbers",
	bulkCreateOrUpdate: true,
	moduleCallsNeedEnabledDevice: true,
	withheldKeys: "none",
	disableLocalAuth: false,
	hostAliases: true,
	sasAudience: "exact",
	sasClock: "virtual",
	throttleBacklog: 40_000,
};

const RULES: SettingRules<Switches> = {
	owner: "The emulator",
	defaults: DEFAULT_SWITCHES,
	choices: {
		wire: ["2020", "2026"],
		unquotedIfMatch: ["accept", "reject", "ignore"],
		emptyIfMatchOnExisting: ["conflict", "overwrite"],
		deleteMissingWithoutIfMatch: [404, 412],
		bodyDeviceId: ["overwrite", "reject"],
		unknownScope: ["accept", "reject"],
		bulkErrorCodes: ["names", "numbers"],
		sasAudience: ["any", "exact"],
		withheldKeys: ["none", "null", "empty", "absent"],
		sasClock: ["virtual", "real"],
	},
};

/** Reads switches from JSON; throws a TypeError for an unknown name or value. */
export function readSwitches(value: JsonObject): Partial<Switches> {
	return readSettings(value, RULES);
}

/** The settings of a registry; limits and switches may be changed while it runs. */
export interface HubSetting {
	readonly clock: VirtualClock;
	readonly switches: Switches;
	readonly limits: HubLimits;
	/** The hub's name, the first label of its host name. */
	readonly hubName: string;
}

/** Limits of the hub. */
export interface HubLimits {
	/** The maximum number of devices of the hub. Default: 1 000 000. */
	maxDevices: number;
}
