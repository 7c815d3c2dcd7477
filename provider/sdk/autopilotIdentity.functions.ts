import * as pulumi from "@pulumi/pulumi";
import { invokeFunction } from "./invoke.ts";

/** The machine to read: by its registration id, which needs one request, or by its exact serial number. */
export type GetAutopilotIdentityArgs = { id: string } | { serialNumber: string };

/** {@link GetAutopilotIdentityArgs} with a value that may be an output of another resource. */
export type GetAutopilotIdentityOutputArgs =
	| { id: pulumi.Input<string> }
	| { serialNumber: pulumi.Input<string> };

/**
 * The current values of a machine, including values that change by themselves and are therefore not outputs of
 * `AutopilotIdentity`. Values that Graph leaves unset (an empty string, an id of zeros, the year 1) are undefined.
 */
export interface GetAutopilotIdentityResult {
	/** The registration id. */
	id: string;
	serialNumber: string;
	productKey?: string;
	/** The group tag; the empty string without one. */
	groupTag: string;
	assignedUserPrincipalName?: string;
	addressableUserName?: string;
	displayName?: string;
	/** The same as the `etag` output of `AutopilotIdentity`. */
	etag: string;
	manufacturer?: string;
	model?: string;
	systemFamily?: string;
	skuNumber?: string;
	purchaseOrderIdentifier?: string;
	resourceName?: string;
	/** The state of the enrollment in Intune. */
	enrollmentState?: "unknown" | "enrolled" | "pendingReset" | "failed" | "notContacted" | "blocked";
	/** When the machine last contacted Intune (ISO 8601, UTC); undefined if it never did so. */
	lastContactedDateTime?: string;
	/** The machine's id in Intune, once it is enrolled. */
	managedDeviceId?: string;
	/** The machine's device id in Entra. */
	azureAdDeviceId?: string;
	/** The same under the older name. */
	azureActiveDirectoryDeviceId?: string;
	deploymentProfileAssignmentStatus?:
		| "unknown"
		| "assignedInSync"
		| "assignedOutOfSync"
		/** The spelling is that of Graph. */
		| "assignedUnkownSyncState"
		| "notAssigned"
		| "pending"
		| "failed";
	/** Why a deployment profile does not fit the machine; `none` if it does. */
	deploymentProfileAssignmentDetailedStatus?: string;
	/** When the deployment profile was assigned (ISO 8601, UTC). */
	deploymentProfileAssignedDateTime?: string;
	/** Whether changed hardware requires remediation, automatic or manual. */
	remediationState?: string;
	/** When `remediationState` last changed (ISO 8601, UTC). */
	remediationStateLastModifiedDateTime?: string;
	/** Whether the machine may enroll without a user. */
	userlessEnrollmentStatus?: string;
	/** The account with which a Surface Hub signs in. */
	deviceAccountUpn?: string;
	/** The name that a Surface Hub displays. */
	deviceFriendlyName?: string;
}

/** The machines to list. */
export interface ListAutopilotIdentitiesArgs {
	/** Only machines whose serial number contains this string, ignoring case. */
	serialNumber?: string;
	/** Only machines with exactly this group tag; the empty string for machines without one. */
	groupTag?: string;
}

/** A machine in a list of Graph, with the values that are reliable there. {@link getAutopilotIdentity} returns all values. */
export interface ListedAutopilotIdentity {
	/** The registration id. */
	id: string;
	serialNumber: string;
	/** The group tag; the empty string without one. */
	groupTag: string;
	assignedUserPrincipalName?: string;
	displayName?: string;
	manufacturer?: string;
	model?: string;
	productKey?: string;
	purchaseOrderIdentifier?: string;
}

/**
 * Returns the current values of a machine, also in a preview. Requires DeviceManagementServiceConfig.Read.All.
 *
 * ```ts
 * import { getAutopilotIdentity } from "pulumi-device-identity";
 *
 * const machine = getAutopilotIdentity({ serialNumber: "5CG1234ABC" });
 * export const lastSeen = machine.then(({ lastContactedDateTime }) => lastContactedDateTime);
 * ```
 *
 * @throws RunError if the machine does not exist, or if several machines have this serial number, or it is a placeholder
 * @throws TypeError unless exactly one of id and serial number is given
 * @group Lookups
 */
export async function getAutopilotIdentity(
	args: GetAutopilotIdentityArgs,
): Promise<GetAutopilotIdentityResult> {
	return (await invokeFunction(
		"getAutopilotIdentity",
		requireIdOrSerialNumber(args),
	)) as GetAutopilotIdentityResult;
}

/**
 * {@link getAutopilotIdentity} for an argument that is an output of another resource.
 *
 * ```ts
 * import { AutopilotIdentity, getAutopilotIdentityOutput } from "pulumi-device-identity";
 *
 * const desk = new AutopilotIdentity("desk", { serialNumber: "5CG1234ABC", adopt: true });
 * export const model = getAutopilotIdentityOutput({ id: desk.id }).model;
 * ```
 *
 * @group Lookups
 */
export function getAutopilotIdentityOutput(
	args: GetAutopilotIdentityOutputArgs,
): pulumi.Output<GetAutopilotIdentityResult> {
	return pulumi.output(args).apply((known) => getAutopilotIdentity(known));
}

/**
 * Returns all machines of the tenant. Requires DeviceManagementServiceConfig.Read.All.
 *
 * ```ts
 * import { listAutopilotIdentities } from "pulumi-device-identity";
 *
 * export const kiosks = listAutopilotIdentities({ groupTag: "Kiosk" }).then((machines) => machines.length);
 * ```
 *
 * @group Lookups
 */
export async function listAutopilotIdentities(
	args: ListAutopilotIdentitiesArgs = {},
): Promise<ListedAutopilotIdentity[]> {
	return (await invokeFunction("listAutopilotIdentities", args)) as ListedAutopilotIdentity[];
}

/** Returns the given argument. Throws unless there is exactly one: TypeScript accepts an object with both, JavaScript anything. */
function requireIdOrSerialNumber({ id, serialNumber }: { id?: unknown; serialNumber?: unknown }): object {
	const given = Object.entries({ id, serialNumber }).filter(([, value]) => value !== undefined);
	const [only, ...others] = given;
	if (only === undefined || others.length > 0) {
		throw new TypeError(
			`getAutopilotIdentity requires exactly one of id and serialNumber, got ${only === undefined ? "neither" : "both"}`,
		);
	}
	const [name, value] = only;
	if (typeof value !== "string" || value === "")
		throw new TypeError(`${name} of getAutopilotIdentity must be a non-empty string`);
	return { [name]: value };
}
