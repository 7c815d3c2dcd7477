import { formatEtag, hasEtags } from "./etag.ts";
import type { ImportRecord } from "./importRecord.ts";
import type { Machine } from "./machine.ts";
import type { GraphAsk, Version } from "./routes/route.ts";
import type { AutopilotSwitches } from "./switches.ts";

/** Returns an import record as this request sees it. */
export function recordEntity({ autopilot: { switches } }: GraphAsk, record: ImportRecord): object {
	const etag = hasEtags(switches) ? { "@odata.etag": formatEtag(record) } : {};
	return { ...etag, ...recordJson(record, switches) };
}

/** Returns a machine as this request sees it, alone or in a list. */
export function createMachineEntity(
	ask: GraphAsk,
	machine: Machine,
	isListed: boolean,
): Record<string, unknown> {
	const { version, autopilot } = ask;
	const { switches } = autopilot;
	const etag = hasEtags(switches) ? { "@odata.etag": formatEtag(machine) } : {};
	return { ...etag, ...createMachineJson(machine, { version, isListed, switches }) };
}

/** Returns the members that `$select` names, or all. */
export function selectMembers(entity: object, select: string | undefined): object {
	if (select === undefined) return entity;
	const names = select.split(",").map((name) => name.trim().toLowerCase());
	return Object.fromEntries(Object.entries(entity).filter(([key]) => names.includes(key.toLowerCase())));
}

/** The value of a date that was never set. */
const NEVER = "0001-01-01T00:00:00Z";
const ZERO_ID = "00000000-0000-0000-0000-000000000000";

/** The format of a machine. */
export interface MachineStyle {
	readonly version: Version;
	/** Whether it is an item of a list, in which computed members are blank. */
	readonly isListed: boolean;
	readonly switches: AutopilotSwitches;
}

/** Returns a `windowsAutopilotDeviceIdentity`: the 17 members of v1.0, and those of beta if requested. */
export function createMachineJson(machine: Machine, style: MachineStyle): Record<string, unknown> {
	const { version, switches } = style;
	const isBlank = style.isListed && switches.listBlanks;
	const idOr = (id: string) => (id === "" && switches.unsetIds === "zero" ? ZERO_ID : id);
	const isBeta = version === "beta";
	return {
		id: machine.id,
		groupTag: machine.groupTag,
		serialNumber:
			machine.serialNumber === "" && switches.unsetSerials === "null" ? null : machine.serialNumber,
		productKey: machine.productKey,
		purchaseOrderIdentifier: machine.purchaseOrderIdentifier,
		manufacturer: machine.manufacturer,
		model: machine.model,
		enrollmentState: machine.enrollmentState === "blocked" && !isBeta ? "unknown" : machine.enrollmentState,
		lastContactedDateTime: isBlank ? NEVER : formatDateTime(machine.lastContacted),
		addressableUserName: machine.addressableUserName,
		userPrincipalName: switches.readUsers === "blank" ? "" : machine.userPrincipalName,
		resourceName: machine.resourceName,
		skuNumber: machine.skuNumber,
		systemFamily: machine.systemFamily,
		azureActiveDirectoryDeviceId: idOr(machine.azureActiveDirectoryDeviceId),
		managedDeviceId: idOr(machine.managedDeviceId),
		displayName: machine.displayName,
		...(isBeta && createBetaMembers(machine, isBlank, idOr)),
	};
}

function createBetaMembers(machine: Machine, isBlank: boolean, formatId: (id: string) => string): object {
	return {
		azureAdDeviceId: formatId(machine.azureActiveDirectoryDeviceId),
		deploymentProfileAssignmentStatus: isBlank ? "unknown" : machine.deploymentProfileAssignmentStatus,
		deploymentProfileAssignmentDetailedStatus: "none",
		deploymentProfileAssignedDateTime: isBlank ? NEVER : formatDateTime(machine.deploymentProfileAssigned),
		remediationState: "unknown",
		remediationStateLastModifiedDateTime: NEVER,
		userlessEnrollmentStatus: isBlank ? "unknown" : machine.userlessEnrollmentStatus,
		deviceAccountUpn: machine.deviceAccountUpn,
		deviceAccountPassword: "",
		deviceFriendlyName: machine.deviceFriendlyName,
	};
}

function formatDateTime(at: number | undefined): string {
	return at === undefined ? NEVER : `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** Returns an `importedWindowsAutopilotDeviceIdentity` for a response, without the hash. */
export function recordJson(record: ImportRecord, switches: AutopilotSwitches): Record<string, unknown> {
	const { id, groupTag, serialNumber, productKey, importId, assignedUserPrincipalName, state } = record;
	return {
		id,
		...(switches.profile === "seed" && { orderIdentifier: record.orderIdentifier }),
		groupTag,
		serialNumber,
		productKey,
		importId: importId === "" ? null : importId,
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
