import { UnreadableAnswer } from "../http/errors.ts";
import { asObject, asString, omitNullish } from "../values.ts";
import { AutopilotError } from "./autopilotErrors.ts";
import { decodeMachine, isUnset } from "./autopilotIdentity.wire.ts";
import { findRegistrationId } from "./candidates.ts";
import { describeMachine, type Machines } from "./machines.ts";
import type { ListedRow } from "./paging.ts";

/** Arguments of the provider functions for machines. */
export interface MachineFunctionArgs {
	/** A registration id. */
	readonly id?: string;
	readonly serialNumber?: string;
	readonly groupTag?: string;
}

/** The result of a provider function: plain JSON, without outputs or secrets. */
export type MachineFunctionResult = Record<string, unknown>;

/** Members that change on their own; most of them are returned by Graph's beta only. */
const BETA_FIELDS = [
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

/** Members that list rows report reliably. The others are computed, and blank in a list. */
const LISTED_FIELDS = [
	"id",
	"serialNumber",
	"groupTag",
	"displayName",
	"manufacturer",
	"model",
	"productKey",
	"purchaseOrderIdentifier",
];

/**
 * Reads one machine by its registration id or its serial number.
 *
 * @throws AmbiguousSerial if the serial number does not identify one machine
 */
export async function getMachine(
	machines: Machines,
	args: MachineFunctionArgs,
): Promise<MachineFunctionResult> {
	const machineLabel = args.id === undefined ? describeMachine(args.serialNumber) : `machine ${args.id}`;
	const registrationId =
		args.id ??
		(await findRegistrationId(machines, { serialNumber: args.serialNumber ?? "" }, { isUnverified: true }));
	const operationName = `looking up ${machineLabel}`;
	const response =
		registrationId === undefined
			? undefined
			: await machines.getResponse(registrationId, { operationName, version: "beta" });
	if (response === undefined) {
		throw new AutopilotError("NoSuchMachine", `The ${machineLabel} is not registered in this tenant.`);
	}
	const live = decodeMachine(response);
	if (live === undefined)
		throw new UnreadableAnswer(`${operationName} failed: the response is not a machine`, 200);
	const { id, values, computed, etag } = live;
	return omitNullish({
		id,
		groupTag: "",
		...values,
		...computed,
		...pickSetFields(asObject(response.json), BETA_FIELDS),
		etag,
	});
}

/** Lists the machines of the tenant, from all pages. */
export async function listMachines(
	machines: Machines,
	args: MachineFunctionArgs,
): Promise<MachineFunctionResult[]> {
	const { serialNumber = "", groupTag } = args;
	const rows = await machines.list(serialNumber, "listing machines");
	return rows
		.filter((row) => containsIgnoringCase(asString(row["serialNumber"]) ?? "", serialNumber))
		.filter((row) => groupTag === undefined || (asString(row["groupTag"]) ?? "") === groupTag)
		.map((row) => omitNullish({ groupTag: "", ...pickSetFields(row, LISTED_FIELDS), ...pickUser(row) }));
}

/** Picks the user, under the name of the corresponding input. */
function pickUser({ userPrincipalName }: ListedRow): MachineFunctionResult {
	return isUnset(userPrincipalName) ? {} : { assignedUserPrincipalName: userPrincipalName };
}

function containsIgnoringCase(serialNumber: string, part: string): boolean {
	return serialNumber.toLowerCase().includes(part.toLowerCase());
}

/** Picks the members with these names that are set. */
function pickSetFields(values: MachineFunctionResult, names: readonly string[]): MachineFunctionResult {
	return Object.fromEntries(names.map((name) => [name, values[name]]).filter(([, value]) => !isUnset(value)));
}
