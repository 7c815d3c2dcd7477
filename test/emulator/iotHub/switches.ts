import type { VirtualClock } from "../clock.ts";
import { type JsonObject, readSettings, type SettingRules } from "../json.ts";

/**
 * The service's behaviours that no recording settles, or that changed over the years, each with the answer that the
 * emulator gives by default. A test that depends on one says so by setting it.
 */
export interface Switches {
	/**
	 * How times, tracking ids and twin thumbprints are written: "2020" as in Microsoft's recorded SDK sessions (create
	 * answers leave out the `Z`), "2026" as the gateway writes now (`T00:00:00.0000000Z` on GET). Default "2020".
	 */
	wire: "2020" | "2026";
	/** An `If-Match` etag without quotes: taken as quoted, answered 412, or ignored as the service once did. Default "accept". */
	unquotedIfMatch: "accept" | "reject" | "ignore";
	/** PUT with `If-Match: ""` on a device that exists. Default "conflict" (409, as without the header). */
	emptyIfMatchOnExisting: "conflict" | "overwrite";
	/** DELETE without `If-Match` of a device that does not exist: 404 or 412. Default 404. */
	deleteMissingWithoutIfMatch: 404 | 412;
	/** Whether a PUT that changes nothing moves the etag. Default true. */
	noopPutMovesEtag: boolean;
	/** A body `deviceId` other than the path's: ignored, or 400. Default "overwrite". */
	bodyDeviceId: "overwrite" | "reject";
	/** A scope that no edge device of the hub has, in a single PUT: kept, or 400 `InvalidDeviceScope`. Default "accept". */
	unknownScope: "accept" | "reject";
	/** Milliseconds after a create in which GET still answers 404. Default 0. */
	createdReadLag: number;
	/** Milliseconds after a create in which queries do not list the device. Default 0. */
	createdIndexLag: number;
	/** Milliseconds after a delete in which queries and statistics still list the device. Default 0. */
	deletedIndexLag: number;
	/** Milliseconds after a change in which queries show the device as it was, its etag included. Default 0. */
	changedIndexLag: number;
	/** Rows per query page when the request names no number, and the most it may ask for. Default 1000. */
	queryPageSize: number;
	/** Whether every query begins with an empty page that carries a continuation. Default false. */
	emptyQueryPages: boolean;
	/** With how many rows of the page before each further page of a query begins again. Default 0. */
	repeatedQueryRows: number;
	/** The page of every query that is left out, counted from 1; its rows come in no page. Default 0: none. */
	missingQueryPage: number;
	/** `errorCode` in bulk results: the names of the REST reference, or numbers as in import logs. Default "names". */
	bulkErrorCodes: "names" | "numbers";
	/** Whether the bulk call knows `createOrUpdate`, as import jobs do. Default true. */
	bulkCreateOrUpdate: boolean;
	/** Whether module calls on a missing or disabled device answer 401 to a shared access signature. Default true. */
	moduleCallsNeedEnabledDevice: boolean;
	/** Whether shared access signatures are refused altogether, as under a hub's `disableLocalAuth`. Default false. */
	disableLocalAuth: boolean;
	/** The clock against which a signature's `se` is read; "real" helps where a test runs the virtual one fast. Default "virtual". */
	sasClock: "virtual" | "real";
	/** Virtual milliseconds that a throttled request waits for its turn before it is answered 429. Default 40 000. */
	throttleBacklog: number;
}

/** What the emulator does unless told otherwise. */
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
	bulkErrorCodes: "names",
	bulkCreateOrUpdate: true,
	moduleCallsNeedEnabledDevice: true,
	disableLocalAuth: false,
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
		sasClock: ["virtual", "real"],
	},
};

/** Reads switches from JSON; throws a TypeError for a name or value that there is not. */
export function readSwitches(value: JsonObject): Partial<Switches> {
	return readSettings(value, RULES);
}

/** What a registry is made of; limits and switches may be changed while it runs. */
export interface HubSetting {
	readonly clock: VirtualClock;
	readonly switches: Switches;
	readonly limits: HubLimits;
	/** The hub's name, the first label of its host name. */
	readonly hubName: string;
}

/** Limits of the hub. */
export interface HubLimits {
	/** The most devices that the hub holds. Default 1 000 000. */
	maxDevices: number;
}
