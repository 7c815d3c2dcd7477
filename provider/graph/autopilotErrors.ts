/** Why a machine could not be managed although the service could be reached. */
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

/** An operation on a machine that came to an end. Its message is complete as it stands. */
export class AutopilotError extends Error {
	override readonly name = "AutopilotError";
	readonly code: AutopilotErrorCode;

	constructor(code: AutopilotErrorCode, message: string, cause?: unknown) {
		super(message, { cause });
		this.code = code;
	}
}

/** Several machines have the serial number by which one is looked for. */
export class AmbiguousSerial extends AutopilotError {
	/** @param ids the registration ids of those that have it */
	constructor(serialNumber: string, ids: readonly string[]) {
		const shownIds = ids.slice(0, 5).join(", ");
		const more = ids.length > 5 ? `, and ${ids.length - 5} more` : "";
		super(
			"AmbiguousSerial",
			`The serial number ${JSON.stringify(serialNumber)} is that of ${ids.length} registered machines (${shownIds}${more}), so ` +
				"it is not known which one is meant; nothing was changed. Declare its `productKey` too, or take it into state by " +
				"its registration id with an import file (`pulumi import --file`).",
		);
	}
}
