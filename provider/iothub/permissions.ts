import type { Hub } from "./hubs.ts";

/** What a request does, as far as permissions go. */
export type Access = "registryRead" | "registryWrite" | "twinRead" | "query";

/** The policy permission and the Entra role that grant each ("Control access to IoT Hub", Microsoft Learn). */
const NEEDS: Readonly<Record<Access, { policy: string; example: string; role: string }>> = {
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
export const NOT_IN_EDITION = "OperationNotAvailableInCurrentTier";

/** Why that is, of the operations that are used here. */
export const BASIC_LACKS_TWINS = "Hubs of the Basic editions have neither twins nor queries.";

/** What to do about a 401 or a 403: the permission or role that is missing, or what else may be wrong. */
export function accessRemedy({ hostName, credential }: Hub, access: Access): string {
	const { policy, example, role } = NEEDS[access];
	if (credential.family === "entra") {
		return (
			`The ${credential.identity} needs the role ${role} on hub ${hostName} (an Owner or Contributor has no data ` +
			"permissions), and a new assignment takes some minutes to work."
		);
	}
	return (
		`The ${credential.identity} of hub ${hostName} needs the permission ${policy} (as the policy \`${example}\` has it), ` +
		`and the key must be one of its two current ones.${credential.clockHint()}`
	);
}
