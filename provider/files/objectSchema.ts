import { describeInvisibleCharacter } from "../text/invisibleCharacters.ts";
import { quoteName } from "../text/quotedNames.ts";
import { findSuggestion } from "../text/suggestions.ts";
import { createDiagnostic, type Diagnostic } from "./diagnostics.ts";
import { DAMAGED_TEXT_MESSAGE, isDamaged } from "./fileText.ts";
import { describeNodeKind, type MappingMember, type MappingNode, type SourceNode } from "./sourceNode.ts";

/** The properties of an object, by name. Names are compared without case, as the hub does. */
export type ObjectSchema<Field extends string> = { readonly [name: string]: PropertySchema<Field> };

/**
 * A property: the field that it sets, an object with properties of its own, or a property that is ignored. `textField` is the field
 * that a string in the place of the object sets, in records of the service. Messages leave out `isUnlisted`, a name of another tool.
 */
export type PropertySchema<Field extends string> =
	| { readonly field: Field; readonly isUnlisted?: true }
	| { readonly properties: ObjectSchema<Field>; readonly textField?: Field; readonly isUnlisted?: true }
	| { readonly ignored: "silently" | "reported" };

/** Ignores a property without a notice: the service adds it, and no user intends to declare it. */
export const IGNORED_SILENTLY = { ignored: "silently" } as const;

/** Ignores a property with a notice: a user may have meant to declare it. */
export const IGNORED_WITH_NOTICE = { ignored: "reported" } as const;

/** The value of a field in a file. */
export interface SourceValue {
	/** The name in the file: `authentication.type`. */
	readonly name: string;
	readonly value: SourceNode;
}

/** The values of an object, by field. */
export type SourceValues<Field extends string> = Map<Field, SourceValue>;

/** Receives the problems and the ignored properties of a file. */
export interface FindingsCollector {
	addDiagnostic(diagnostic: Diagnostic): void;
	addIgnored(name: string): void;
}

/**
 * Returns the values of an object by field. A property whose value is null or the empty string counts as absent, as a blank cell
 * does.
 */
export function readValues<Field extends string>(
	{ members }: MappingNode,
	schema: ObjectSchema<Field>,
	options: ReadOptions<Field>,
): SourceValues<Field> {
	const { findings, prefix = "", values = new Map(), isServiceRecord = false } = options;
	for (const member of members) {
		const propertySchema = findPropertySchema(member.name, schema, isServiceRecord);
		const name = `${prefix}${member.name}`;
		const { value } = member;
		if (propertySchema === undefined) {
			if (!isServiceRecord) findings.addDiagnostic(describeUnknownProperty(member, schema));
			else if (!isAbsent(value)) findings.addIgnored(name);
		} else if (isAbsent(value)) continue;
		else if ("field" in propertySchema) addValue(values, propertySchema.field, { name, member, findings });
		else if ("ignored" in propertySchema) {
			if (propertySchema.ignored === "reported") findings.addIgnored(name);
		} else if (value.kind === "map") {
			readValues(value, propertySchema.properties, { ...options, prefix: `${name}.`, values });
		} else if (isServiceRecord && value.kind === "scalar" && propertySchema.textField !== undefined)
			addValue(values, propertySchema.textField, { name, member, findings });
		else findings.addDiagnostic(describeNonObject({ name, value }, propertySchema.properties));
	}
	return values;
}

interface ReadOptions<Field extends string> {
	readonly findings: FindingsCollector;
	/** The name of the object with a dot at its end; empty for the outermost one. */
	readonly prefix?: string;
	/** The values of the object around it, to which its own are added. */
	readonly values?: SourceValues<Field>;
	/**
	 * Whether a service or one of its tools wrote the object: unknown properties, which a later version added, are then ignored with a
	 * notice, and names may have underscores. Default: false, so that a misspelt name is an error.
	 */
	readonly isServiceRecord?: boolean;
}

function addValue<Field extends string>(
	values: SourceValues<Field>,
	field: Field,
	{ name, member, findings }: { name: string; member: MappingMember; findings: FindingsCollector },
): void {
	const first = values.get(field);
	if (first === undefined) values.set(field, { name, value: member.value });
	else {
		const text = `${name} has the same meaning as ${first.name} in line ${first.value.line}; keep one of them`;
		findings.addDiagnostic(createDiagnostic(member, text));
	}
}

function findPropertySchema<Field extends string>(
	name: string,
	schema: ObjectSchema<Field>,
	isServiceRecord: boolean,
): PropertySchema<Field> | undefined {
	if (Object.hasOwn(schema, name)) return schema[name];
	const lowerCase = (isServiceRecord ? name.replaceAll("_", "") : name).toLowerCase();
	return Object.entries(schema).find(([known]) => known.toLowerCase() === lowerCase)?.[1];
}

function isAbsent(value: SourceNode): boolean {
	return value.kind === "scalar" && (value.value === null || value.value === "");
}

function describeUnknownProperty(member: MappingMember, schema: ObjectSchema<string>): Diagnostic {
	const { name } = member;
	const known = listNames(schema);
	const invisible = describeInvisibleCharacter(name);
	if (invisible !== undefined)
		return createDiagnostic(member, `${quoteName(name)} contains ${invisible}; remove it`);
	const suggestion = findSuggestion(name, Object.keys(schema));
	const remedy =
		suggestion === undefined ? "known properties:" : `did you mean "${suggestion}"? Known properties:`;
	return createDiagnostic(
		member,
		`${quoteName(name)} is not a known property; ${remedy} ${known.join(", ")}`,
	);
}

function describeNonObject({ name, value }: SourceValue, schema: ObjectSchema<string>): Diagnostic {
	const text = `${name} must be an object with ${listNames(schema).join(", ")}, got ${describeNodeKind(value)}`;
	return createDiagnostic(value, text);
}

/** Returns the names of the properties that are not ignored. */
function listNames(schema: ObjectSchema<string>): readonly string[] {
	return Object.entries(schema).flatMap(([name, property]) =>
		"ignored" in property || property.isUnlisted ? [] : [name],
	);
}

/** JSON can express it and UTF-8 cannot, so the hub would replace it. */
const UNPAIRED_SURROGATE = /\p{Surrogate}/u;

/** Returns the string, or the diagnostic for a value that is not one. */
export function readStringValue(sourceValue: SourceValue): string | Diagnostic {
	const { name, value } = sourceValue;
	if (value.kind !== "scalar" || typeof value.value !== "string") {
		const remedy = value.kind === "scalar" ? "; put it in quotes" : "";
		return createDiagnostic(
			sourceValue.value,
			`${name} must be a string, got ${describeNodeKind(value)}${remedy}`,
		);
	}
	if (isDamaged(value.value)) return createDiagnostic(value, `${name} ${DAMAGED_TEXT_MESSAGE}`);
	return UNPAIRED_SURROGATE.test(value.value)
		? createDiagnostic(value, `${name} contains half of a character (an unpaired surrogate); remove it`)
		: value.value;
}
