import { type Difference, driftOf, isAnother, isOpen } from "./drift.ts";
import { LifecycleError } from "./errors.ts";
import { facetsOf, namesWithRole } from "./facets.ts";
import { lookAt } from "./insist.ts";
import type { Exactness, Facet, Kind, Remote, Target } from "./kind.ts";
import { etagOf, type Life, naming } from "./life.ts";
import { notesIn } from "./noted.ts";
import type { Seen } from "./plans.ts";
import { lastDeclared } from "./record.ts";
import { changeTold, deletionTold, noticeTold, recreationTold } from "./told.ts";

/** How to look at an object for a report, and what of it may be seen. */
export interface Look {
	/** How recent the answer must be. */
	readonly how: Exactness;
	/** Paths of outputs that nobody could decrypt: they are never compared. Default: none. */
	readonly withheld?: readonly string[];
	/** A value as the report may show it. Default: as it is. */
	readonly veil?: (facet: Facet) => Facet;
}

/** What became of an object since the last deployment. */
export interface Finding {
	readonly status: "unchanged" | "changed" | "deleted" | "recreated";
	/** How messages name the object: `gw-1`. */
	readonly label: string;
	/** The declared fields that somebody else changed, those included that an earlier refresh took into state. */
	readonly differences: readonly Difference[];
	/** The id of a later object that stands for the same thing, where this one is gone. */
	readonly successor?: string;
	/** What plans and refreshes say of it; absent where nothing changed. */
	readonly told?: string;
}

/**
 * Compares an object with what state has of it, for a report: nothing is written, said or remembered.
 *
 * @throws LifecycleError AddressWithheld where state tells only encrypted which object is meant
 */
export async function inspect<Inputs extends object>(
	life: Life<Inputs>,
	target: Target,
	look: Look,
): Promise<Finding> {
	refuseUnaddressed(life, target, look);
	const remote = life.kind.connect("read");
	const outputs = target.values;
	const seen = await lookAt(life, outputs, () => remote.probe(target, etagOf(outputs), look.how));
	return seen === undefined ? gone(life, target, { remote, look }) : there(life, target, { seen, look });
}

/** An object that is there, and is what was deployed or not. */
function there<Inputs extends object>(
	life: Life<Inputs>,
	target: Target,
	{ seen, look }: { seen: Seen<Inputs>; look: Look },
): Finding {
	const differences = differencesOf(life, target, { seen, look });
	const found = { label: life.kind.label(target), differences };
	const live = seen === "untouched" ? undefined : seen;
	if (live !== undefined && isAnother(life.kind, target.values, live)) {
		return { status: "recreated", ...found, told: recreationTold(life, target, differences) };
	}
	const notice = live && life.kind.words.noticed(live, target.values);
	const told = [
		...(differences.length === 0 ? [] : [changeTold(life, target, differences)]),
		...(notice === undefined ? [] : [noticeTold(life, target, notice)]),
	];
	return told.length === 0
		? { status: "unchanged", ...found }
		: { status: "changed", ...found, told: told.join("\n") };
}

async function gone<Inputs extends object>(
	life: Life<Inputs>,
	target: Target,
	{ remote, look }: { remote: Remote<Inputs>; look: Look },
): Promise<Finding> {
	// Without all that identifies the thing, another one would be taken for it.
	const isKnown = withheldIdentity(life.kind, look).length === 0;
	const successor = isKnown ? await remote.successor?.(target).catch(() => undefined) : undefined;
	return {
		status: "deleted",
		label: life.kind.label(target),
		differences: [],
		...(successor === undefined ? {} : { successor }),
		told: await deletionTold(life, target, { successor: async () => successor }),
	};
}

/** What changed since the last deployment, which may lie before the refresh that state was taken by. */
function differencesOf<Inputs extends object>(
	{ kind }: Life<Inputs>,
	{ values: outputs }: Target,
	{ seen, look }: { seen: Seen<Inputs>; look: Look },
): readonly Difference[] {
	const { withheld = [], veil = (facet) => facet } = look;
	const now =
		seen === "untouched" ? lastDeclared(kind.fields, outputs) : facetsOf(kind.fields, { ...seen.values });
	const noted = notesIn(outputs).map((last) => difference(last, now.get(last.path)));
	const fresh = seen === "untouched" ? [] : driftOf(kind, seen, { outputs });
	return [...noted, ...fresh.filter(({ path }) => !noted.some((note) => note.path === path))]
		.filter(isOpen)
		.filter(({ path }) => !withheld.some((at) => overlap(at, path)))
		.map((found) => veiled(found, veil));
}

/** What was declared is what the last deployment wrote. */
function difference(last: Facet, live: Facet | undefined): Difference {
	return { path: last.path, last, declared: last, ...(live && { live }) };
}

function veiled({ path, last, live, declared }: Difference, veil: (facet: Facet) => Facet): Difference {
	return {
		path,
		...(last && { last: veil(last) }),
		...(live && { live: veil(live) }),
		...(declared && { declared: veil(declared) }),
	};
}

/** An object can't be looked for where its address is encrypted: another one would be found, or none. */
function refuseUnaddressed<Inputs extends object>(life: Life<Inputs>, target: Target, look: Look): void {
	const { fields } = life.kind;
	const names = withheldIdentity(life.kind, look).filter((name) => !fields[name].remembered);
	if (names.length === 0) return;
	throw new LifecycleError(
		"AddressWithheld",
		`${naming(life, target)} can't be looked for: ${names.join(" and ")} of it is encrypted in this state. Export the ` +
			"state with --show-secrets.",
	);
}

function withheldIdentity<Inputs extends object>(
	{ fields }: Kind<Inputs>,
	{ withheld = [] }: Look,
): readonly (keyof Inputs & string)[] {
	return namesWithRole(fields, "identity").filter((name) => withheld.some((at) => overlap(at, name)));
}

/** Whether one path is the other, or lies within it. */
function overlap(a: string, b: string): boolean {
	return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}
