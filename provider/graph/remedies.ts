import type { Fault } from "./graphError.ts";

/** Who asked whom for what, as far as it matters for what to do. */
export interface Asking {
	readonly isWrite: boolean;
	/** Who we are: `Microsoft Entra identity (oidc)`. */
	readonly identity: string;
	readonly origin: string;
}

/** A request that was approved must be sent again with a code, by whoever asked for it; a deployment can't wait for that. */
const APPROVAL =
	"The tenant has Multi Admin Approval, under which another administrator must approve of each write: exclude this " +
	"application from the access policy (Intune, Tenant administration, Multi Admin Approval), or have the change made by " +
	"hand and run the command again.";

/** Whether a tenant with Multi Admin Approval says that it wants to be told why. */
export function wantsJustification(text: string): boolean {
	return /x-msft-approval-justification/i.test(text);
}

/** What to do about an error, in a sentence; empty where there is nothing to say. */
export function remedy(
	{ status, code, text, awaitsApproval }: Fault,
	{ isWrite, identity, origin }: Asking,
): string {
	if (awaitsApproval || (status === 409 && /approval request/i.test(text))) return APPROVAL;
	if (wantsJustification(text)) return `Set autopilot:approvalJustification to the reason. ${APPROVAL}`;
	if (status === 403) {
		const needed = isWrite
			? "DeviceManagementServiceConfig.ReadWrite.All"
			: "DeviceManagementServiceConfig.Read.All (or ReadWrite.All)";
		return (
			`The ${identity} needs the Microsoft Graph application permission ${needed}, with an administrator's consent, ` +
			"in a tenant with an Intune license; a new permission counts from the next token on."
		);
	}
	if (status === 401) {
		return `The token of the ${identity} was not taken by ${origin}; autopilot:cloud must be the cloud of the tenant.`;
	}
	if (code === "No method match route template" || /^Resource not found for the segment/.test(text)) {
		return "This service does not have that route; autopilot:strategy live uses the ones that Graph serves today.";
	}
	return "";
}
