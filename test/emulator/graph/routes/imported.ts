import { type Answer, createEmptyAnswer, createJsonAnswer } from "../../http/answer.ts";
import { getParameter } from "../../http/call.ts";
import { isObject, type JsonObject } from "../../json.ts";
import { readObjectBody, requireParameters } from "../body.ts";
import { recordEntity, selectMembers } from "../entity.ts";
import { requireMatch, withEtag } from "../etag.ts";
import { recordFilter } from "../filter.ts";
import {
	createBadRequestError,
	createMalformedError,
	createNotFoundError,
	GraphError,
} from "../graphError.ts";
import { queueImports } from "../importing.ts";
import { type ImportRecord, type ImportWish, QUEUED } from "../importRecord.ts";
import { completeWish, readWish } from "../importWish.ts";
import { createCountedPage } from "../pages.ts";
import type { AutopilotSwitches } from "../switches.ts";
import {
	createEntityAnswer,
	createPageAnswer,
	formatContextUrl,
	type GraphAsk,
	type GraphRoute,
} from "./route.ts";

const SET = "deviceManagement/importedWindowsAutopilotDeviceIdentities";
const COLLECTION = `/${SET}`;
const ENTITY = `${COLLECTION}/{id}`;

/** Queues one import and returns its record. */
export function createRecord(ask: GraphAsk): Answer {
	const { switches } = ask.autopilot;
	const wish = completeWish(readWish(readObjectBody(ask.call), switches));
	const queued = keepImportId(wish, switches.singleImportIds);
	const [record] = queueImports(ask.autopilot, [queued], ask.keys.upload || undefined);
	if (record === undefined) throw new TypeError("One wish makes one record");
	return withEtag(
		createEntityAnswer(ask, 201, recordEntity(ask, record), SET),
		record,
		ask.autopilot.switches,
	);
}

/** Returns a wish with the import id that its record gets; without one, that is the record's own. */
function keepImportId(wish: ImportWish, kept: AutopilotSwitches["singleImportIds"]): ImportWish {
	return kept === "sent" ? wish : { ...wish, importId: kept === "own" ? undefined : "" };
}

/** The action `import`: queues many imports; usually all of them or none. */
export function importRecords(ask: GraphAsk): Answer {
	const body = readObjectBody(ask.call);
	const name = "importedWindowsAutopilotDeviceIdentities";
	const { switches } = ask.autopilot;
	requireParameters(body, [name], { action: "import", switches });
	const items = body[name];
	if (!Array.isArray(items) || !items.every(isObject))
		throw createMalformedError(`${name} must be a collection.`);
	requireSmall(ask, items.length);
	const { wishes, fault } = readWishes(items, switches);
	const accepted = fault !== undefined && switches.refusedImport === "nothing" ? [] : wishes;
	const queued = accepted.map((wish) => keepImportId(wish, switches.batchImportIds));
	const records = queueImports(ask.autopilot, queued, ask.keys.upload || undefined);
	if (fault !== undefined) throw fault;
	const named = switches.importsNamed === 0 ? records : records.slice(0, switches.importsNamed);
	return createJsonAnswer(200, {
		"@odata.context": formatContextUrl(ask, SET),
		value: named.map((record) => recordEntity(ask, record)),
	});
}

function requireSmall({ call, autopilot: { switches } }: GraphAsk, count: number): void {
	const { importLimit, importSize } = switches;
	if (importSize > 0 && call.body.length > importSize)
		throw new GraphError(413, "RequestEntityTooLarge", "The request is too large.");
	if (importLimit > 0 && count > importLimit)
		throw createBadRequestError(`The collection must not have more than ${importLimit} items`);
}

/** Reads the items up to the first invalid one, and the error of that one. */
function readWishes(
	items: readonly JsonObject[],
	switches: AutopilotSwitches,
): { readonly wishes: ImportWish[]; readonly fault?: GraphError } {
	const wishes: ImportWish[] = [];
	for (const item of items) {
		try {
			wishes.push(completeWish(readWish(item, switches)));
		} catch (fault) {
			if (fault instanceof GraphError) return { wishes, fault };
			throw fault;
		}
	}
	return { wishes };
}

/** Lists import records in the order of their creation. */
export function listRecords(ask: GraphAsk): Answer {
	const { autopilot, call, keys, now } = ask;
	const isWanted = recordFilter(getParameter(call.query, "$filter"), autopilot.switches);
	const records = [...autopilot.records.values(), ...autopilot.removedRecords.list()]
		.filter(({ upload }) => keys.upload === "" || upload === keys.upload)
		.filter(({ createdAt }) => createdAt + autopilot.switches.listDelay <= now)
		.filter(isWanted);
	const page = createCountedPage(records, call.query, autopilot.switches.pageSize);
	const select = getParameter(call.query, "$select");
	const rows = page.rows.map((record) =>
		selectMembers(recordEntity(ask, toListed(record, autopilot.switches)), select),
	);
	const count = getParameter(call.query, "$count") === "true" ? records.length : undefined;
	return createPageAnswer(ask, { rows, next: page.next }, { set: SET, count });
}

/** Returns a record as the list has it. */
function toListed(record: ImportRecord, { listBlanksStates }: AutopilotSwitches): ImportRecord {
	return listBlanksStates ? { ...record, state: QUEUED } : record;
}

/** Reads one record. */
export function getRecord(ask: GraphAsk): Answer {
	const record = requireRecord(ask);
	const entity = selectMembers(recordEntity(ask, record), getParameter(ask.call.query, "$select"));
	return withEtag(createEntityAnswer(ask, 200, entity, SET), record, ask.autopilot.switches);
}

/** Deletes a record, whether it exists or not; the import continues (microsoftgraph/microsoft-graph-docs#7129). */
export function deleteRecord({ autopilot, call, keys }: GraphAsk): Answer {
	const record = autopilot.records.get(keys.id.toLowerCase());
	if (record !== undefined) requireMatch(call, record, autopilot.switches);
	autopilot.removeRecord(keys.id);
	return createEmptyAnswer(autopilot.switches.statuses === "observed" ? 200 : 204);
}

/** Returns the record that the path names. */
export function requireRecord({ autopilot, keys }: GraphAsk): ImportRecord {
	const record = autopilot.records.get(keys.id.toLowerCase());
	if (record === undefined || (keys.upload !== "" && record.upload !== keys.upload))
		throw createNotFoundError();
	return record;
}

function countRecords({ autopilot, call }: GraphAsk): Answer {
	const isWanted = recordFilter(getParameter(call.query, "$filter"), autopilot.switches);
	const count = [...autopilot.records.values()].filter(isWanted).length;
	return { status: 200, headers: { "content-type": "text/plain" }, body: String(count) };
}

/** Graph, "importedWindowsAutopilotDeviceIdentity resource type": create, import, list, get, delete. It has no update. */
export const importedRoutes: readonly GraphRoute[] = [
	{ method: "GET", path: COLLECTION, handle: listRecords },
	{ method: "POST", path: COLLECTION, handle: createRecord },
	{ method: "GET", path: `${COLLECTION}/$count`, handle: countRecords },
	{ method: "POST", path: `${COLLECTION}/import`, handle: importRecords },
	{ method: "GET", path: ENTITY, handle: getRecord },
	{ method: "DELETE", path: ENTITY, handle: deleteRecord },
];
