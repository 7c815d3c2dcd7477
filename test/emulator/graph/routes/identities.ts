import { type Answer, createEmptyAnswer, createJsonAnswer } from "../../http/answer.ts";
import { getParameter } from "../../http/call.ts";
import { readObjectBody, requireParameters } from "../body.ts";
import { createMachineEntity, selectMembers } from "../entity.ts";
import { requireMatch, withEtag } from "../etag.ts";
import { parseMachineFilter } from "../filter.ts";
import { createIntuneError, createMalformedError } from "../graphError.ts";
import {
	findDeletionRefusal,
	leave,
	listListedMachines,
	listVisibleMachines,
	requireVisible,
} from "../machines.ts";
import { createSerialPage } from "../pages.ts";
import {
	createEntityAnswer,
	createPageAnswer,
	formatContextUrl,
	type GraphAsk,
	type GraphRoute,
} from "./route.ts";

const SET = "deviceManagement/windowsAutopilotDeviceIdentities";
const COLLECTION = `/${SET}`;
const ENTITY = `${COLLECTION}/{id}`;

/** `$select` breaks the list (microsoftgraph/microsoft-graph-docs-contrib#2756). */
function listIdentities(ask: GraphAsk): Answer {
	const { query } = ask.call;
	if (getParameter(query, "$select") !== undefined) {
		throw createIntuneError(500, "InternalServerError", "An internal server error has occurred");
	}
	const { switches } = ask.autopilot;
	const isWanted = parseMachineFilter(getParameter(query, "$filter"), switches);
	const machines = listListedMachines(ask.autopilot, ask.now).filter(isWanted);
	const page = createSerialPage(machines, query, switches.pageSize);
	const rows = page.rows.map((machine) => createMachineEntity(ask, machine, true));
	return createPageAnswer(ask, { rows, next: page.next }, { set: SET, count: machines.length });
}

function getIdentity(ask: GraphAsk): Answer {
	const machine = requireVisible(ask.autopilot, ask.keys.id);
	const entity = createMachineEntity(ask, machine, false);
	const { query } = ask.call;
	const expand = ask.version === "beta" ? (getParameter(query, "$expand") ?? "") : "";
	const navigations = expand.split(",").filter((name) => /^(?:intendedD|d)eploymentProfile$/.test(name));
	const whole = { ...entity, ...Object.fromEntries(navigations.map((name) => [name, null])) };
	const answer = createEntityAnswer(ask, 200, selectMembers(whole, getParameter(query, "$select")), SET);
	return withEtag(answer, machine, ask.autopilot.switches);
}

function deleteIdentity({ autopilot, call, keys, now }: GraphAsk): Answer {
	const machine = autopilot.machines.get(keys.id);
	const refusal = findDeletionRefusal(autopilot, machine, { id: keys.id, now });
	if (refusal !== undefined) throw refusal;
	if (machine !== undefined) {
		requireMatch(call, machine, autopilot.switches);
		leave(autopilot, machine, now);
	}
	return createEmptyAnswer(autopilot.switches.statuses === "observed" ? 200 : 204);
}

/** "deleteDevices": each serial number has its own result. */
function deleteDevices(ask: GraphAsk): Answer {
	const body = readObjectBody(ask.call);
	const { switches } = ask.autopilot;
	requireParameters(body, ["serialNumbers"], { action: "deleteDevices", switches });
	const serials = body["serialNumbers"];
	if (!Array.isArray(serials) || !serials.every((serial) => typeof serial === "string")) {
		throw createMalformedError("serialNumbers must be a collection of Edm.String.");
	}
	const results = serials.flatMap((serial: string) => deleteBySerial(ask, serial));
	return createJsonAnswer(200, {
		"@odata.context": formatContextUrl(ask, "Collection(microsoft.graph.deletedWindowsAutopilotDeviceState)"),
		value: results,
	});
}

function deleteBySerial({ autopilot, now }: GraphAsk, serialNumber: string): object[] {
	const machines = listVisibleMachines(autopilot).filter((machine) => machine.serialNumber === serialNumber);
	if (machines.length === 0) {
		const errorMessage = `Cannot find device with serial number ${serialNumber}`;
		return [{ serialNumber, deviceRegistrationId: "", deletionState: "failed", errorMessage }];
	}
	return machines.map((machine) => {
		const refusal = findDeletionRefusal(autopilot, machine, { id: machine.id, now });
		if (refusal === undefined) leave(autopilot, machine, now);
		return {
			serialNumber,
			deviceRegistrationId: machine.id,
			deletionState: refusal === undefined ? "accepted" : "failed",
			errorMessage: refusal?.message ?? "",
		};
	});
}

function getProfile(ask: GraphAsk): Answer {
	requireVisible(ask.autopilot, ask.keys.id);
	return createJsonAnswer(200, { "@odata.null": true });
}

const ALSO = ["DeviceManagementConfiguration.ReadWrite.All"];

/** Graph, "windowsAutopilotDeviceIdentity resource type": list, get, delete, deleteDevices. Create and update are not routed. */
export const identityRoutes: readonly GraphRoute[] = [
	{ method: "GET", path: COLLECTION, handle: listIdentities },
	{
		method: "POST",
		path: `${COLLECTION}/deleteDevices`,
		exists: (switches) => switches.deleteDevices,
		handle: deleteDevices,
	},
	{ method: "GET", path: ENTITY, handle: getIdentity },
	{ method: "DELETE", path: ENTITY, alsoFor: ALSO, handle: deleteIdentity },
	...(["deploymentProfile", "intendedDeploymentProfile"] as const).map(
		(name): GraphRoute => ({
			method: "GET",
			path: `${ENTITY}/${name}`,
			version: "beta",
			handle: getProfile,
		}),
	),
];
