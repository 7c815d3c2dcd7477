import type { Values } from "../lifecycle/kind.ts";
import type { Lifecycle } from "../lifecycle/lifecycle.ts";
import { read } from "../lifecycle/read.ts";
import { FleetError } from "./errors.ts";
import { gathered } from "./gathered.ts";
import type { FleetKind } from "./kind.ts";
import { type Kept, keptOf, parentIn, type Remembered, targetOf } from "./member.ts";
import { forEach } from "./pool.ts";
import { keptIn, refreshedOutputs } from "./state.ts";
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
	const kept = keptIn(kind, olds);
	const { done, failed } = await gathered(kind, (quiet) =>
		forEach(kept.keys(), kind.width.looks, (name) =>
			memberAsItIs(quiet, { name, kept: kept.get(name), fleet: olds }),
		),
	);
	if (failed.size > 0)
		throw new FleetError(`${failed.size} of ${counted(kind, kept.size)} can't be read`, failed);
	const there = [...done].filter((entry): entry is [string, Kept] => entry[1] !== undefined);
	return { id, props: refreshedOutputs(kind, olds, new Map(there)) };
}

async function memberAsItIs<Inputs extends object>(
	kind: FleetKind<Inputs>,
	member: Remembered,
): Promise<Kept | undefined> {
	const { id, values } = targetOf(kind, member);
	const found = await read(kind.life, id, values);
	if (found.id === "") return undefined;
	const parent = parentIn(member.kept);
	const kept = keptOf(kind, member.name, { id: found.id, values: found.props });
	return { ...kept, ...(parent === undefined ? {} : { p: parent }) };
}
