import { formatCodePoint } from "../text/invisibleCharacters.ts";
import { toPrintableJson } from "../text/sanitize.ts";

/** The longest group tag that Intune accepts. */
const MAX_GROUP_TAG_LENGTH = 2048;
/** The longest user principal name (Microsoft Entra), in characters. */
const MAX_SHOWN_LENGTH = 113;
/** Matches a character that neither firmware nor a portal writes on purpose. */
const CONTROL_CHARACTER = /\p{Cc}/u;

/** Returns what is wrong with the serial number of a machine, and the remedy; undefined if it is valid. */
export function findSerialNumberProblem(serialNumber: string): string | undefined {
	if (serialNumber === "") return "is empty; declare the machine's serial number";
	if (serialNumber.trim() === "") return "is blank; declare the machine's serial number";
	const [character] = CONTROL_CHARACTER.exec(serialNumber) ?? [];
	return character === undefined
		? undefined
		: `contains a control character (${formatCodePoint(character)}); declare it as the firmware reports it`;
}

/** Returns what is wrong with a group tag, and the remedy; undefined if it is valid. An empty one removes the tag. */
export function findGroupTagProblem(tag: string): string | undefined {
	if (tag.length > MAX_GROUP_TAG_LENGTH)
		return `has ${tag.length} characters, but Intune stores at most ${MAX_GROUP_TAG_LENGTH}; shorten it`;
	const [character] = CONTROL_CHARACTER.exec(tag) ?? [];
	return character === undefined
		? undefined
		: `contains a control character (${formatCodePoint(character)}); use only printable characters`;
}

/** Returns what is wrong with a user principal name, and the remedy; undefined if it is valid. An empty one removes the user. */
export function findUserProblem(user: string): string | undefined {
	if (user === "" || /^[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+$/.test(user)) return undefined;
	// A longer value is not repeated: it may be a hash that is in the wrong cell.
	const shown =
		user.length > MAX_SHOWN_LENGTH ? `a string of ${user.length} characters` : toPrintableJson(user);
	return `${shown} is not a user principal name; use a form like ada@contoso.com, with a domain of the tenant`;
}

/**
 * Serial numbers of firmware that nobody filled in, in lower case without blanks and punctuation (fleetdm/fleet#51180; the list of
 * such values that OCS Inventory ignores): different machines have the same one.
 */
const PLACEHOLDER_SERIALS: ReadonlySet<string> = new Set(
	[
		"defaultstring default string empty null nullstring none na unknown unknow invalid oem eval iatpass tbd sample",
		"serial serialnumber sernum xxserialnumber systemserialnumber systemserialnumb chassisserialnumber",
		"boardserialnumber baseboardserialnumber mainboardserialnumber tobefilledbyoem tobefilled tulipcomputers",
		"notspecified notapplicable notavailable notdefined notset notprovided nodata sn12345 sn1234567890 sys1234567890",
		"sys9876543210 ssn12345678901234567",
	].flatMap((names) => names.split(" ")),
);
/** Matches one character only, from four on, or zeros: 0, 0000, xxxxxxx. */
const REPEATED_CHARACTER = /^(?:0+|(.)\1{3,31})$/;
/** Digits in ascending order, from 0 and from 1. */
const ASCENDING_DIGITS = ["0123456789".repeat(3), "1234567890".repeat(3)];
const MIN_ASCENDING_LENGTH = 5;

/** Whether a serial number is one that firmware reports if nobody filled it in, so that it does not identify a machine. */
export function isPlaceholderSerial(serialNumber: string): boolean {
	const text = serialNumber.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
	if (text === "" || PLACEHOLDER_SERIALS.has(text) || REPEATED_CHARACTER.test(text)) return true;
	return (
		text.length >= MIN_ASCENDING_LENGTH &&
		(ASCENDING_DIGITS.some((digits) => digits.startsWith(text)) || /^1234567890+$/.test(text))
	);
}
