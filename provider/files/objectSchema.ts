import { findSuggestion } from "../text/suggestions.ts";
import { type Diagnostic, quoteName } from "./diagnostics.ts";
import { describeNodeKind, type MappingMember, type MappingNode, type SourceNode } from "./sourceNode.ts";

/** What the names of an object mean. Case is left aside, as the hub does. */
export type ObjectSchema<Fact extends string> = { readonly [name: string]: PropertySchema<Fact> };

/** What a name means: a fact, an object with names of its own, or what is passed over. */
export type PropertySchema<Fact extends string> =
	| { readonly fact: Fact }
	| { readonly within: ObjectSchema<Fact> }
	| { readonly passed: "quietly" | "told" };

/** What is passed over without a word: what a service adds and nobody means to declare. */
export const IGNORED_SILENTLY = { passed: "quietly" } as const;

/** What is passed over, and told, for somebody may have meant it. */
export const IGNORED_WITH_NOTICE = { passed: "told" } as const;

/** A fact as a file says it. */
export interface SourceValue {
	/** The name that the file has for it: `authentication.type`. */
	readonly name: string;
	readonly value: SourceNode;
}

/** All that an object says. */
export type SourceValues<Fact extends string> = Map<Fact, SourceValue>;

/** Where findings go. */
export interface FindingsCollector {
	addDiagnostic(diagnostic: Diagnostic): void;
	addIgnored(name: string): void;
}

/** Reads an object. What is nothing (`null`) is not there. */
export function readValues<Fact extends string>(
	{ members }: MappingNode,
	schema: ObjectSchema<Fact>,
	{ findings, prefix = "", values = new Map() }: ReadOptions<Fact>,
): SourceValues<Fact> {
	for (const member of members) {
		const propertySchema = findPropertySchema(member.name, schema);
		const name = `${prefix}${member.name}`;
		if (propertySchema === undefined) findings.addDiagnostic(describeUnknownProperty(member, schema));
		else if (isNull(member.value)) continue;
		else if ("fact" in propertySchema) addValue(values, propertySchema.fact, { name, member, findings });
		else if ("passed" in propertySchema) {
			if (propertySchema.passed === "told") findings.addIgnored(name);
		} else if (member.value.kind === "map") {
			readValues(member.value, propertySchema.within, { findings, prefix: `${name}.`, values });
		} else findings.addDiagnostic(describeNonObject({ name, value: member.value }, propertySchema.within));
	}
	return values;
}

interface ReadOptions<Fact extends string> {
	readonly findings: FindingsCollector;
	/** The name of the object, with a dot behind it. */
	readonly prefix?: string;
	/** What is known already. */
	readonly values?: SourceValues<Fact>;
}

function addValue<Fact extends string>(
	values: SourceValues<Fact>,
	field: Fact,
	{ name, member, findings }: { name: string; member: MappingMember; findings: FindingsCollector },
): void {
	const first = values.get(field);
	if (first === undefined) values.set(field, { name, value: member.value });
	else {
		const { line, column } = member;
		const text = `${name} says the same as ${first.name} in line ${first.value.line}; keep one of them`;
		findings.addDiagnostic({ line, column, text });
	}
}

function findPropertySchema<Fact extends string>(
	name: string,
	schema: ObjectSchema<Fact>,
): PropertySchema<Fact> | undefined {
	if (Object.hasOwn(schema, name)) return schema[name];
	const lowerCase = name.toLowerCase();
	return Object.entries(schema).find(([known]) => known.toLowerCase() === lowerCase)?.[1];
}

function isNull(value: SourceNode): boolean {
	return value.kind === "scalar" && value.value === null;
}

function describeUnknownProperty(
	{ line, column, name }: MappingMember,
	schema: ObjectSchema<string>,
): Diagnostic {
	const known = listNames(schema);
	const suggestion = findSuggestion(name, Object.keys(schema));
	const remedy = suggestion === undefined ? "known are" : `did you mean "${suggestion}"? Known are`;
	return { line, column, text: `${quoteName(name)} is unknown; ${remedy} ${known.join(", ")}` };
}

function describeNonObject({ name, value }: SourceValue, schema: ObjectSchema<string>): Diagnostic {
	const { line, column } = value;
	const text = `${name} takes an object with ${listNames(schema).join(", ")}, not ${describeNodeKind(value)}`;
	return { line, column, text };
}

/** The names that say something. */
function listNames(schema: ObjectSchema<string>): readonly string[] {
	return Object.entries(schema).flatMap(([name, meaning]) => ("passed" in meaning ? [] : [name]));
}
