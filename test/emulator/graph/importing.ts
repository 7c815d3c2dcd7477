import { randomUUID } from "node:crypto";
import type { Autopilot, ForcedError } from "./autopilot.ts";
import { readReport, toMachineKey } from "./hardwareReport.ts";
import { DDS_ERRORS, type DdsErrorName, type ImportRecord, type ImportWish, QUEUED } from "./importRecord.ts";

/** Queues the imports of one request. */
export function queueImports(
	autopilot: Autopilot,
	wishes: readonly ImportWish[],
	upload?: string,
): ImportRecord[] {
	const batch = randomUUID();
	return wishes.map((wish) => queueOne(autopilot, wish, { batch, upload }));
}

function queueOne(
	autopilot: Autopilot,
	wish: ImportWish,
	origin: Pick<ImportRecord, "batch" | "upload">,
): ImportRecord {
	const { switches, agenda, records, clock } = autopilot;
	const [id, createdAt] = [randomUUID(), clock.now()];
	const importId = wish.importId ?? id;
	const record: ImportRecord = { ...wish, ...origin, id, importId, createdAt, state: QUEUED, revision: 1 };
	records.set(id, record);
	if (switches.pendingPhase) {
		agenda.at(createdAt + switches.importDelay / 2, () => setState(record, { ...QUEUED, status: "pending" }));
	}
	agenda.at(createdAt + switches.importDelay, (at) => concludeImport(autopilot, record, at));
	return record;
}

/** Ends an import with the Device Directory Service's result, even if the record was deleted. */
function concludeImport(autopilot: Autopilot, record: ImportRecord, at: number): void {
	const failure = findFailure(autopilot, record);
	if (failure !== undefined) {
		setState(record, {
			status: "error",
			registrationId: "",
			errorCode: failure.code,
			errorName: failure.error,
		});
		return;
	}
	const registrationId = register(autopilot, record, at);
	setState(record, { status: "complete", registrationId, errorCode: 0, errorName: "None" });
}

function register({ machines, agenda, switches }: Autopilot, record: ImportRecord, at: number): string {
	const report = readReport(record.hardwareIdentifier);
	const machine = machines.register({
		hardwareIdentifier: record.hardwareIdentifier,
		serialNumber: chooseSerialNumber(switches.registeredSerial, record.serialNumber, report?.serialNumber),
		groupTag: record.groupTag,
		userPrincipalName: record.assignedUserPrincipalName,
		productKey: record.productKey,
		manufacturer: report?.manufacturer ?? "",
		model: report?.model ?? "",
		batch: record.batch,
		isVisible: false,
		listedFrom: at + switches.syncDelay + switches.identityListDelay,
		deletableFrom: at + switches.materialiseDelay,
	});
	agenda.at(at + switches.syncDelay, () => {
		machine.isVisible = true;
	});
	return machine.id;
}

/** Returns the serial number that the registration gets. */
function chooseSerialNumber(
	source: Autopilot["switches"]["registeredSerial"],
	sent: string,
	reported: string | undefined,
): string {
	return (source === "hash" ? reported || sent : sent || reported) ?? "";
}

function setState(record: ImportRecord, state: ImportRecord["state"]): void {
	record.state = state;
	record.revision += 1;
}

interface Failure {
	readonly error: DdsErrorName;
	readonly code: number;
}

function findFailure(autopilot: Autopilot, record: ImportRecord): Failure | undefined {
	const forced = takeForced(autopilot, record);
	if (forced !== undefined) return createFailure(autopilot, forced.error, forced.code);
	const error = findImportError(autopilot, record);
	return error && createFailure(autopilot, error);
}

function createFailure({ switches }: Autopilot, error: DdsErrorName, code?: number): Failure {
	const switched = {
		ZtdDeviceAssignedToOtherTenant: switches.foreignCode,
		ZtdDeviceDuplicated: switches.duplicatedCode,
	};
	return { error, code: code ?? { ...DDS_ERRORS, ...switched }[error] };
}

/** Returns the error of an import by the service's rules. */
function findImportError(
	{ marks, machines, isRegisteredElsewhere }: Autopilot,
	record: ImportRecord,
): DdsErrorName | undefined {
	const { hardwareIdentifier, serialNumber, productKey, batch } = record;
	if (hardwareIdentifier === "") {
		return serialNumber === "" && productKey === ""
			? "MissingZtdSerialNumberAndProductKey"
			: "ZtdDeviceNotFound";
	}
	const mark = marks.get(toMachineKey(hardwareIdentifier));
	if (mark === "invalid" || readReport(hardwareIdentifier) === undefined) return "InvalidZtdHardwareHash";
	if (mark === "foreign" || isRegisteredElsewhere(hardwareIdentifier))
		return "ZtdDeviceAssignedToOtherTenant";
	const holder = machines.withHash(hardwareIdentifier);
	if (holder === undefined) return undefined;
	return holder.batch === batch ? "ZtdDeviceDuplicated" : "ZtdDeviceAlreadyAssigned";
}

function takeForced({ forced }: Autopilot, record: ImportRecord): ForcedError | undefined {
	const found = forced.find(
		({ serialNumber, hardwareIdentifier, left }) =>
			left > 0 &&
			(serialNumber ?? record.serialNumber) === record.serialNumber &&
			(hardwareIdentifier ?? record.hardwareIdentifier) === record.hardwareIdentifier,
	);
	if (found !== undefined) found.left -= 1;
	return found;
}
