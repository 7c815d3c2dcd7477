import { formatNameList } from "../text/quantities.ts";

/** The codes of {@link AutopilotError}, which users see at the end of a message. */
export type AutopilotErrorCode =
	| "ImportFailed"
	| "ImportPending"
	| "AmbiguousSerial"
	| "NothingToAdopt"
	| "WrongMachine"
	| "WrongTenant"
	| "StillEnrolled"
	| "NotConfirmed"
	| "NoImportRecord"
	| "NoSuchMachine";

/** The error of an operation on a machine that failed although the service responded. Its message is complete. */
export class AutopilotError extends Error {
	override readonly name = "AutopilotError";
	readonly code: AutopilotErrorCode;

	constructor(code: AutopilotErrorCode, message: string, cause?: unknown) {
		super(message, { cause });
		this.code = code;
	}
}

/** Maximum number of registration ids in a message. */
const MAX_LISTED_IDS = 5;

/** The error for a serial number that several registered machines have although it must identify one. */
export class AmbiguousSerial extends AutopilotError {
	/** @param ids the registration ids of the machines with that serial number */
	constructor(serialNumber: string, ids: readonly string[]) {
		super(
			"AmbiguousSerial",
			`The serial number ${JSON.stringify(serialNumber)} belongs to ${ids.length} registered machines (${formatNameList(ids, MAX_LISTED_IDS)}), so ` +
				"it does not identify one of them. Nothing was changed. Declare its `productKey` too, or import it into state by its " +
				"registration id with an import file (`pulumi import --file`).",
		);
	}
}
