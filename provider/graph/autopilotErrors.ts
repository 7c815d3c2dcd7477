import { formatNameList } from "../text/quantities.ts";

/** The codes of {@link AutopilotError}, which users see at the end of a message. */
export type AutopilotErrorCode =
	| "ImportFailed"
	| "ImportPending"
	| "AmbiguousSerial"
	| "NothingToAdopt"
	| "WrongMachine"
	| "StillEnrolled"
	| "NotConfirmed"
	| "NoImportRecord"
	| "NoSuchMachine";

/** An operation on a machine failed although the service responded. The message needs no further context. */
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

/** Several machines have the serial number of a machine that must be unique. */
export class AmbiguousSerial extends AutopilotError {
	/** @param ids the registration ids of the machines with that serial number */
	constructor(serialNumber: string, ids: readonly string[]) {
		super(
			"AmbiguousSerial",
			`The serial number ${JSON.stringify(serialNumber)} is that of ${ids.length} registered machines (${formatNameList(ids, MAX_LISTED_IDS)}), so ` +
				"it is not known which one is meant; nothing was changed. Declare its `productKey` too, or take it into state by " +
				"its registration id with an import file (`pulumi import --file`).",
		);
	}
}
