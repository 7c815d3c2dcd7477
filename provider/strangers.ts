import { edits, meantBy } from "./files/misspelling.ts";

/** A resource in a program. */
interface Declared {
	/** What the resource is: `DeviceFleet`. */
	readonly type: string;
	/** Its name in the program. */
	readonly name: string;
	/** What the program says of it. */
	readonly args: object;
	/** What can be said of it. */
	readonly known: readonly string[];
}

/**
 * Refuses arguments that the resource does not have, of which only literals are checked by TypeScript, and nothing in
 * JavaScript: dropped in silence, a misspelt `defaults` would change a whole fleet. The value is not told, for it may be secret.
 *
 * @throws TypeError with the name, and the one that is meant
 */
export function refuseStrangers({ type, name, args, known }: Declared): void {
	const stranger = Object.entries(args).find(([arg, value]) => value !== undefined && !known.includes(arg));
	if (stranger === undefined) return;
	const [arg] = stranger;
	const distance = (wrong: string, right: string): number => edits(wrong.toLowerCase(), right.toLowerCase());
	const meant = meantBy(arg, known, distance);
	const remedy = meant === undefined ? `It has: ${known.join(", ")}.` : `Did you mean "${meant}"?`;
	throw new TypeError(`${type} ${JSON.stringify(name)} has no property ${JSON.stringify(arg)}. ${remedy}`);
}
