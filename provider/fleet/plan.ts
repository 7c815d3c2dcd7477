import { diff } from "../lifecycle/diff.ts";
import { LifecycleError } from "../lifecycle/errors.ts";
import type { Values } from "../lifecycle/kind.ts";
import type { Life } from "../lifecycle/life.ts";
import { UNKNOWN } from "../lifecycle/unknown.ts";
import { FleetError } from "./errors.ts";
import type { FleetKind, Plan } from "./kind.ts";
import { type Kept, restored } from "./member.ts";
import { forEach } from "./pool.ts";
import type { Members } from "./text.ts";
import { below } from "./told.ts";

/** Two states of a fleet: as it was deployed, and as it is declared now. */
export interface Change {
	readonly fleet: Values;
	readonly kept: ReadonlyMap<string, Kept>;
	readonly declared: Members;
}

/** Compares every member with the last deployment and with the service, as a resource of its own would be. */
export async function planOf<Inputs extends object>(kind: FleetKind<Inputs>, change: Change): Promise<Plan> {
	const { kept, declared } = change;
	const said: string[] = [];
	const life = { ...kind.life, around: { ...kind.life.around, say: (text: string) => void said.push(text) } };
	const common = [...declared.keys()].filter((id) => kept.has(id));
	const { done, failed } = await forEach(common, kind.width, (id) => compared(kind, life, { id, change }));
	if (said.length > 0) kind.life.around.say(below(said));
	refuse(failed, kind.members);
	const missing = common.filter((id) => done.get(id) === "missing");
	return {
		added: [...[...declared.keys()].filter((id) => !kept.has(id)), ...missing],
		changed: common.filter((id) => done.get(id) === "changed"),
		removed: [...kept.keys()].filter((id) => !declared.has(id)),
	};
}

async function compared<Inputs extends object>(
	kind: FleetKind<Inputs>,
	life: Life<Inputs>,
	{ id, change }: { id: string; change: Change },
): Promise<"same" | "changed" | "missing"> {
	const { fleet, kept } = change;
	const address = kind.address(fleet, id);
	const olds = restored(kept.get(id) ?? {}, kind.facts, address);
	const news = inputsFor(kind, { id, change, scopes: knownScopes(kind, { fleet, kept }) });
	const { changes, replaces } = await diff(life, id, { olds, news });
	if (replaces.length > 0) return "missing";
	return changes ? "changed" : "same";
}

/** The scope of a member, by id: what a lifecycle of its children is told. */
export type Scopes = (id: string) => unknown;

/** The scopes that state knows; of a member that is not there yet nobody knows it. */
export function knownScopes<Inputs extends object>(
	kind: FleetKind<Inputs>,
	{ fleet, kept }: Pick<Change, "fleet" | "kept">,
): Scopes {
	return (id) => {
		const member = kept.get(id);
		if (member === undefined) return UNKNOWN;
		return kind.scopeOf(restored(member, kind.facts, kind.address(fleet, id))) ?? UNKNOWN;
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
	const own = kind.inputsOf(member, parent === undefined ? undefined : scopes(parent));
	const policies = kind.policies
		.map((name) => [name, fleet[name]])
		.filter(([, value]) => value !== undefined);
	return kind.life.kind.complete({ ...own, ...Object.fromEntries(policies), ...kind.address(fleet, id) });
}

/** A limit, or a policy that forbids, stops the whole plan; so does what could not be looked at. */
function refuse(failed: ReadonlyMap<string, Error>, members: string): void {
	if (failed.size === 0) return;
	const limit = [...failed.values()].find(
		(error) => error instanceof LifecycleError && error.code === "LimitReached",
	);
	throw limit ?? new FleetError(`${failed.size} ${members} can't be planned`, failed);
}
