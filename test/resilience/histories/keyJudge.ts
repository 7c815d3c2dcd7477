import assert from "node:assert/strict";
import type { Place, Single } from "./place.ts";
import type { ApplyScene } from "./scenes.ts";

/**
 * Judges what happens to keys that no program declares: only a requested rotation changes them, once for each object and generation,
 * and an object that is adopted with a rotation is rotated.
 */
export class KeyJudge {
	readonly #place: Place;
	/** The generations for which the keys of each object were rotated. */
	readonly #rotated = new Map<string, Set<string>>();

	constructor(place: Place) {
		this.#place = place;
	}

	/** Judges the writes of an operation. */
	judge({ operation, program }: ApplyScene<Single>): void {
		for (const { before, after } of operation.writes) {
			if (before?.keys === undefined || after?.keys === undefined) continue;
			if (before.incarnation !== after.incarnation) continue;
			assert.equal(after.keys["primary"], before.keys["primary"], "no program rotates the primary key");
			if (after.keys["secondary"] === before.keys["secondary"]) continue;
			const requested = this.#place.requestedRotation?.(program);
			assert.ok(requested, "the keys were changed, although no rotation is requested");
			const done = this.#rotated.get(after.incarnation) ?? new Set();
			assert.ok(!done.has(requested), "the keys were rotated a second time");
			this.#rotated.set(after.incarnation, done.add(requested));
		}
	}

	/** Judges an operation that succeeded: it must have rotated the keys of an object that somebody else had before. */
	succeeded({ step, before, program, after }: ApplyScene<Single>): void {
		const requested = this.#place.requestedRotation?.(program);
		const sight = this.#place.view();
		if (requested === undefined || sight?.keys === undefined || after === undefined) return;
		const completed = this.#place.completedRotation?.(after.outputs);
		assert.ok(Number(completed) >= Number(requested), "state has the requested rotation");
		const isAdopted = step !== "update" && before?.incarnation === sight.incarnation;
		if (isAdopted)
			assert.ok(
				this.#rotated.get(sight.incarnation)?.has(requested),
				"the object was adopted with its old keys, although a rotation is requested",
			);
	}
}
