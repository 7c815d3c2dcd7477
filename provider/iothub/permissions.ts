import type { Hub } from "./hubs.ts";

/** What a request does, as far as permissions go. */
export type HubPermission = "registryRead" | "registryWrite" | "twinRead" | "query";

/** The policy permission and the Entra role that grant each ("Control access to IoT Hub", Microsoft Learn). */
const PERMISSION_GRANTS: Readonly<Record<HubPermission, { policy: string; example: string; role: string }>> = {
	registryRead: {
		policy: "RegistryRead",
		example: "registryRead",
		role: "IoT Hub Registry Contributor or IoT Hub Data Reader",
	},
	registryWrite: {
		policy: "RegistryWrite",
		example: "registryReadWrite",
		role: "IoT Hub Registry Contributor",
	},
	twinRead: {
		policy: "ServiceConnect",
		example: "service",
		role: "IoT Hub Twin Contributor or IoT Hub Data Reader",
	},
	query: {
		policy: "ServiceConnect",
		example: "service",
		role: "IoT Hub Twin Contributor or IoT Hub Data Reader",
	},
};

/** By which code a hub says that its edition does not have an operation, whoever asks. */
export const UNAVAILABLE_IN_TIER_CODE = "OperationNotAvailableInCurrentTier";

/** Why that is, of the operations that are used here. */
export const BASIC_TIER_LACKS_TWINS = "Hubs of the Basic editions have neither twins nor queries.";

/** What to do about a 401 or a 403: the permission or role that is missing, or what else may be wrong. */
export function suggestPermissionRemedy({ hostName, credential }: Hub, permission: HubPermission): string {
	const { policy, example, role } = PERMISSION_GRANTS[permission];
	if (credential.scheme === "entra") {
		return (
			`The ${credential.identity} needs the role ${role} on hub ${hostName} (an Owner or Contributor has no data ` +
			"permissions), and a new assignment takes some minutes to work."
		);
	}
	return (
		`The ${credential.identity} of hub ${hostName} needs the permission ${policy} (as the policy \`${example}\` has it), ` +
		`and the key must be one of its two current ones.${credential.describeClockSkew()}`
	);
}
