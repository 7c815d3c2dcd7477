import { IGNORED_INPUT } from "../stateKeys.ts";
import {
	containsNames,
	decodePropertyPaths,
	isInsideNames,
	type PropertyPath,
} from "../text/propertyPaths.ts";
import { isObject, isUnknown, type Values } from "../values.ts";
import {
	type Field,
	type FieldValue,
	type FieldValues,
	hasEqualValue,
	listFieldNames,
	type Schema,
	toFieldValues,
} from "./schema.ts";

/** The fields of a resource whose changes are ignored, because its option `ignoreChanges` names them. */
export class IgnoredPaths {
	readonly #paths: readonly PropertyPath[];

	constructor(paths: readonly PropertyPath[]) {
		this.#paths = paths;
	}

	/** Whether no field is ignored. */
	get isEmpty(): boolean {
		return this.#paths.length === 0;
	}

	/**
	 * Whether a field is ignored. A field that is compared as a whole, such as a list, is ignored even if a path names only a part of it.
	 * While the value is unknown, the path may name any part of it, so it must name the whole.
	 */
	covers({ path, value }: FieldValue): boolean {
		if (this.isEmpty) return false;
		const names = path.split(".");
		return this.#paths.some(
			(ignored) => containsNames(ignored, names) || (!isUnknown(value) && isInsideNames(ignored, names)),
		);
	}

	/** Whether everything at and below a dotted path is ignored. */
	coversPath(path: string): boolean {
		return this.#paths.some((ignored) => containsNames(ignored, path.split(".")));
	}

	/** Returns the fields that are not ignored. */
	omitFromFields(fieldValues: FieldValues): FieldValues {
		return this.isEmpty
			? fieldValues
			: new Map([...fieldValues].filter(([, fieldValue]) => !this.covers(fieldValue)));
	}
}

/**
 * Returns the ignored fields of a resource.
 *
 * @param properties the inputs, which have those of the program; or outputs, which have those of the last deployment
 */
export function readIgnoredPaths<Inputs>(schema: Schema<Inputs>, properties: Values): IgnoredPaths {
	const paths = decodePropertyPaths(properties[IGNORED_INPUT]);
	if (paths.length === 0) return NONE_IGNORED;
	const named = new IgnoredPaths(paths);
	const implied = Object.values<Field>(schema)
		.flatMap(({ ignoredTogether = {} }) => Object.entries(ignoredTogether))
		.filter(([path]) => named.covers({ path, value: "" }))
		.map(([, together]) => together.split("."));
	return implied.length === 0 ? named : new IgnoredPaths([...paths, ...implied]);
}

/** No field is ignored. */
export const NONE_IGNORED = new IgnoredPaths([]);

/** The fields to omit from inputs. */
export interface OmittedFields {
	readonly ignored: IgnoredPaths;
	/**
	 * Whether a field was deployed. Others are written: of those that a creation left out, or that are declared for the first time where
	 * Pulumi's engine does not restore the previous inputs.
	 */
	isDeployed(path: string): boolean;
	/**
	 * The object's current values. A field with `ignoredWhileEqual` is not ignored while they differ from the declared ones there.
	 * Default: they do not differ.
	 */
	readonly live?: Values;
}

/** Returns the inputs without ignored managed fields, whose live values are kept. */
export function omitIgnoredInputs<Inputs>(
	schema: Schema<Inputs>,
	inputs: Values,
	{ ignored, isDeployed, live }: OmittedFields,
): Values {
	if (ignored.isEmpty) return inputs;
	const declaredValues = toFieldValues(schema, inputs);
	const liveValues = live && toFieldValues(schema, live);
	const isApplicable = ({ ignoredWhileEqual: path }: Field): boolean => {
		const declared = path === undefined ? undefined : declaredValues.get(path);
		if (liveValues === undefined || declared === undefined || ignored.covers(declared)) return true;
		return hasEqualValue(declared, liveValues.get(declared.path));
	};
	const names = listFieldNames(schema, "managed").filter((name) => isApplicable(schema[name]));
	const covered = [...declaredValues.values()].filter((each) => ignored.covers(each));
	const omittedPaths = new Set(covered.map(({ path }) => path).filter(isDeployed));
	const keptPaths = covered.map(({ path }) => path).filter((path) => !omittedPaths.has(path));
	const isOmitted = (path: string): boolean =>
		omittedPaths.has(path) ||
		(ignored.coversPath(path) && !keptPaths.some((kept) => `${kept}.`.startsWith(`${path}.`)));
	const omitInside = (value: unknown, path: string): unknown => {
		if (isOmitted(path)) return undefined;
		return isObject(value) ? mapEntries(value, (inner, name) => omitInside(inner, `${path}.${name}`)) : value;
	};
	const isNamed = (name: string): boolean => names.some((each) => each === name);
	return mapEntries(inputs, (value, name) => (isNamed(name) ? omitInside(value, name) : value));
}

/** Returns the mapped values, without undefined ones. */
function mapEntries(values: Values, map: (value: unknown, name: string) => unknown): Record<string, unknown> {
	const entries = Object.entries(values).map(([name, value]): [string, unknown] => [name, map(value, name)]);
	return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
