import { type FileFault, quoted } from "./fileFault.ts";
import { kindOf, type Located, type Mapping, type Member } from "./located.ts";
import { edits, meantBy } from "./misspelling.ts";

/** What the names of an object mean. Case is left aside, as the hub does. */
export type Shape<Fact extends string> = { readonly [name: string]: Meaning<Fact> };

/** What a name means: a fact, an object with names of its own, or what is passed over. */
export type Meaning<Fact extends string> =
	| { readonly fact: Fact }
	| { readonly within: Shape<Fact> }
	| { readonly passed: "quietly" | "told" };

/** What is passed over without a word: what a service adds and nobody means to declare. */
export const QUIETLY = { passed: "quietly" } as const;

/** What is passed over, and told, for somebody may have meant it. */
export const TOLD = { passed: "told" } as const;

/** A fact as a file says it. */
export interface Said {
	/** The name that the file has for it: `authentication.type`. */
	readonly name: string;
	readonly value: Located;
}

/** All that an object says. */
export type Facts<Fact extends string> = Map<Fact, Said>;

/** Where findings go. */
export interface Findings {
	fault(fault: FileFault): void;
	passOver(name: string): void;
}

/** Reads an object. What is nothing (`null`) is not there. */
export function factsIn<Fact extends string>(
	{ members }: Mapping,
	shape: Shape<Fact>,
	{ findings, within = "", facts = new Map() }: Reading<Fact>,
): Facts<Fact> {
	for (const member of members) {
		const meaning = meaningOf(member.name, shape);
		const name = `${within}${member.name}`;
		if (meaning === undefined) findings.fault(unknown(member, shape));
		else if (isNothing(member.value)) continue;
		else if ("fact" in meaning) note(facts, meaning.fact, { name, member, findings });
		else if ("passed" in meaning) {
			if (meaning.passed === "told") findings.passOver(name);
		} else if (member.value.kind === "map") {
			factsIn(member.value, meaning.within, { findings, within: `${name}.`, facts });
		} else findings.fault(noObject({ name, value: member.value }, meaning.within));
	}
	return facts;
}

interface Reading<Fact extends string> {
	readonly findings: Findings;
	/** The name of the object, with a dot behind it. */
	readonly within?: string;
	/** What is known already. */
	readonly facts?: Facts<Fact>;
}

function note<Fact extends string>(
	facts: Facts<Fact>,
	fact: Fact,
	{ name, member, findings }: { name: string; member: Member; findings: Findings },
): void {
	const first = facts.get(fact);
	if (first === undefined) facts.set(fact, { name, value: member.value });
	else {
		const { line, column } = member;
		const text = `${name} says the same as ${first.name} in line ${first.value.line}; keep one of them`;
		findings.fault({ line, column, text });
	}
}

function meaningOf<Fact extends string>(name: string, shape: Shape<Fact>): Meaning<Fact> | undefined {
	if (Object.hasOwn(shape, name)) return shape[name];
	const lower = name.toLowerCase();
	return Object.entries(shape).find(([known]) => known.toLowerCase() === lower)?.[1];
}

function isNothing(value: Located): boolean {
	return value.kind === "scalar" && value.value === null;
}

function unknown({ line, column, name }: Member, shape: Shape<string>): FileFault {
	const known = namesIn(shape);
	const meant = meantBy(name.toLowerCase(), Object.keys(shape), (given, candidate) =>
		edits(given, candidate.toLowerCase()),
	);
	const remedy = meant === undefined ? "known are" : `did you mean "${meant}"? Known are`;
	return { line, column, text: `${quoted(name)} is unknown; ${remedy} ${known.join(", ")}` };
}

function noObject({ name, value }: Said, shape: Shape<string>): FileFault {
	const { line, column } = value;
	const text = `${name} takes an object with ${namesIn(shape).join(", ")}, not ${kindOf(value)}`;
	return { line, column, text };
}

/** The names that say something. */
function namesIn(shape: Shape<string>): readonly string[] {
	return Object.entries(shape).flatMap(([name, meaning]) => ("passed" in meaning ? [] : [name]));
}
