import { findSuggestion } from "../text/suggestions.ts";

/** A resource whose arguments are checked. */
interface CheckedResource {
	/** The class of the resource, for example `DeviceFleet`. */
	readonly type: string;
	/** The name of the resource in the program. */
	readonly name: string;
	/** The arguments given by the program. */
	readonly args: object;
	/** The names of all arguments of the class. */
	readonly knownArgs: readonly string[];
}

/**
 * Rejects arguments that the resource does not have. TypeScript checks literals only, and JavaScript checks nothing: if it were
 * ignored, a misspelt `defaults` would change a whole fleet. The message does not repeat the value, since it may be a secret.
 *
 * @throws TypeError with the unknown name and the nearest known one, or all known ones
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
