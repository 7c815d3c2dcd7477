import { UnreadableAnswer } from "../http/errors.ts";
import { textOf } from "../http/json.ts";
import { plain } from "../lifecycle/plain.ts";
import { AutopilotError } from "./autopilotErrors.ts";
import { decodeMachine } from "./autopilotIdentity.wire.ts";
import { type Machines, machineNamed, picked } from "./machines.ts";
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
	const id = args.id ?? (await machines.withSerial(args.serialNumber ?? ""))?.id;
	const what = `looking up ${named}`;
	const answer = id === undefined ? undefined : await machines.raw(id, { what, version: "beta" });
	if (id === undefined || answer === undefined) {
		throw new AutopilotError("NoSuchMachine", `There is no registered ${named} in this tenant.`);
	}
	const live = decodeMachine(answer);
	if (live === undefined) throw new UnreadableAnswer(`${what} failed: the answer is no machine`, 200);
	const { values, facts, etag } = live;
	const moving = Object.entries(picked({ id, ...Object(answer.json) }, MOVING)).map(([name, value]) => [
		name,
		isUnset(value) ? undefined : value,
	]);
	return plain({ id, groupTag: "", ...values, ...facts, ...Object.fromEntries(moving), etag });
}

/** The machines of the tenant, all pages. */
export async function listMachines(machines: Machines, args: AutopilotLookupArgs): Promise<Found[]> {
	const { serialNumber = "", groupTag } = args;
	const rows = await machines.list(serialNumber, "listing machines");
	return rows
		.filter((row) => contains(textOf(row["serialNumber"]) ?? "", serialNumber))
		.filter((row) => groupTag === undefined || (textOf(row["groupTag"]) ?? "") === groupTag)
		.map((row) => plain({ groupTag: "", ...withoutUnset(picked(row, LISTED)), ...userOf(row) }));
}

/** The user under the name that a program has for him. */
function userOf({ userPrincipalName }: Row): Found {
	return isUnset(userPrincipalName) ? {} : { assignedUserPrincipalName: userPrincipalName };
}

function contains(serialNumber: string, part: string): boolean {
	return serialNumber.toLowerCase().includes(part.toLowerCase());
}

function withoutUnset(values: Found): Found {
	return Object.fromEntries(Object.entries(values).filter(([, value]) => !isUnset(value)));
}

/** Graph writes "not set" as an empty text, as the id of zeros, or as the year 1. */
function isUnset(value: unknown): boolean {
	if (value === undefined || value === null || value === "") return true;
	return typeof value === "string" && /^(?:0001-01-01T|0{8}-(?:0{4}-){3}0{12}$)/.test(value);
}
