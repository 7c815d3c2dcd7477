import { type Answer, createEmptyAnswer, createJsonAnswer } from "../../http/answer.ts";
import type { JsonObject } from "../../json.ts";
import { UPLOAD_STATUSES, type Upload } from "../autopilot.ts";
import { readObjectBody, readTextMember, requireProperties } from "../body.ts";
import { recordEntity } from "../entity.ts";
import { requireMatch, withEtag } from "../etag.ts";
import { createMalformedError, createNotFoundError } from "../graphError.ts";
import type { ImportRecord } from "../importRecord.ts";
import { readWish } from "../importWish.ts";
import {
	createRecord,
	deleteRecord,
	getRecord,
	importRecords,
	listRecords,
	requireRecord,
} from "./imported.ts";
import { createEntityAnswer, formatContextUrl, type GraphAsk, type GraphRoute } from "./route.ts";

const SET = "deviceManagement/importedWindowsAutopilotDeviceIdentityUploads";
const COLLECTION = `/${SET}`;
const UPLOAD = `${COLLECTION}/{upload}`;
const ROOTED = `${UPLOAD}/deviceIdentities`;
/** The path on the draft reference page "Update deviceIdentities": without any key. */
const DRAFT = "/importedWindowsAutopilotDeviceIdentityUpload/deviceIdentities";

function listUploads(ask: GraphAsk): Answer {
	const value = ask.autopilot.uploads.list(ask.now);
	return createJsonAnswer(200, { "@odata.context": formatContextUrl(ask, SET), value });
}

function createUpload(ask: GraphAsk): Answer {
	const change = readUpload(ask);
	const createdDateTimeUtc = new Date(ask.now).toISOString();
	const { uploads, switches } = ask.autopilot;
	const listedFrom = ask.now + switches.uploadListDelay;
	const upload = uploads.add({ createdDateTimeUtc, status: "noUpload", ...change }, listedFrom);
	return createEntityAnswer(ask, 201, upload, SET);
}

function patchUpload(ask: GraphAsk): Answer {
	const upload = requireUpload(ask);
	return createEntityAnswer(ask, 200, Object.assign(upload, readUpload(ask)), SET);
}

function deleteUpload(ask: GraphAsk): Answer {
	ask.autopilot.uploads.remove(requireUpload(ask).id);
	return createEmptyAnswer(204);
}

function readUpload({ call, autopilot: { switches } }: GraphAsk): Partial<Omit<Upload, "id">> {
	const body = readObjectBody(call);
	const type = "importedWindowsAutopilotDeviceIdentityUpload";
	requireProperties(body, ["id", "createdDateTimeUtc", "status"], { type, switches });
	const [created, status] = [readTextMember(body, "createdDateTimeUtc"), readTextMember(body, "status")];
	const known = UPLOAD_STATUSES.find((candidate) => candidate === status);
	if (status !== undefined && known === undefined) {
		throw createMalformedError(
			`Cannot convert the literal '${status}' to the expected type '${type}Status'.`,
		);
	}
	return { ...(created !== undefined && { createdDateTimeUtc: created }), ...(known && { status: known }) };
}

function patchRecord(ask: GraphAsk): Answer {
	return mergeRecord(ask, requireRecord(ask), readObjectBody(ask.call));
}

/** The draft route: the record is the one whose id is in the body. */
function patchDraft(ask: GraphAsk): Answer {
	const body = readObjectBody(ask.call);
	const record = ask.autopilot.records.get((readTextMember(body, "id") ?? "").toLowerCase());
	if (record === undefined) throw createNotFoundError();
	return mergeRecord(ask, record, body);
}

/** Merges a body into a record, and into the machine if the import has created one. */
function mergeRecord(ask: GraphAsk, record: ImportRecord, body: JsonObject): Answer {
	const { autopilot, call } = ask;
	requireMatch(call, record, autopilot.switches);
	const wish = readWish(body, autopilot.switches);
	Object.assign(record, wish);
	record.revision += 1;
	const machine = autopilot.machines.get(record.state.registrationId);
	if (machine !== undefined) {
		machine.groupTag = wish.groupTag ?? machine.groupTag;
		machine.userPrincipalName = wish.assignedUserPrincipalName ?? machine.userPrincipalName;
		machine.revision += 1;
	}
	const type = "#microsoft.graph.importedWindowsAutopilotDeviceIdentity";
	const entity = { "@odata.type": type, ...recordEntity(ask, record) };
	return withEtag(createJsonAnswer(200, entity), record, autopilot.switches);
}

function requireUpload({ autopilot, keys }: GraphAsk): Upload {
	const upload = autopilot.uploads.get(keys.upload);
	if (upload === undefined) throw createNotFoundError();
	return upload;
}

/** Wraps a route below an upload, which must exist. */
function handleBelow(handle: GraphRoute["handle"]): GraphRoute["handle"] {
	return (ask) => handle({ ...ask, keys: { ...ask.keys, upload: requireUpload(ask).id } });
}

function createSeedRoute(
	method: GraphRoute["method"],
	path: string,
	handle: GraphRoute["handle"],
): GraphRoute {
	return { method, path, version: "beta", exists: ({ profile }) => profile === "seed", handle };
}

/**
 * Graph beta as documented in 2018 and 2019 ("importedWindowsAutopilotDeviceIdentityUpload resource type"), and the
 * draft pages that name the type in place of the collection.
 */
export const uploadRoutes: readonly GraphRoute[] = [
	createSeedRoute("GET", COLLECTION, listUploads),
	createSeedRoute("POST", COLLECTION, createUpload),
	createSeedRoute("GET", UPLOAD, (ask) => createEntityAnswer(ask, 200, requireUpload(ask), SET)),
	createSeedRoute("PATCH", UPLOAD, patchUpload),
	createSeedRoute("DELETE", UPLOAD, deleteUpload),
	createSeedRoute("GET", ROOTED, handleBelow(listRecords)),
	createSeedRoute("POST", ROOTED, handleBelow(createRecord)),
	createSeedRoute("POST", `${ROOTED}/import`, handleBelow(importRecords)),
	createSeedRoute("GET", `${ROOTED}/{id}`, handleBelow(getRecord)),
	createSeedRoute("PATCH", `${ROOTED}/{id}`, handleBelow(patchRecord)),
	createSeedRoute("DELETE", `${ROOTED}/{id}`, handleBelow(deleteRecord)),
	createSeedRoute("GET", DRAFT, listRecords),
	createSeedRoute("POST", DRAFT, createRecord),
	createSeedRoute("POST", `${DRAFT}/import`, importRecords),
	createSeedRoute("PATCH", DRAFT, patchDraft),
];
