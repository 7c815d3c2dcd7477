import { findSymmetricKeyProblem } from "../keys/deviceKey.ts";
import { describeInvisibleCharacter } from "../text/invisibleCharacters.ts";
import { toPrintableJson } from "../text/sanitize.ts";

const DEVICE_ID_PATTERN = /^[A-Za-z0-9\-.%_*?!(),:=@$';]*$/;
const MAX_ID_LENGTH = 128;
const MAX_STATUS_REASON_LENGTH = 128;

/** Returns what is wrong with the id of a device, and the remedy; undefined if it is valid (IoT Hub REST 2021-04-12). */
export function findDeviceIdProblem(id: string): string | undefined {
	const illegal = [...id].find((character) => !DEVICE_ID_PATTERN.test(character));
	if (illegal !== undefined) {
		const reason =
			illegal === "+" || illegal === "#"
				? "which IoT Hub no longer supports in ids"
				: "which device ids cannot contain";
		const shown = describeInvisibleCharacter(illegal) ?? `the character ${toPrintableJson(illegal)}`;
		return `${toPrintableJson(id)} contains ${shown}, ${reason}; use letters, digits and - . % _ * ? ! ( ) , : = @ $ ' ;`;
	}
	if (id.length < 1 || id.length > MAX_ID_LENGTH)
		return `has ${id.length} characters; a device id must have 1 to ${MAX_ID_LENGTH}`;
	if (/^\.{1,2}$/.test(id))
		return `"${id}" cannot be addressed, because "." and ".." have a special meaning in URLs; use another id`;
	return undefined;
}

/** Returns what is wrong with the reason of a status, and the remedy; undefined if it is valid. */
export function findStatusReasonProblem(reason: string): string | undefined {
	return reason.length > MAX_STATUS_REASON_LENGTH
		? `has ${reason.length} characters; the hub stores at most ${MAX_STATUS_REASON_LENGTH}, so shorten it`
		: undefined;
}

/** Returns what is wrong with a symmetric key of a device, and the remedy; undefined if it is valid. It never repeats the key. */
export function findDeviceKeyProblem(key: string): string | undefined {
	const problem = findSymmetricKeyProblem(key);
	if (problem === undefined) return undefined;
	return /\d bytes/.test(problem)
		? `${problem} (\`openssl rand -base64 32\`)`
		: `${problem}; create a key with \`openssl rand -base64 32\`, or leave out both keys and the hub generates them`;
}

/** Returns what is wrong with a secondary thumbprint beside a primary one, and the remedy; undefined if they fit. */
export function findThumbprintPairProblem(primary: string, secondary: string): string | undefined {
	return primary.length === secondary.length
		? undefined
		: `has ${secondary.length} digits, but the primary thumbprint has ${primary.length}; both must be SHA-1 or both SHA-256`;
}
