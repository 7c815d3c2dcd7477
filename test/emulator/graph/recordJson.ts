import type { ImportRecord } from "./importRecord.ts";
import type { AutopilotSwitches } from "./switches.ts";

/** An `importedWindowsAutopilotDeviceIdentity` as it is answered: the hash stays inside. */
export function recordJson(record: ImportRecord, switches: AutopilotSwitches): Record<string, unknown> {
	const { id, groupTag, serialNumber, productKey, importId, assignedUserPrincipalName, state } = record;
	return {
		id,
		...(switches.profile === "seed" && { orderIdentifier: record.orderIdentifier }),
		groupTag,
		serialNumber,
		productKey,
		importId,
		hardwareIdentifier: switches.hiddenHash === "null" ? null : "",
		assignedUserPrincipalName,
		state: {
			deviceImportStatus: state.status,
			deviceRegistrationId: state.registrationId,
			deviceErrorCode: state.errorCode,
			deviceErrorName: state.errorName,
		},
	};
}
