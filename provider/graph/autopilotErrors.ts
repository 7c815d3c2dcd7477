import { isPlaceholderSerial } from "../rules/machineValues.ts";
import { formatNameList } from "../text/quantities.ts";

/** The codes of {@link AutopilotError}, which users see at the end of a message. */
export type AutopilotErrorCode =
	| "ImportFailed"
	| "ImportPending"
	| "AmbiguousSerial"
	| "NothingToAdopt"
	| "WrongMachine"
	| "SerialNumberMismatch"
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

/** Maximum number of registrations in a message. */
const MAX_LISTED_CANDIDATES = 5;

/** A registration that may be the declared machine, as a list shows it; an empty string is a value that it does not have. */
export interface Candidate {
	readonly id: string;
	readonly serialNumber: string;
	readonly manufacturer: string;
	readonly model: string;
	readonly groupTag: string;
	readonly productKey: string;
}

/** Formats `6a1f… (serial number "Default string", Contoso Standard, group tag "Kiosk")` for each registration, at most five. */
export function formatCandidates(candidates: readonly Candidate[]): string {
	const names = candidates.map(({ id, serialNumber, manufacturer, model, groupTag }) => {
		const made = [manufacturer, model].filter(Boolean).join(" ");
		const facts = [
			`serial number ${JSON.stringify(serialNumber)}`,
			...(made === "" ? [] : [made]),
			groupTag === "" ? "no group tag" : `group tag ${JSON.stringify(groupTag)}`,
		];
		return `${id} (${facts.join(", ")})`;
	});
	return formatNameList(names, MAX_LISTED_CANDIDATES);
}

/** How to adopt a registration that neither its serial number nor its hash identifies. */
export const CHOOSE_BY_ID_ADVICE =
	"To adopt one of them, declare its `productKey` too, if it has one, or bring it into state by its registration id: " +
	"`npx device-identity adopt --autopilot` writes the program and the file for `pulumi import --file`, from which you can delete " +
	"the other machines";

/**
 * The error for a serial number that must identify one registered machine and does not: several have it, or it is a placeholder, which
 * any machine may have.
 */
export class AmbiguousSerial extends AutopilotError {
	/** @param candidates the registrations with that serial number */
	constructor(serialNumber: string, candidates: readonly Candidate[]) {
		const quoted = JSON.stringify(serialNumber);
		const list = formatCandidates(candidates);
		const finding =
			candidates.length === 1
				? `The serial number ${quoted} does not prove that this is the registered machine: ${list}.`
				: `The serial number ${quoted} does not identify one of ${candidates.length} registered machines: ${list}.`;
		const hint = isPlaceholderSerial(serialNumber)
			? " Firmware reports this serial number if nobody filled it in, so other machines have it too."
			: "";
		super("AmbiguousSerial", `${finding}${hint} Nothing was changed. ${CHOOSE_BY_ID_ADVICE}.`);
	}
}
