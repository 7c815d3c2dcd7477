import { findLeaks } from "../contract/engine/secrets.ts";

/** No sentence about one object is longer; a fleet's tells of three. */
const MAX_MESSAGE_LENGTH = 2_600;

/** Words by which it is seen that a value was put into a sentence that has none, or is none. */
const SLIPS = /\bundefined\b|\[object \w+\]|\bNaN\b|\bnull\b|\$\{|: \.|\(\)|\s{2,}\S*\.ts|^\s+at /m;

/** Words that tell what to do. */
const ADVICE =
	/[Rr]un (?:the command|`pulumi)|\b[Ss]et |\b[Cc]heck |\b[Dd]eclare |\bneeds the |\bmust be |allow more|[Tt]he plan shows/;

/** What is wrong with a text that people are to read; empty where nothing is. */
export function findTextFaults(text: string, known: Iterable<string>): string[] {
	const isControlled = [...text].some((character) => character !== "\n" && /\p{Cc}/u.test(character));
	return [
		...(text.trim() === "" ? ["it is empty"] : []),
		...(SLIPS.test(text) ? [`it says ${SLIPS.exec(text)?.[0]}`] : []),
		...(text.length > MAX_MESSAGE_LENGTH ? [`it has ${text.length} characters`] : []),
		...(isControlled ? ["it has a control character"] : []),
		...findLeaks(text, known),
	];
}

/** The same for an error's message, which names the object and says what to do. */
export function findMessageFaults(
	message: string,
	labels: readonly string[],
	known: Iterable<string>,
): string[] {
	return [
		...findTextFaults(message, known),
		...(ADVICE.test(message) ? [] : ["it does not say what to do"]),
		...(labels.some((label) => message.includes(label)) ? [] : [`it does not name ${labels.join(" or ")}`]),
	];
}
