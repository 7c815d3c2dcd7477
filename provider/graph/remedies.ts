import type { GraphErrorInfo } from "./graphError.ts";

/** Who asked whom for what, as far as it matters for what to do. */
export interface RemedyContext {
	readonly isWrite: boolean;
	/** Who we are: `Microsoft Entra identity (oidc)`. */
	readonly identity: string;
	readonly origin: string;
}

/** A request that was approved must be sent again with a code, by whoever asked for it; a deployment can't wait for that. */
const APPROVAL_ADVICE =
	"The tenant has Multi Admin Approval, under which another administrator must approve of each write: exclude this " +
	"application from the access policy (Intune, Tenant administration, Multi Admin Approval), or have the change made by " +
	"hand and run the command again.";

/** Whether a tenant with Multi Admin Approval says that it wants to be told why. */
export function needsJustification(text: string): boolean {
	return /x-msft-approval-justification/i.test(text);
}

/** What to do about an error, in a sentence; empty where there is nothing to say. */
export function suggestRemedy(
	{ status, code, message, awaitsApproval }: GraphErrorInfo,
	{ isWrite, identity, origin }: RemedyContext,
): string {
	if (awaitsApproval || (status === 409 && /approval request/i.test(message))) return APPROVAL_ADVICE;
	if (needsJustification(message)) return `Set autopilot:approvalJustification to the reason. ${APPROVAL_ADVICE}`;
	if (status === 403) {
		const permission = isWrite
			? "DeviceManagementServiceConfig.ReadWrite.All"
			: "DeviceManagementServiceConfig.Read.All (or ReadWrite.All)";
		return (
			`The ${identity} needs the Microsoft Graph application permission ${permission}, with an administrator's consent, ` +
			"in a tenant with an Intune license; a new permission counts from the next token on."
		);
	}
	if (status === 401) {
		return `The token of the ${identity} was not taken by ${origin}; autopilot:cloud must be the cloud of the tenant.`;
	}
	if (code === "No method match route template" || /^Resource not found for the segment/.test(message)) {
		return "This service does not have that route; autopilot:strategy live uses the ones that Graph serves today.";
	}
	return "";
}
