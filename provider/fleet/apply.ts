import { create } from "../lifecycle/create.ts";
import { remove } from "../lifecycle/delete.ts";
import { PartialError } from "../lifecycle/errors.ts";
import type { Values } from "../lifecycle/kind.ts";
import { update } from "../lifecycle/update.ts";
import type { FleetKind, Plan } from "./kind.ts";
import { type Kept, keptOf, restored } from "./member.ts";
import { levelsOf } from "./order.ts";
import { type Change, inputsFor, knownScopes } from "./plan.ts";
import { forEach } from "./pool.ts";
import type { Progress } from "./progress.ts";
import { below } from "./told.ts";

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
	readonly kept: Map<string, Kept>;
	readonly failed: Map<string, Error>;
	readonly progress: Progress;
}

/**
 * Carries a plan out as far as possible: parents before their children, then what is no longer declared, children before
 * their parents. What succeeded is kept whatever happens to the rest.
 */
export async function applied<Inputs extends object>(
	kind: FleetKind<Inputs>,
	{ change, plan, progress }: { change: Change; plan: Plan; progress: Progress },
): Promise<Applied> {
	const said: string[] = [];
	const around = { ...kind.life.around, say: (text: string) => void said.push(text) };
	const quiet = { ...kind, life: { ...kind.life, around } };
	const work = {
		kind: quiet,
		change,
		plan,
		progress,
		kept: new Map(change.kept),
		failed: new Map<string, Error>(),
	};
	const { declared } = change;
	const parentOf = (id: string) => kind.parentOf(declared.get(id) ?? {});
	for (const level of levelsOf([...plan.added, ...plan.changed], parentOf)) await makeAll(work, level);
	const oldParentOf = (id: string) => parentIn(change.kept.get(id));
	for (const level of [...levelsOf(plan.removed, oldParentOf)].reverse()) await removeAll(work, level);
	if (said.length > 0) kind.life.around.say(below(said));
	return work;
}

async function makeAll<Inputs extends object>(work: Work<Inputs>, level: readonly string[]): Promise<void> {
	const { kind, failed, kept, progress } = work;
	const outcome = await forEach(level, kind.width, async (id) => {
		try {
			return await make(work, id);
		} catch (error) {
			if (error instanceof PartialError) kept.set(id, keptMember(work, id, error.properties));
			throw error;
		} finally {
			progress.tick();
		}
	});
	for (const [id, member] of outcome.done) kept.set(id, member);
	for (const [id, error] of outcome.failed) failed.set(id, error);
}

async function make<Inputs extends object>(work: Work<Inputs>, id: string): Promise<Kept> {
	const { kind, change, plan, failed } = work;
	const parent = kind.parentOf(change.declared.get(id) ?? {});
	if (parent !== undefined && failed.has(parent))
		throw new Error(`its parent ${parent} failed, so it was not tried`);
	const scopes = knownScopes(kind, { fleet: change.fleet, kept: work.kept });
	const news = inputsFor(kind, { id, change, scopes });
	if (!plan.changed.includes(id)) {
		return keptMember(work, id, (await create(kind.life, news as Inputs)).outs);
	}
	const olds = restored(change.kept.get(id) ?? {}, kind.facts, kind.address(change.fleet, id));
	return keptMember(work, id, (await update(kind.life, id, { olds, news })).outs);
}

async function removeAll<Inputs extends object>(work: Work<Inputs>, level: readonly string[]): Promise<void> {
	const { kind, change, kept, failed, progress } = work;
	const outcome = await forEach(level, kind.width, async (id) => {
		const olds = restored(change.kept.get(id) ?? {}, kind.facts, kind.address(change.fleet, id));
		await remove(kind.life, id, olds);
		progress.tick();
	});
	for (const id of outcome.done.keys()) kept.delete(id);
	for (const [id, error] of outcome.failed) failed.set(id, error);
}

function keptMember<Inputs extends object>(
	{ kind, change }: Work<Inputs>,
	id: string,
	outputs: Values,
): Kept {
	const parent = kind.parentOf(change.declared.get(id) ?? {});
	return { ...keptOf(kind, outputs), ...(parent === undefined ? {} : { p: parent }) };
}

/** The parent of a member as state keeps it. */
export function parentIn(kept: Kept | undefined): string | undefined {
	return typeof kept?.["p"] === "string" ? kept["p"] : undefined;
}
