import { type Answer, createEmptyAnswer } from "../../http/answer.ts";
import type { JsonObject } from "../../json.ts";
import { readObjectBody, readTextMember, requireGroupTag, requireParameters } from "../body.ts";
import { requireMatch } from "../etag.ts";
import { createBadRequestError } from "../graphError.ts";
import type { Machine, ManagedFields } from "../machine.ts";
import { requireVisible } from "../machines.ts";
import type { GraphAsk, GraphRoute } from "./route.ts";

const ENTITY = "/deviceManagement/windowsAutopilotDeviceIdentities/{id}";

type Change = Partial<ManagedFields & Pick<Machine, "userlessEnrollmentStatus">>;

/** The parameters of updateDeviceProperties; beta has more for Surface Hubs. */
const PROPERTIES = ["userPrincipalName", "addressableUserName", "groupTag", "displayName"] as const;
const BETA_PROPERTIES = ["deviceAccountUpn", "deviceAccountPassword", "deviceFriendlyName"] as const;

function updateDeviceProperties(ask: GraphAsk): Answer {
	const names = ask.version === "beta" ? [...PROPERTIES, ...BETA_PROPERTIES] : PROPERTIES;
	const change = readParameters(ask, "updateDeviceProperties", names);
	requireGroupTag(change.groupTag ?? "", ask.autopilot.switches);
	requireDisplayName(change.displayName, ask);
	const isRename = Object.keys(change).join() === "displayName";
	const blanksTag = isRename && ask.autopilot.switches.renameBlanksGroupTag;
	apply(ask, blanksTag ? { ...change, groupTag: "" } : change);
	return createEmptyAnswer(ask.autopilot.switches.statuses === "observed" ? 200 : 204);
}

function assignUserToDevice(ask: GraphAsk): Answer {
	const change = readParameters(ask, "assignUserToDevice", ["userPrincipalName", "addressableUserName"]);
	requireVisible(ask.autopilot, ask.keys.id);
	if (ask.autopilot.switches.assignUser === "reject" || !isUser(change.userPrincipalName, ask)) {
		throw createBadRequestError();
	}
	return answerChange(ask, change);
}

function assignResourceAccount(ask: GraphAsk): Answer {
	const names = ["userPrincipalName", "addressableUserName", "resourceName"] as const;
	const sent = ["userPrincipalName", "addressableUserName", "resourceAccountName"];
	return answerChange(ask, readParameters(ask, "assignResourceAccountToDevice", names, sent));
}

function answerChange(ask: GraphAsk, change: Change): Answer {
	apply(ask, change);
	return createEmptyAnswer(204);
}

/** Changes a machine, visible after the delay. */
function apply({ autopilot, call, keys, now }: GraphAsk, change: Change): void {
	const machine = requireVisible(autopilot, keys.id);
	requireMatch(call, machine, autopilot.switches);
	autopilot.agenda.at(now + autopilot.switches.propagationDelay, () => {
		Object.assign(machine, change);
		machine.revision += 1;
	});
}

/** Returns the string parameters of the request under the names of the machine's fields. */
function readParameters<Name extends keyof ManagedFields>(
	{ call, autopilot: { switches } }: GraphAsk,
	action: string,
	fields: readonly Name[],
	names: readonly string[] = fields,
): { [Field in Name]?: string } {
	const body: JsonObject = readObjectBody(call);
	requireParameters(body, names, { action, switches });
	const read = fields.map((field, at) => [field, readTextMember(body, names[at] ?? field)] as const);
	return Object.fromEntries(read.filter(([, value]) => value !== undefined)) as {
		[Field in Name]?: string;
	};
}

function isUser(name: string | undefined, { autopilot: { unknownUsers } }: GraphAsk): boolean {
	return name !== undefined && /^[^@\s]+@[^@\s]+$/.test(name) && !unknownUsers.has(name.toLowerCase());
}

/** Requires a computer name that Windows allows: up to 15 letters, digits and hyphens, and not only digits. */
function requireDisplayName(name: string | undefined, { autopilot: { switches } }: GraphAsk): void {
	if (!name || switches.badDisplayName === "accept") return;
	if (!/^(?!\d+$)[A-Za-z0-9-]{1,15}$/.test(name))
		throw createBadRequestError("The display name is not valid");
}

function createActionRoute(name: string, handle: GraphRoute["handle"], version?: "beta"): GraphRoute {
	return { method: "POST", path: `${ENTITY}/${name}`, ...(version && { version }), handle };
}

/** Graph, "windowsAutopilotDeviceIdentity resource type": the actions on one machine. */
export const changeRoutes: readonly GraphRoute[] = [
	createActionRoute("updateDeviceProperties", updateDeviceProperties),
	createActionRoute("assignUserToDevice", assignUserToDevice),
	createActionRoute("unassignUserFromDevice", (ask) =>
		answerChange(ask, { userPrincipalName: "", addressableUserName: "" }),
	),
	createActionRoute("assignResourceAccountToDevice", assignResourceAccount, "beta"),
	createActionRoute(
		"unassignResourceAccountFromDevice",
		(ask) => answerChange(ask, { userPrincipalName: "", addressableUserName: "", resourceName: "" }),
		"beta",
	),
	createActionRoute(
		"allowNextEnrollment",
		(ask) => answerChange(ask, { userlessEnrollmentStatus: "allowed" }),
		"beta",
	),
];
