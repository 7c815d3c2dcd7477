import * as pulumi from "@pulumi/pulumi";
import { invokeFunction } from "./invoke.ts";

/** Which machine to look up: by its registration id, which is one request, or by its exact serial number. */
export type GetAutopilotIdentityArgs = { id: string } | { serialNumber: string };

/** {@link GetAutopilotIdentityArgs} where the value may be an output of another resource. */
export type GetAutopilotIdentityOutputArgs =
	| { id: pulumi.Input<string> }
	| { serialNumber: pulumi.Input<string> };

/**
 * A machine as it is now, with the facts that change by themselves and are therefore no outputs of `AutopilotIdentity`.
 * What Graph leaves unset (an empty text, a zero id, the year 1) is undefined here.
 */
export interface GetAutopilotIdentityResult {
	/** The registration id. */
	id: string;
	serialNumber: string;
	productKey?: string;
	/** The empty text for none. */
	groupTag: string;
	assignedUserPrincipalName?: string;
	addressableUserName?: string;
	displayName?: string;
	/** As the `etag` output of `AutopilotIdentity` has it. */
	etag: string;
	manufacturer?: string;
	model?: string;
	systemFamily?: string;
	skuNumber?: string;
	purchaseOrderIdentifier?: string;
	resourceName?: string;
	/** How far the machine has come with Intune. */
	enrollmentState?: "unknown" | "enrolled" | "pendingReset" | "failed" | "notContacted" | "blocked";
	/** When the machine last contacted Intune (ISO 8601, UTC); undefined if it never did. */
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
		/** Spelt as Graph spells it. */
		| "assignedUnkownSyncState"
		| "notAssigned"
		| "pending"
		| "failed";
	/** Why a deployment profile does not fit the machine; `none` if it does. */
	deploymentProfileAssignmentDetailedStatus?: string;
	/** When the machine got its deployment profile (ISO 8601, UTC). */
	deploymentProfileAssignedDateTime?: string;
	/** Whether changed hardware must be put right, by the service or by hand. */
	remediationState?: string;
	/** When `remediationState` last changed (ISO 8601, UTC). */
	remediationStateLastModifiedDateTime?: string;
	/** Whether the machine may enroll without a user. */
	userlessEnrollmentStatus?: string;
	/** Of a Surface Hub, the account that it signs in with. */
	deviceAccountUpn?: string;
	/** Of a Surface Hub, the name that it shows. */
	deviceFriendlyName?: string;
}

/** Which machines to list. */
export interface ListAutopilotIdentitiesArgs {
	/** Only machines whose serial number contains this text, in whichever case. */
	serialNumber?: string;
	/** Only machines with exactly this group tag; the empty text for those without one. */
	groupTag?: string;
}

/** A machine as Graph lists it: only what a list can be trusted for. {@link getAutopilotIdentity} tells the rest. */
export interface ListedAutopilotIdentity {
	/** The registration id. */
	id: string;
	serialNumber: string;
	/** The empty text for none. */
	groupTag: string;
	assignedUserPrincipalName?: string;
	displayName?: string;
	manufacturer?: string;
	model?: string;
	productKey?: string;
	purchaseOrderIdentifier?: string;
}

/**
 * Looks up a machine, during previews too. Needs DeviceManagementServiceConfig.Read.All.
 *
 * ```ts
 * import { getAutopilotIdentity } from "pulumi-device-identity";
 *
 * const machine = getAutopilotIdentity({ serialNumber: "5CG1234ABC" });
 * export const lastSeen = machine.then(({ lastContactedDateTime }) => lastContactedDateTime);
 * ```
 *
 * @throws where there is no such machine, or several with this serial number
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
 */
export function getAutopilotIdentityOutput(
	args: GetAutopilotIdentityOutputArgs,
): pulumi.Output<GetAutopilotIdentityResult> {
	return pulumi.output(args).apply((known) => getAutopilotIdentity(known));
}

/**
 * Lists the machines of the tenant, all pages. Needs DeviceManagementServiceConfig.Read.All.
 *
 * ```ts
 * import { listAutopilotIdentities } from "pulumi-device-identity";
 *
 * export const kiosks = listAutopilotIdentities({ groupTag: "Kiosk" }).then((machines) => machines.length);
 * ```
 */
export async function listAutopilotIdentities(
	args: ListAutopilotIdentitiesArgs = {},
): Promise<ListedAutopilotIdentity[]> {
	return (await invokeFunction("listAutopilotIdentities", args)) as ListedAutopilotIdentity[];
}

/** The compiler takes both, and JavaScript takes anything. */
function requireIdOrSerialNumber({ id, serialNumber }: { id?: unknown; serialNumber?: unknown }): object {
	const given = Object.entries({ id, serialNumber }).filter(([, value]) => value !== undefined);
	const [only, ...others] = given;
	if (only === undefined || others.length > 0) {
		throw new TypeError(
			`getAutopilotIdentity takes id or serialNumber, one of them; it got ${only === undefined ? "neither" : "both"}`,
		);
	}
	const [name, value] = only;
	if (typeof value !== "string" || value === "")
		throw new TypeError(`${name} of getAutopilotIdentity takes a text that is not empty`);
	return { [name]: value };
}
