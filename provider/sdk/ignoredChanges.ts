import type { CustomResourceOptions } from "@pulumi/pulumi";
import {
	ANY_NAME,
	encodePropertyPaths,
	type PropertyPath,
	parsePropertyPath,
} from "../text/propertyPaths.ts";
import { findSuggestion } from "../text/suggestions.ts";

/** The argument of a fleet that holds its members. */
export interface MembersArgument {
	/** The name of the argument: `devices`. */
	readonly name: string;
	/** A name of a member for examples in messages: `dev-1`. */
	readonly example: string;
	/** The properties that a member can have. */
	readonly memberProperties: readonly string[];
}

/** A resource with the option `ignoreChanges`. */
export interface IgnoringResource {
	/** The class of the resource, for example `DeviceFleet`. */
	readonly type: string;
	/** The name of the resource in the program. */
	readonly name: string;
	/** The resource options given by the program. */
	readonly opts: CustomResourceOptions;
	/** The argument with the members, if the resource is a fleet. */
	readonly members?: MembersArgument;
}

/**
 * Returns the paths of `ignoreChanges` as the hidden input that tells them to the provider; undefined without the option.
 *
 * @throws TypeError for a path that Pulumi's engine would silently ignore, and for a path into a fleet's members that names nothing
 */
export function encodeIgnoredChanges(resource: IgnoringResource): string | undefined {
	const { ignoreChanges = [] } = resource.opts;
	if (ignoreChanges.length === 0) return undefined;
	return encodePropertyPaths(ignoreChanges.map((text) => parseIgnoredPath(resource, text)));
}

/**
 * Returns the option `ignoreChanges` for Pulumi's engine, with the names of all inputs in place of `*`: under `*` the engine would keep
 * the hidden inputs of the last deployment, too.
 */
export function expandIgnoredChanges(
	{ ignoreChanges }: CustomResourceOptions,
	inputNames: readonly string[],
): Pick<CustomResourceOptions, "ignoreChanges"> {
	if (ignoreChanges === undefined) return {};
	const isEverything = (text: string): boolean => {
		const path = parsePropertyPath(text);
		return path?.length === 1 && path[0] === ANY_NAME;
	};
	return {
		ignoreChanges: [...new Set(ignoreChanges.flatMap((text) => (isEverything(text) ? inputNames : [text])))],
	};
}

function parseIgnoredPath({ type, name, members }: IgnoringResource, text: string): PropertyPath {
	const path = parsePropertyPath(text);
	const problem =
		path === undefined
			? `is not a path. Write it like ${members === undefined ? "`capabilities.iotEdge` or `authentication`" : formatExamples(members)}`
			: members && findMemberPathProblem(path, members);
	if (path !== undefined && problem === undefined) return path;
	throw new TypeError(`${type} ${JSON.stringify(name)}: ignoreChanges ${JSON.stringify(text)} ${problem}.`);
}

/** Returns what is wrong with a path into a fleet, with the remedy; undefined if nothing is. */
function findMemberPathProblem(path: PropertyPath, members: MembersArgument): string | undefined {
	const [argument, member, property] = path;
	const { memberProperties } = members;
	if (argument === "defaults")
		return `cannot be ignored, because defaults become properties of the ${members.name}. Name those instead: ${formatExamples(members)}`;
	if (argument !== members.name && argument !== ANY_NAME) return undefined;
	if (typeof member === "number")
		return `names one of the ${members.name} by its position. Name it by its key: ${formatExamples(members)}`;
	if (property === undefined || property === ANY_NAME || memberProperties.some((known) => known === property))
		return undefined;
	const suggestion = findSuggestion(String(property), memberProperties);
	const remedy =
		suggestion === undefined
			? `Quote a name that contains a dot, as in ${formatExamples(members)}`
			: `The nearest one is "${suggestion}"`;
	return `names the property ${JSON.stringify(property)}, which none of the ${members.name} can have. ${remedy}`;
}

function formatExamples({ name, example, memberProperties: [property] }: MembersArgument): string {
	return `\`${name}["${example}"].${property}\` or \`${name}[*].${property}\``;
}
