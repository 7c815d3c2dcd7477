import { UnreadableAnswer } from "../http/errors.ts";
import { members, textOf } from "../http/json.ts";
import { plain } from "../lifecycle/plain.ts";
import { AutopilotError } from "./autopilotErrors.ts";
import { decodeMachine, isUnset } from "./autopilotIdentity.wire.ts";
import { type Machines, machineNamed } from "./machines.ts";
import type { Row } from "./pages.ts";

/** Which machines a program looks up. */
export interface AutopilotLookupArgs {
	/** A registration id. */
	readonly id?: string;
	readonly serialNumber?: string;
	readonly groupTag?: string;
}

/** A lookup's answer: plain JSON, complete. */
export type Found = Record<string, unknown>;

/** Facts that change by themselves, most of them known to Graph's beta only. */
const MOVING = [
	"resourceName",
	"enrollmentState",
	"lastContactedDateTime",
	"managedDeviceId",
	"azureAdDeviceId",
	"azureActiveDirectoryDeviceId",
	"deploymentProfileAssignmentStatus",
	"deploymentProfileAssignmentDetailedStatus",
	"deploymentProfileAssignedDateTime",
	"remediationState",
	"remediationStateLastModifiedDateTime",
	"userlessEnrollmentStatus",
	"deviceAccountUpn",
	"deviceFriendlyName",
];

/** What a row of the list can be trusted for; it leaves computed members blank. */
const LISTED = [
	"id",
	"serialNumber",
	"groupTag",
	"displayName",
	"manufacturer",
	"model",
	"productKey",
	"purchaseOrderIdentifier",
];

/** One machine as it is now, by its registration id or its serial number. */
export async function lookUpMachine(machines: Machines, args: AutopilotLookupArgs): Promise<Found> {
	const named = args.id === undefined ? machineNamed(args.serialNumber) : `machine ${args.id}`;
	const asked = args.id ?? (await machines.idOf(args.serialNumber ?? ""));
	const what = `looking up ${named}`;
	const answer = asked === undefined ? undefined : await machines.raw(asked, { what, version: "beta" });
	if (answer === undefined) {
		throw new AutopilotError("NoSuchMachine", `There is no registered ${named} in this tenant.`);
	}
	const live = decodeMachine(answer);
	if (live === undefined) throw new UnreadableAnswer(`${what} failed: the answer is no machine`, 200);
	const { id, values, facts, etag } = live;
	return plain({ id, groupTag: "", ...values, ...facts, ...picked(members(answer.json), MOVING), etag });
}

/** The machines of the tenant, all pages. */
export async function listMachines(machines: Machines, args: AutopilotLookupArgs): Promise<Found[]> {
	const { serialNumber = "", groupTag } = args;
	const rows = await machines.list(serialNumber, "listing machines");
	return rows
		.filter((row) => contains(textOf(row["serialNumber"]) ?? "", serialNumber))
		.filter((row) => groupTag === undefined || (textOf(row["groupTag"]) ?? "") === groupTag)
		.map((row) => plain({ groupTag: "", ...picked(row, LISTED), ...userOf(row) }));
}

/** The user under the name that a program has for him. */
function userOf({ userPrincipalName }: Row): Found {
	return isUnset(userPrincipalName) ? {} : { assignedUserPrincipalName: userPrincipalName };
}

function contains(serialNumber: string, part: string): boolean {
	return serialNumber.toLowerCase().includes(part.toLowerCase());
}

/** What is said under these names; nothing of what is not set. */
function picked(values: Found, names: readonly string[]): Found {
	return Object.fromEntries(names.map((name) => [name, values[name]]).filter(([, value]) => !isUnset(value)));
}
