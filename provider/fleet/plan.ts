import { removalOf } from "../lifecycle/delete.ts";
import { diff } from "../lifecycle/diff.ts";
import { type Guard, type Risk, type Risky, Tally } from "../lifecycle/guard.ts";
import type { Values } from "../lifecycle/kind.ts";
import { derived, naming } from "../lifecycle/life.ts";
import { giveUp, requireReplaceable, warnOfTakers } from "../lifecycle/ownership.ts";
import { movedBy } from "../lifecycle/record.ts";
import type { Holder } from "../lifecycle/recordMark.ts";
import { UNKNOWN } from "../lifecycle/unknown.ts";
import { FleetError } from "./errors.ts";
import { foretoldScope, parentsToCome } from "./foretold.ts";
import { gathered } from "./gathered.ts";
import type { FleetKind, Plan } from "./kind.ts";
import { type Kept, scopeIn, targetOf } from "./member.ts";
import { levelsOf } from "./order.ts";
import { keyOfMember, splitDeparting } from "./ownership.ts";
import { forEach } from "./pool.ts";
import type { Members } from "./text.ts";
import { counted } from "./told.ts";
import { lostTwins, twinsIn } from "./twins.ts";

/** Two states of a fleet: as it was deployed, and as it is declared now. */
export interface Change {
	readonly fleet: Values;
	readonly kept: ReadonlyMap<string, Kept>;
	readonly declared: Members;
	/** The former names of members that state knew by others, by the names under which `kept` has them now. */
	readonly renamed: ReadonlyMap<string, string>;
}

/** What came of the comparison of one member. */
interface Compared {
	readonly step: "same" | "changed" | "missing" | "replaced" | "new";
	/** Whether the change is one of its credentials. */
	readonly isRekeyed: boolean;
	/** What its children must be told of it now. */
	readonly scope: unknown;
}

/**
 * Compares every member with the last deployment and with the service, as a resource of its own would be: parents first,
 * for what became of them may concern their children.
 */
export async function planOf<Inputs extends object>(
	kind: FleetKind<Inputs> & { readonly holder: Holder },
	change: Change,
): Promise<Plan> {
	const { kept, declared, fleet } = change;
	const { claims } = kind.life.around;
	const added = [...declared.keys()].filter((id) => !kept.has(id));
	for (const id of added)
		claims.planToTake(keyOfMember(kind, { id, declared: declared.get(id) ?? {}, fleet }), kind.holder);
	const steps = new Map<string, Compared["step"]>();
	let rekeyed = 0;
	const failures = new Map<string, Error>();
	const moved = new Map<string, unknown>();
	const scopes = scopesIn(kind, kept, moved);
	const common = [...declared.keys()].filter((id) => kept.has(id));
	const all = [...common, ...parentsToCome(kind, { ids: common, declared })];
	const risks = new Tally();
	const counting = countingIn(kind, risks);
	await gathered(counting, async (quiet) => {
		for (const level of levelsOf(all, (id) => kind.parentOf(declared.get(id) ?? {}))) {
			const { done, failed } = await forEach(level, kind.width.looks, (id) => {
				const member = { id, change, scopes };
				return kept.has(id) ? compared(quiet, member) : foretold(quiet, member);
			});
			for (const [id, error] of failed) failures.set(id, error);
			for (const [id, { step, scope, isRekeyed }] of done) {
				steps.set(id, step);
				if (isRekeyed) rekeyed++;
				if (scope !== scopes(id)) moved.set(id, scope);
			}
		}
	});
	refuse(kind, failures);
	const replaced = common.filter((id) => steps.get(id) === "replaced");
	const left = [...kept.keys()].filter((id) => !declared.has(id));
	const { removed, handedOver } = splitDeparting(kind, left, { ...change, isEarly: true });
	const givenUp = [...removed, ...splitDeparting(kind, replaced, { ...change, isEarly: true }).removed];
	countRemovals(counting, givenUp, change);
	risks.countIn(kind.life.around.guard);
	planToGiveUp(kind, givenUp, change);
	const missing = common.filter((id) => steps.get(id) === "missing");
	refuseTwins(kind, [...added, ...missing], change);
	return {
		added: [...added, ...missing],
		changed: common.filter((id) => steps.get(id) === "changed"),
		replaced,
		removed,
		handedOver,
		renamed: [...change.renamed].map(([name, former]) => `${former} → ${name}`),
		scopes: moved,
		rekeyed,
	};
}

/** A parent that state does not know. */
async function foretold<Inputs extends object>(
	kind: FleetKind<Inputs>,
	{ id, change, scopes }: { id: string; change: Change; scopes: Scopes },
): Promise<Compared> {
	const news = derived(kind.life, inputsFor(kind, { id, change, scopes }));
	return { step: "new", scope: await foretoldScope(kind, id, news), isRekeyed: false };
}

async function compared<Inputs extends object>(
	kind: FleetKind<Inputs>,
	{ id, change, scopes }: { id: string; change: Change; scopes: Scopes },
): Promise<Compared> {
	const { life } = kind;
	const target = targetOf(kind, { name: id, kept: change.kept.get(id), fleet: change.fleet });
	const news = inputsFor(kind, { id, change, scopes });
	const isOther = movedBy(life.kind.fields, target.values, news).length > 0;
	if (isOther) {
		requireReplaceable(kind.life, target);
		return { step: "replaced", scope: UNKNOWN, isRekeyed: false };
	}
	const { changes, replaces } = await diff(life, target.id, { olds: target.values, news });
	if (replaces.length > 0) return { step: "missing", scope: UNKNOWN, isRekeyed: false };
	const seen = life.plans.seen(life.kind.key(target));
	const isRekeyed = changes && life.kind.risks(target.values, derived(life, news)).includes("changeKeys");
	if (seen === undefined || seen === "untouched")
		return { step: changes ? "changed" : "same", scope: scopes(id), isRekeyed };
	// What a leaf has in the place of a scope is its parent's.
	const scope = (kind.bears(seen.values as Values) ? kind.scopeOf(seen.facts) : undefined) ?? UNKNOWN;
	// State must follow, or the children would be put below a scope that is no more.
	const isMoved = kind.bears(change.declared.get(id) ?? {}) && scope !== scopes(id);
	return { step: changes || isMoved ? "changed" : "same", scope, isRekeyed };
}

/** Keeps what the fleet gives up: it goes before any resource that is registered later could take it over. */
export function planToGiveUp<Inputs extends object>(
	kind: FleetKind<Inputs> & { readonly holder: Holder },
	names: Iterable<string>,
	{ fleet, kept }: Pick<Change, "fleet" | "kept">,
): void {
	let hasAny = false;
	for (const name of names) {
		giveUp(kind.life, targetOf(kind, { name, kept: kept.get(name), fleet }), kind.holder);
		hasAny = true;
	}
	if (hasAny) warnOfTakers(kind.life, kind.holder);
}

/** Counts what is to be removed against the stack's limits, before any of it is. */
export function countRemovals<Inputs extends object>(
	kind: FleetKind<Inputs> & { readonly holder: Holder },
	ids: Iterable<string>,
	{ fleet, kept }: Pick<Change, "fleet" | "kept">,
): void {
	const { life, holder } = kind;
	const objects = new Map<Risk, Risky[]>();
	for (const name of ids) {
		const target = targetOf(kind, { name, kept: kept.get(name), fleet });
		const risk = removalOf(life, target, holder);
		const object = { key: life.kind.key(target), name: naming(life, target) };
		const risky = objects.get(risk) ?? [];
		risky.push(object);
		objects.set(risk, risky);
	}
	for (const [risk, risky] of objects) life.around.guard.countAll(risk, risky);
}

/** The kind with members whose risks are only collected: a plan knows how many there are when all are compared. */
function countingIn<Inputs extends object>(
	kind: FleetKind<Inputs> & { readonly holder: Holder },
	guard: Guard,
): FleetKind<Inputs> & { readonly holder: Holder } {
	const { life } = kind;
	return { ...kind, life: { ...life, around: { ...life.around, guard } } };
}

/** The scope of a member, by id: what a lifecycle of its children is told. */
export type Scopes = (id: string) => unknown;

/**
 * The scopes that state knows; of a member that is not there yet nobody knows it.
 *
 * @param moved what is known better
 */
export function scopesIn<Inputs extends object>(
	kind: FleetKind<Inputs>,
	kept: ReadonlyMap<string, Kept>,
	moved: ReadonlyMap<string, unknown> = new Map(),
): Scopes {
	return (id) => {
		if (moved.has(id)) return moved.get(id);
		const member = kept.get(id);
		return (member && scopeIn(kind, member)) ?? UNKNOWN;
	};
}

/** The completed inputs of a member, as a resource of its own would have them. */
export function inputsFor<Inputs extends object>(
	kind: FleetKind<Inputs>,
	{ id, change, scopes }: { id: string; change: Pick<Change, "fleet" | "declared">; scopes: Scopes },
): Values {
	const { fleet, declared } = change;
	const member = declared.get(id) ?? {};
	const parent = kind.parentOf(member);
	const own = kind.inputsOf(member, { id, fleet, scope: parent === undefined ? undefined : scopes(parent) });
	const policies = kind.policies
		.map((name) => [name, fleet[name]])
		.filter(([, value]) => value !== undefined);
	return kind.life.kind.complete({ ...kind.address(fleet, id), ...own, ...Object.fromEntries(policies) });
}

/** Members are not made that only the service's ids told from others. */
function refuseTwins<Inputs extends object>(
	kind: FleetKind<Inputs>,
	added: readonly string[],
	change: Change,
): void {
	if (added.length === 0) return;
	const inputsOf = (id: string): Values => inputsFor(kind, { id, change, scopes: () => UNKNOWN });
	refuse(kind, lostTwins(kind, added, twinsIn(kind, change.declared.keys(), inputsOf)));
}

/** A policy that forbids stops the whole plan; so does what could not be looked at. */
function refuse<Inputs extends object>(kind: FleetKind<Inputs>, failed: ReadonlyMap<string, Error>): void {
	if (failed.size > 0) throw new FleetError(`${counted(kind, failed.size)} can't be planned`, failed);
}
