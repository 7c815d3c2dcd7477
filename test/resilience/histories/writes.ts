import assert from "node:assert/strict";
import type { Deployed } from "./deployed.ts";
import type { Write } from "./operation.ts";
import type { Leaves, Place, Sight, Single } from "./place.ts";
import type { ApplyScene } from "./scenes.ts";

/** Judges writes: no unplanned overwrite and no undeclared change may happen. */
export class WriteJudge {
	readonly #place: Place;
	readonly #deployed: Deployed;
	/** Whether a create was interrupted, so that an object may exist that state does not have. */
	#interrupted = false;
	/** Everything that any run wanted to write. */
	readonly #wished = new Set<string>();

	constructor(place: Place, deployed: Deployed) {
		this.#place = place;
		this.#deployed = deployed;
	}

	/** Judges the writes of an operation that wanted to write the declared values. */
	judge(scene: ApplyScene<Single>, declared: Leaves): void {
		for (const [path, value] of Object.entries(declared)) this.#wished.add(`${path} ${value}`);
		let own: Sight | undefined;
		for (const write of scene.operation.writes) {
			const { before, after } = write;
			if (before !== undefined && !isSame(before, own)) this.#overwriting(scene, write, { before, declared });
			if (before !== undefined && after !== undefined) {
				const hadState = scene.state !== undefined && scene.step === "update";
				this.#onlyDeclared(before, after, { declared, hadState });
			}
			own = after;
		}
	}

	/** Records a failed operation. */
	failed({ operation, after }: ApplyScene<Single>): void {
		this.#interrupted ||= operation.struck && after === undefined;
	}

	/** Records an operation that wrote everything. */
	succeeded(): void {
		this.#interrupted = false;
	}

	#overwriting(
		{ step, before: atFirst, planned, adopt }: ApplyScene<Single>,
		write: Write<Sight>,
		{ before, declared }: { before: Sight; declared: Leaves },
	): void {
		if (step === "update") {
			assert.ok(isSame(before, planned), "a change was overwritten, although no plan has shown it");
			return;
		}
		const mayTake = adopt || atFirst === undefined || this.#interrupted;
		assert.ok(mayTake, "an object of somebody else was written");
		assert.ok(isSame(before, write.known), "a change was overwritten without being read");
		if (!adopt) this.#onlyOwn(before, declared);
	}

	/** Asserts that a run that completes an interrupted one does not undo later changes by others. */
	#onlyOwn({ leaves }: Sight, declared: Leaves): void {
		for (const [path, value] of Object.entries(declared)) {
			const now = leaves[path] ?? "";
			const isOwn = now === value || now === "" || this.#wished.has(`${path} ${now}`);
			assert.ok(isOwn, `${path} was overwritten, although no plan has shown its value`);
		}
	}

	#onlyDeclared(
		before: Sight,
		after: Sight,
		{ declared, hadState }: { declared: Leaves; hadState: boolean },
	): void {
		for (const [path, value] of Object.entries(after.leaves)) {
			const wanted = declared[path];
			const allowed = [before.leaves[path] ?? ""];
			if (wanted !== undefined) allowed.push(wanted);
			else if (hadState && this.#deployed.has(path))
				allowed.push(this.#place.defaults[path] ?? allowed[0] ?? "");
			assert.ok(allowed.includes(value), `${path} was changed, but is not declared so`);
		}
	}
}

function isSame(one: Sight | undefined, other: Sight | undefined): boolean {
	const getContent = (sight: Sight | undefined) => JSON.stringify([sight?.incarnation, sight?.leaves]);
	return getContent(one) === getContent(other);
}
