import type { LoggedRequest } from "../../emulator/emulator.ts";
import { membersOf, parametersOf } from "../../fixtures/graph/csdl.ts";

const MACHINES = "/deviceManagement/windowsAutopilotDeviceIdentities";
const RECORDS = "/deviceManagement/importedWindowsAutopilotDeviceIdentities";

const IMPORTED = membersOf("importedWindowsAutopilotDeviceIdentity");
/** What the seed's page has besides: the group tag's former name. */
const SEED_IMPORTED = new Set([...IMPORTED, "orderIdentifier"]);
const ACTIONS = ["updateDeviceProperties", "unassignUserFromDevice", "assignUserToDevice"];

/** The routes that live Graph does not have, in its beta only. */
const UPLOADS =
	/^\/beta\/(?:importedW|deviceManagement\/importedW)indowsAutopilotDeviceIdentityUploads?(?:\/|$)/;

/** What is wrong with a request to Graph, by its description and by what it was seen to refuse; empty where nothing is. */
export function findGraphProblems(request: LoggedRequest): readonly string[] {
	if (request.service !== "graph") return [];
	const rules = [findRouteProblems, queryProblems, findHeaderProblems, findBodyProblems];
	return rules.flatMap((rule) => rule(request)).map((text) => `${request.method} ${request.path}: ${text}`);
}

function findRouteProblems({ method, path }: LoggedRequest): string[] {
	const { version, rest } = splitVersion(path);
	const isLookup = version === "beta" && method === "GET" && rest.startsWith(`${MACHINES}/`);
	const isMachine = new RegExp(`^${MACHINES}(?:/[^/]+)?$`).test(rest);
	return [
		...(version === "v1.0" || isLookup || UPLOADS.test(path) ? [] : [`this is not asked of ${version}`]),
		...(isMachine && (method === "POST" || method === "PATCH") ? ["Graph has no such route"] : []),
		...(method === "PATCH" && rest.startsWith(RECORDS) && !UPLOADS.test(path)
			? ["Graph has no such route"]
			: []),
	];
}

function queryProblems({ query }: LoggedRequest): string[] {
	const filter = query["$filter"];
	return [
		...Object.keys(query)
			.filter((name) => !["$filter", "$skiptoken", "$skip", "$top"].includes(name))
			.map((name) => `${name} is not safe to send`),
		...(filter === undefined ||
		/^(?:contains\(serialNumber,'[A-Za-z0-9]+'\)|importId eq '[0-9a-f-]{36}')$/.test(filter)
			? []
			: [`the filter ${filter} is refused by some tenants`]),
	];
}

function findHeaderProblems({ headers, body, ifMatch }: LoggedRequest): string[] {
	const type = headers["content-type"];
	return [
		...(body === undefined || /^application\/json\b/.test(type ?? "") ? [] : [`the content type is ${type}`]),
		...(body === undefined && type !== undefined ? ["a content type without a body"] : []),
		...(ifMatch === undefined || /^W\/"[\w-]{22}"$/.test(ifMatch)
			? []
			: [`if-match is ${ifMatch}, which the service never sent`]),
	];
}

function findBodyProblems({ method, path, body }: LoggedRequest): string[] {
	if (method === "GET" || method === "DELETE") return body === undefined ? [] : ["a body where none belongs"];
	const { rest } = splitVersion(path);
	const action = ACTIONS.find((name) => rest.endsWith(`/${name}`));
	if (action !== undefined) return listUnknownMembers(body, parametersOf(action));
	if (rest === RECORDS) return listUnknownMembers(body, IMPORTED);
	if (rest === `${RECORDS}/import`) return findBatchProblems(body);
	if (!rest.endsWith("/deviceIdentities") && method === "POST") return [];
	const isPatch = method === "PATCH";
	return [
		...listUnknownMembers(body, isPatch ? SEED_IMPORTED : IMPORTED),
		...(isPatch && JSON.stringify(body).includes("hardwareIdentifier") ? ["the hash is sent again"] : []),
	];
}

/** The action `import` takes a collection under one name, and scripts never sent more than 175 at a time. */
function findBatchProblems(body: unknown): string[] {
	const { importedWindowsAutopilotDeviceIdentities: items, ...rest } = Object(body);
	if (!Array.isArray(items)) return ["the body has no collection"];
	return [
		...listUnknownMembers(rest, new Set()),
		...items.flatMap((item) => listUnknownMembers(item, IMPORTED)),
		...(items.length > 175 ? [`${items.length} imports in one request`] : []),
	];
}

function listUnknownMembers(body: unknown, known: ReadonlySet<string>): string[] {
	return Object.keys(Object(body))
		.filter((name) => !name.startsWith("@odata.") && !known.has(name))
		.map((name) => `the body has a member ${name} that is not described`);
}

function splitVersion(path: string): { version: string; rest: string } {
	const [, version = "", rest = ""] = /^\/([^/]+)(\/.*)$/.exec(decodeURIComponent(path)) ?? [];
	return { version, rest };
}
