import { findSuggestion } from "../text/suggestions.ts";

/** A resource in a program. */
interface CheckedResource {
	/** What the resource is: `DeviceFleet`. */
	readonly type: string;
	/** Its name in the program. */
	readonly name: string;
	/** What the program says of it. */
	readonly args: object;
	/** What can be said of it. */
	readonly knownArgs: readonly string[];
}

/**
 * Refuses arguments that the resource does not have, of which only literals are checked by TypeScript, and nothing in
 * JavaScript: dropped in silence, a misspelt `defaults` would change a whole fleet. The value is not told, for it may be secret.
 *
 * @throws TypeError with the name, and the one that is meant
 */
export function rejectUnknownArguments({ type, name, args, knownArgs }: CheckedResource): void {
	const unknownEntry = Object.entries(args).find(
		([arg, value]) => value !== undefined && !knownArgs.includes(arg),
	);
	if (unknownEntry === undefined) return;
	const [arg] = unknownEntry;
	const suggestion = findSuggestion(arg, knownArgs);
	const remedy =
		suggestion === undefined ? `It has: ${knownArgs.join(", ")}.` : `Did you mean "${suggestion}"?`;
	throw new TypeError(`${type} ${JSON.stringify(name)} has no property ${JSON.stringify(arg)}. ${remedy}`);
}
