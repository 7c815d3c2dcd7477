import { driftOf, isAnother } from "../lifecycle/drift.ts";
import type { Values } from "../lifecycle/kind.ts";
import type { Life } from "../lifecycle/life.ts";
import type { Lifecycle } from "../lifecycle/lifecycle.ts";
import { sinceDeployment } from "../lifecycle/noted.ts";
import { read } from "../lifecycle/read.ts";
import { changeTold } from "../lifecycle/told.ts";
import { FleetError } from "./errors.ts";
import { gathered } from "./gathered.ts";
import type { FleetKind } from "./kind.ts";
import { type Kept, keptOf, parentIn, restored } from "./member.ts";
import { forEach } from "./pool.ts";
import { keptIn, outputsOf } from "./state.ts";
import { counted } from "./told.ts";

/**
 * Every member as it is; those that are gone are no members any more, so the next plan makes them again. Where one can't
 * be read nothing is: state stays as it was, rather than forgetting a member that may well be there.
 */
export async function refreshed<Inputs extends object>(
	kind: FleetKind<Inputs>,
	id: string,
	olds: Values,
): ReturnType<Lifecycle["read"]> {
	const kept = keptIn(olds);
	const { done, failed } = await gathered(kind, (quiet) =>
		forEach(kept.keys(), kind.width, (member) =>
			memberAsItIs(quiet, { id: member, before: kept.get(member) ?? {}, fleet: olds }),
		),
	);
	if (failed.size > 0)
		throw new FleetError(`${failed.size} of ${counted(kind, kept.size)} can't be read`, failed);
	const there = [...done].filter((entry): entry is [string, Kept] => entry[1] !== undefined);
	return { id, props: outputsOf(kind, olds, new Map(there)) };
}

async function memberAsItIs<Inputs extends object>(
	kind: FleetKind<Inputs>,
	{ id, before, fleet }: { id: string; before: Kept; fleet: Values },
): Promise<Kept | undefined> {
	const values = restored(before, kind.facts, kind.address(fleet, id));
	const found = await read(kind.life, id, values);
	if (found.id === "") return undefined;
	tellChange(kind.life, id, values);
	const parent = parentIn(before);
	return { ...keptOf(kind, found.props), ...(parent === undefined ? {} : { p: parent }) };
}

/** Pulumi's own display of a refresh shows the inputs that differ, and of a fleet's members it knows none. */
function tellChange<Inputs extends object>(life: Life<Inputs>, id: string, values: Values): void {
	const { kind, plans } = life;
	const seen = plans.refreshed(kind.key({ id, values }));
	if (seen === undefined || seen === "untouched" || isAnother(kind, values, seen)) return;
	const differences = sinceDeployment(driftOf(kind, seen, { outputs: values }), values).map(
		({ declared, ...difference }) => ({
			...difference,
			...(difference.last && { declared: difference.last }),
		}),
	);
	if (differences.length > 0) life.around.say(changeTold(life, { id, values }, differences));
}
