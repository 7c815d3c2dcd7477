import { type Answer, createJsonAnswer } from "../../http/answer.ts";
import { getHeader } from "../../http/call.ts";
import type { JsonObject } from "../../json.ts";
import { readTextField } from "../bodyFields.ts";
import { HubError } from "../hubError.ts";
import { evaluate, isRowPerTwin, projectColumns } from "../query/evaluate.ts";
import { createQueryPage, type KeyedRow } from "../query/page.ts";
import { parseQuery } from "../query/parseQuery.ts";
import type { Query } from "../query/query.ts";
import { listIndexedDevices } from "../queryIndex.ts";
import type { Registry } from "../registry.ts";
import { createTwinJson } from "../twinJson.ts";
import { type HubCall, type Route, requireObjectBody } from "./route.ts";

function queryTwins({ call, registry }: HubCall): Answer {
	const text = readTextField(requireObjectBody(call), "query");
	if (text === undefined) throw new HubError("ArgumentNull", "BadRequest");
	const query = parseQuery(text);
	const { queryPageSize, emptyQueryPages, repeatedQueryRows, missingQueryPage } = registry.setting.switches;
	const { rows, next } = createQueryPage(listQueryRows(query, registry), {
		query: text,
		size: readPageSize(getHeader(call, "x-ms-max-item-count"), queryPageSize),
		top: query.top,
		token: getHeader(call, "x-ms-continuation") || undefined,
		emptyFirst: emptyQueryPages,
		repeated: repeatedQueryRows,
		missing: missingQueryPage,
	});
	return createJsonAnswer(200, rows, {
		"x-ms-item-type": query.columns === "*" ? "Twin" : "Raw",
		...(next !== undefined && { "x-ms-continuation": next }),
	});
}

/** Returns the requested page size, if it is a number and at most the hub's maximum. */
function readPageSize(wish: string | undefined, most: number): number {
	const size = Number(wish ?? most);
	return Number.isInteger(size) && size >= 1 ? Math.min(size, most) : most;
}

function listQueryRows(query: Query, registry: Registry): KeyedRow<JsonObject>[] {
	const twins = listTwins(query, registry);
	const { where } = query;
	const kept = where === undefined ? twins : twins.filter(({ row }) => evaluate(where, row) === true);
	if (isRowPerTwin(query))
		return kept.map((twin) => new MadeRow(twin.key, () => projectTwins([twin], query)[0] ?? {}));
	return projectTwins(kept, query).map((row, at) => ({ key: String(at).padStart(9, "0"), row }));
}

function projectTwins(twins: readonly KeyedRow<JsonObject>[], query: Query): readonly JsonObject[] {
	return projectColumns(
		twins.map(({ row }) => row),
		query,
	);
}

/** A row that is created when it is read: a page has a thousand of perhaps a million. */
class MadeRow implements KeyedRow<JsonObject> {
	readonly key: string;
	readonly #make: () => JsonObject;

	constructor(key: string, make: () => JsonObject) {
		this.key = key;
		this.#make = make;
	}

	get row(): JsonObject {
		return this.#make();
	}
}

/** Returns the twins with ascending keys in the order of creation: all generation ids have the same number of digits. */
function listTwins({ from }: Query, registry: Registry): KeyedRow<JsonObject>[] {
	const { wire } = registry.setting.switches;
	const devices = listIndexedDevices(registry);
	if (from === "devices") {
		return devices.map((device) => new MadeRow(device.generationId, () => createTwinJson(device, wire)));
	}
	return devices.flatMap((device) =>
		[...device.modules.values()].map((module) => ({
			key: `${device.generationId}/${module.generationId}`,
			row: createTwinJson(device, wire, module),
		})),
	);
}

/** IoT Hub REST 2021-04-12, "Query": Get Twins. */
export const queryRoutes: readonly Route[] = [
	{
		method: "POST",
		path: "/devices/query",
		requirement: { permission: "ServiceConnect", dataActions: ["twins/read"] },
		meter: "query",
		handle: queryTwins,
	},
];
