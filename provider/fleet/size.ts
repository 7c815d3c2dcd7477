import { facetsOf } from "../lifecycle/facets.ts";
import type { Fault, Values } from "../lifecycle/kind.ts";
import { derived } from "../lifecycle/life.ts";
import { isObject } from "../lifecycle/plain.ts";
import { DECLARED, IDENTITY, recordDeclared, recordIdentity } from "../lifecycle/record.ts";
import { bytesOf, CAPACITY } from "./capacity.ts";
import type { FleetKind } from "./kind.ts";
import { keptOf } from "./member.ts";
import { inputsFor } from "./plan.ts";
import type { Members } from "./text.ts";

/** For every member: what a later release may keep of it besides, and what a refresh notes of one that drifted. */
const MARGIN = 32;

/** How many declarations are remembered with the size that they lead to. */
const MOST_ALIKE = 1_000;

/** More than is kept of a member besides the values that it declares, and how often state can repeat those. */
const AT_MOST_BESIDES = 700;
const AT_MOST_REPEATED = 4;

/** A fleet as it is declared, complete. */
export interface DeclaredFleet {
	readonly fleet: Values;
	readonly declared: Members;
	/** The text that declares the members. */
	readonly text: string;
}

/** What is wrong with a declaration that is longer than Pulumi can send. */
export function declarationFaults<Inputs extends object>(
	kind: FleetKind<Inputs>,
	{ declared, text }: Pick<DeclaredFleet, "declared" | "text">,
): Fault[] {
	return faultsOf(kind, { what: "their declaration is", count: declared.size, bytes: bytesOf(text) });
}

/**
 * What is wrong with a fleet of which state would have to keep more than Pulumi can send: its members would all be made, and
 * then the process would end before it could answer. The members must be sound.
 */
export function stateFaults<Inputs extends object>(
	kind: FleetKind<Inputs>,
	declaration: DeclaredFleet,
): Fault[] {
	const { declared, text } = declaration;
	const { capacity = CAPACITY } = kind;
	const most = AT_MOST_BESIDES * declared.size + AT_MOST_REPEATED * bytesOf(text);
	if (most <= capacity.text) return [];
	const bytes = stateSize(kind, declaration);
	return faultsOf(kind, { what: "what state keeps of them would be", count: declared.size, bytes });
}

/** How many bytes state keeps of the members once all of them are made, rather more than less. */
export function stateSize<Inputs extends object>(
	kind: FleetKind<Inputs>,
	change: Pick<DeclaredFleet, "fleet" | "declared">,
): number {
	const scopes = (parent: string): unknown => kind.scopeOf(expectedOf(kind, parent, change).values);
	const known = new Map<string, number>();
	let bytes = 2;
	for (const [id, declared] of change.declared) {
		// Members that are declared alike, under names of one length, differ in nothing that has a length.
		const alike = `${bytesOf(JSON.stringify(id))} ${JSON.stringify(declared)}`;
		const size = known.get(alike) ?? memberSize(kind, { id, change, scopes });
		if (known.size < MOST_ALIKE) known.set(alike, size);
		bytes += size;
	}
	return bytes;
}

function memberSize<Inputs extends object>(
	kind: FleetKind<Inputs>,
	member: Parameters<typeof inputsFor>[1],
): number {
	const { fields } = kind.life.kind;
	const news = derived(kind.life, inputsFor(kind, member));
	const { id, values } = kind.expected(news);
	const secrets = [...facetsOf(fields, news).values()].filter(({ secret }) => secret).map(({ path }) => path);
	const outputs = {
		...without(news, new Set(secrets)),
		...values,
		[DECLARED]: recordDeclared(fields, news),
		[IDENTITY]: recordIdentity(fields, news, {}),
	};
	const parent = kind.parentOf(member.change.declared.get(member.id) ?? {});
	const kept = { ...keptOf(kind, member.id, { id, values: outputs }), ...(parent && { p: parent }) };
	return bytesOf(JSON.stringify({ [member.id]: kept })) + MARGIN;
}

function expectedOf<Inputs extends object>(
	kind: FleetKind<Inputs>,
	id: string,
	change: Pick<DeclaredFleet, "fleet" | "declared">,
): ReturnType<FleetKind<Inputs>["expected"]> {
	return kind.expected(inputsFor(kind, { id, change, scopes: () => undefined }));
}

function faultsOf<Inputs extends object>(
	{ members, capacity = CAPACITY }: FleetKind<Inputs>,
	{ what, count, bytes }: { what: string; count: number; bytes: number },
): Fault[] {
	if (bytes <= capacity.text) return [];
	const fit = rounded(Math.floor((count * capacity.text) / bytes));
	return [
		{
			property: "",
			reason:
				`${shown(count)} ${members} are too many for one fleet: ${what} ${sizeShown(bytes)} of text, and Pulumi's SDK can ` +
				`send at most ${sizeShown(capacity.text)} at once. About ${shown(fit)} ${members} like these fit; split them into ` +
				"several fleets.",
		},
	];
}

/** The values without what stands under these dotted paths. */
function without(values: Values, paths: ReadonlySet<string>, prefix = ""): Values {
	if (paths.size === 0) return values;
	const entries = Object.entries(values).filter(([name]) => !paths.has(prefix + name));
	return Object.fromEntries(
		entries.map(([name, value]) => [
			name,
			isObject(value) ? without(value, paths, `${prefix}${name}.`) : value,
		]),
	);
}

/** Rounded down to two digits, for it is an estimate. */
function rounded(count: number): number {
	const unit = 10 ** Math.max(0, String(count).length - 2);
	return Math.floor(count / unit) * unit;
}

function shown(count: number): string {
	return count.toLocaleString("en-US");
}

function sizeShown(bytes: number): string {
	return bytes < 1_000_000 ? `${shown(bytes)} bytes` : `${shown(Math.round(bytes / 1_000_000))} MB`;
}
