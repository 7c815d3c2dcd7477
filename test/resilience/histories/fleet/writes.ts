import assert from "node:assert/strict";
import type { Write as WriteOf } from "../operation.ts";
import type { ApplyScene } from "../scenes.ts";
import { DEFAULTS, getParent, isParent, type Kept, type Leaves } from "./leaves.ts";
import type { Fleet, Sight } from "./place.ts";

type Scene = ApplyScene<Fleet>;
type Write = WriteOf<Sight>;
type Members = ReadonlyMap<string, Kept>;

/**
 * Asserts that no unplanned overwrite, no deletion of another's device and no undeclared change happened.
 *
 * @param declaredOf the declarations of a device, one for each moment at which a parent may have been read; none if it
 * is
 *   not declared
 */
export function judgeWrites(
	scene: Scene,
	kept: Members,
	declaredOf: (id: string) => readonly Leaves[],
): void {
	const own = new Map<string, Sight | undefined>();
	const parents = new Map<string, string>();
	for (const write of scene.operation.writes) {
		const { id, before, after } = write;
		const declared = declaredOf(id);
		if (after === undefined) judgeRemoval(write, kept.get(id), declared);
		else if (declared.length === 0) assert.fail(`${id} was written, but is not declared`);
		else if (before === undefined) judgeBirth(scene, write, kept);
		else {
			if (!own.has(id) || !isSame(before, own.get(id))) judgeOverwriting(scene, write, kept);
			judgeChange(write, { declared, was: kept.get(id), parent: parents.get(id) });
		}
		own.set(id, after);
		if (!parents.has(id)) parents.set(id, getParent(before?.leaves ?? {}));
	}
}

function judgeRemoval({ id, before }: Write, kept: Kept | undefined, declared: readonly Leaves[]): void {
	assert.deepEqual(declared, [], `${id} was deleted, although it is declared`);
	assert.ok(kept, `${id} was deleted, although it was never ours`);
	assert.equal(
		before?.incarnation,
		kept.incarnation,
		`${id} was deleted, although it was recreated by somebody else`,
	);
	for (const [path, value] of Object.entries(kept.leaves))
		assert.equal(before?.leaves[path], value, `${id} was deleted, although no plan has shown its ${path}`);
}

function judgeBirth({ planned }: Scene, { id }: Write, kept: Members): void {
	const isForgotten = kept.has(id) && planned.has(id);
	assert.ok(!isForgotten, `${id} was created again, although no plan has shown that it is gone`);
}

function judgeOverwriting({ planned, adopt }: Scene, write: Write, kept: Members): void {
	const { id, before, known } = write;
	if (kept.has(id) && planned.has(id)) {
		assert.ok(
			isSame(before, planned.get(id)),
			`a change of ${id} was overwritten, although no plan has shown it`,
		);
		return;
	}
	assert.ok(adopt, `${id} of somebody else was written`);
	assert.ok(isSame(before, known), `a change of ${id} was overwritten without being read`);
}

function judgeChange(
	{ id, before, after }: Write,
	{
		declared,
		was,
		parent,
	}: { declared: readonly Leaves[]; was: Kept | undefined; parent: string | undefined },
): void {
	const deployed = was?.leaves ?? {};
	for (const [path, value] of Object.entries(after?.leaves ?? {})) {
		if (isParent(path)) continue;
		const wanted = declared.map((leaves) => leaves[path]);
		const released = path in deployed && wanted.every((said) => said === undefined) ? [DEFAULTS[path]] : [];
		const allowed = [before?.leaves[path], ...wanted, ...released];
		assert.ok(allowed.includes(value), `${path} of ${id} was changed, but is not declared so`);
	}
	judgeParent({ id, before, after }, { declared, deployed, parent });
}

/** Judges the parent of a leaf that becomes a gateway and has its parent under another name. */
function judgeParent(
	{ id, before, after }: Pick<Write, "id" | "before" | "after">,
	{
		declared,
		deployed,
		parent = "",
	}: { declared: readonly Leaves[]; deployed: Leaves; parent: string | undefined },
): void {
	const isFreed = Object.keys(deployed).some(isParent);
	// The first write removes the gateway's own scope; the second sets its parent.
	const isBetween = before?.scope !== "" && after?.scope === "";
	const wanted = [...declared.map(getParent), parent];
	const allowed = [
		getParent(before?.leaves ?? {}),
		...wanted.filter(Boolean),
		...(isFreed || isBetween ? [""] : []),
	];
	assert.ok(
		allowed.includes(getParent(after?.leaves ?? {})),
		`the parent of ${id} was changed, but is not declared so`,
	);
}

/** Returns whether two snapshots show the same device with the same values. */
export function isSame(one: Sight | undefined, other: Sight | undefined): boolean {
	const getContent = (sight: Sight | undefined) =>
		JSON.stringify([sight?.incarnation, sight?.leaves, sight?.scope]);
	return getContent(one) === getContent(other);
}
