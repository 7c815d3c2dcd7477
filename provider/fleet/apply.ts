import { create } from "../lifecycle/create.ts";
import { remove } from "../lifecycle/delete.ts";
import { LifecycleError, PartialError } from "../lifecycle/errors.ts";
import type { Target } from "../lifecycle/kind.ts";
import { tellAdopted } from "../lifecycle/takeOver.ts";
import { isUnknown } from "../lifecycle/unknown.ts";
import { update } from "../lifecycle/update.ts";
import { gathered } from "./gathered.ts";
import type { FleetKind, Plan } from "./kind.ts";
import { childrenLeft, refuseWith } from "./left.ts";
import { type Kept, keptOf, parentIn, targetOf } from "./member.ts";
import { levelsOf } from "./order.ts";
import { type Change, inputsFor, scopesIn } from "./plan.ts";
import { forEach } from "./pool.ts";
import type { Progress } from "./progress.ts";
import { counted, listed } from "./told.ts";

/** How a fleet is after some of a plan was carried out. */
export interface Applied {
	readonly kept: ReadonlyMap<string, Kept>;
	readonly failed: ReadonlyMap<string, Error>;
}

/** What is being carried out. */
interface Work<Inputs extends object> {
	readonly kind: FleetKind<Inputs>;
	readonly change: Change;
	readonly plan: Plan;
	readonly changed: ReadonlySet<string>;
	readonly replaced: ReadonlySet<string>;
	readonly kept: Map<string, Kept>;
	readonly failed: Map<string, Error>;
	readonly progress: Progress;
	/** Members that existed and were taken over because the fleet says `adopt`. */
	readonly adopted: string[];
}

/**
 * Carries a plan out as far as possible: parents before their children, then what is no longer declared, children before
 * their parents. What succeeded is kept whatever happens to the rest.
 */
export async function applied<Inputs extends object>(
	kind: FleetKind<Inputs>,
	{ change, plan, progress }: { change: Change; plan: Plan; progress: Progress },
): Promise<Applied> {
	const failed = new Map<string, Error>();
	const adopted: string[] = [];
	const kept = new Map(change.kept);
	// What is gone is no member any more unless it can be made again.
	for (const id of plan.added) kept.delete(id);
	const { declared } = change;
	const parentOf = (id: string) => kind.parentOf(declared.get(id) ?? {});
	const oldParentOf = (id: string) => parentIn(change.kept.get(id));
	return gathered(kind, async (quiet) => {
		const sets = { changed: new Set(plan.changed), replaced: new Set(plan.replaced) };
		const work: Work<Inputs> = { kind: quiet, change, plan, progress, kept, failed, adopted, ...sets };
		const made = [...plan.added, ...plan.changed, ...plan.replaced];
		for (const level of levelsOf(made, parentOf)) await makeAll(work, level);
		const left = [...plan.removed, ...plan.handedOver];
		for (const level of [...levelsOf(left, oldParentOf)].reverse()) await removeAll(work, level);
		tellAdoptedMembers(work);
		return work;
	});
}

async function makeAll<Inputs extends object>(work: Work<Inputs>, level: readonly string[]): Promise<void> {
	const { kind, failed, kept, progress } = work;
	const outcome = await forEach(level, kind.width.writes, async (id) => {
		try {
			return await make(work, id);
		} catch (error) {
			if (error instanceof PartialError)
				kept.set(id, keptMember(work, id, { id: error.id, values: error.properties }));
			throw isBackAgain(work, id, error) ? keepFound(work, id, error) : error;
		} finally {
			progress.tick();
		}
	});
	for (const [id, member] of outcome.done) kept.set(id, member);
	for (const [id, error] of outcome.failed) failed.set(id, error);
}

/** Whether a member that the plan found missing turned out to be there when it was to be created again. */
function isBackAgain<Inputs extends object>(
	work: Work<Inputs>,
	id: string,
	error: unknown,
): error is LifecycleError {
	if (!(error instanceof LifecycleError) || error.code !== "AlreadyExists") return false;
	// Where the service chooses ids, what is there now has another one.
	return work.change.kept.has(id) && work.kind.life.kind.id(formerly(work, id).values as Inputs) !== "";
}

/** State keeps what it knew of such a member, so that the next plan compares it. */
function keepFound<Inputs extends object>(
	{ kept, change }: Work<Inputs>,
	id: string,
	cause: LifecycleError,
): LifecycleError {
	const member = change.kept.get(id);
	if (member !== undefined) kept.set(id, member);
	return new LifecycleError(
		"ChangedElsewhere",
		"the plan of this run found none, and one is there now. Nothing was changed. Run the command again: the next plan compares it.",
		cause,
	);
}

async function make<Inputs extends object>(work: Work<Inputs>, id: string): Promise<Kept> {
	const { kind, change, changed, replaced } = work;
	const scopes = (parent: string) => scopeFor(work, parent);
	const news = inputsFor(kind, { id, change, scopes });
	if (changed.has(id)) {
		const target = formerly(work, id);
		const { outs } = await update(kind.life, target.id, { olds: target.values, news });
		return keptMember(work, id, { id: target.id, values: outs });
	}
	if (replaced.has(id)) await removeFormer(work, id);
	const made = await create(kind.life, news as Inputs);
	if (made.isAdopted) work.adopted.push(id);
	return keptMember(work, id, { id: made.id, values: made.outs });
}

function tellAdoptedMembers<Inputs extends object>({ kind, adopted }: Work<Inputs>): void {
	if (adopted.length === 0) return;
	const names = `${counted(kind, adopted.length)} (${listed([...adopted].sort())})`;
	tellAdopted(kind.life, names, adopted.length === 1 ? "was" : "were");
}

/** From here on there is nothing to be kept of the member, whatever becomes of what takes its place. */
async function removeFormer<Inputs extends object>(work: Work<Inputs>, id: string): Promise<void> {
	const target = formerly(work, id);
	await remove(work.kind.life, target.id, target.values);
	work.kept.delete(id);
}

/** The member as the last deployment left it. */
function formerly<Inputs extends object>({ kind, change }: Work<Inputs>, name: string): Target {
	return targetOf(kind, { name, kept: change.kept.get(name), fleet: change.fleet });
}

/** Nothing is sent without the scope that it needs: of a parent that failed it is known only if it was there before. */
function scopeFor<Inputs extends object>(
	{ kind, kept, failed, plan }: Work<Inputs>,
	parent: string,
): unknown {
	const scope = scopesIn(kind, kept, failed.has(parent) ? plan.scopes : undefined)(parent);
	if (!isUnknown(scope)) return scope;
	throw new Error(
		failed.has(parent)
			? `its parent ${parent} failed, so it was not tried`
			: `its parent ${parent} has no scope, so it was not tried; a parent must be able to have children`,
	);
}

async function removeAll<Inputs extends object>(work: Work<Inputs>, level: readonly string[]): Promise<void> {
	const { kind, kept, failed, progress } = work;
	const children = childrenLeft(failed.keys(), kept);
	const outcome = await forEach(level, kind.width.writes, async (id) => {
		refuseWith(children.get(id));
		await removeFormer(work, id);
		progress.tick();
	});
	for (const [id, error] of outcome.failed) failed.set(id, error);
}

function keptMember<Inputs extends object>(
	{ kind, change }: Work<Inputs>,
	name: string,
	target: Target,
): Kept {
	const parent = kind.parentOf(change.declared.get(name) ?? {});
	return { ...keptOf(kind, name, target), ...(parent === undefined ? {} : { p: parent }) };
}
