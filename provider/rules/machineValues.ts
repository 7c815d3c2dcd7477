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

/** Serial numbers of firmware that nobody filled in (fleetdm/fleet#51180): different machines have the same one. */
const PLACEHOLDER_SERIAL =
	/^(?:default ?string|system serial number|chassis serial number|to be filled by o\.?e\.?m\.?|not (?:specified|applicable|available)|none|n\/a|oem|invalid|0+|123456789)$/i;

/** Whether a serial number is one that firmware reports if nobody filled it in, so that it does not identify a machine. */
export function isPlaceholderSerial(serialNumber: string): boolean {
	return PLACEHOLDER_SERIAL.test(serialNumber.trim());
}
