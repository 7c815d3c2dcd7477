import assert from "node:assert/strict";
import type { State } from "../../contract/harness/resource.ts";
import type { Deployed } from "./deployed.ts";
import type { Leaves, Place, Sight } from "./place.ts";
import { hasMessage, type Line, parseLines } from "./reports.ts";

/** The facts by service, state and deployments; checks that messages match them. */
export class Truth {
	readonly #place: Place;
	readonly #deployed: Deployed;

	constructor(place: Place, deployed: Deployed) {
		this.#place = place;
		this.#deployed = deployed;
	}

	/** Returns the object of the state; an object with another assigned id does not count. */
	known(state: State): Sight | undefined {
		const sight = this.#place.view();
		const isOther = this.#place.ids === "given" && sight?.incarnation !== this.incarnation(state);
		return isOther ? undefined : sight;
	}

	/** Returns the uid that state has. */
	incarnation({ id, outputs }: State): string {
		return this.#place.incarnationOf(id, outputs);
	}

	/** Returns whether the object exists and is not that of the state. */
	isAnother(sight: Sight | undefined, state: State): boolean {
		return sight !== undefined && sight.incarnation !== this.incarnation(state);
	}

	/** Returns the values in state. */
	kept({ outputs }: State): Leaves {
		return this.#place.leavesOf(outputs);
	}

	/** Returns whether a value differs from those of the last deployment. */
	differs(path: string, { state, sight }: { state: State; sight: Sight }): boolean {
		return !this.#bases(path, state).has(sight.leaves[path] ?? "");
	}

	/** Returns whether several values count as that of the last deployment. */
	isUncertain(path: string, state: State): boolean {
		return this.#bases(path, state).size > 1;
	}

	/** Returns the paths that a plan compares. Keys count only if they were declared before. */
	comparable(declared: Leaves): string[] {
		const fresh = Object.keys(declared).filter((path) => !path.includes("Key"));
		return [...new Set([...this.#deployed.paths, ...fresh])];
	}

	/** Returns those that differ from state and deployment and are not reported in any line. */
	untold(
		lines: readonly Line[],
		{ state, sight, declared }: { state: State; sight: Sight; declared: Leaves },
	): string[] {
		const kept = this.kept(state);
		return this.comparable(declared)
			.filter((path) => kept[path] !== sight.leaves[path])
			.filter((path) => this.differs(path, { state, sight }))
			.filter((path) => !lines.some((line) => line.path === path));
	}

	/** Asserts that messages report exactly what happened to the object. */
	assertWords(told: readonly string[], { sight, state }: { sight: Sight | undefined; state: State }): void {
		const { label } = this.#place;
		const about = JSON.stringify(told);
		const isTold = hasMessage(told, label, "was deleted and created again");
		assert.equal(
			hasMessage(told, label, "was deleted outside Pulumi"),
			sight === undefined,
			`report whether it was deleted: ${about}`,
		);
		assert.equal(isTold, this.isAnother(sight, state), `report whether it was created again: ${about}`);
		const changed =
			hasMessage(told, label, "was changed outside") ||
			hasMessage(told, label, "was moved to another parent");
		if (changed) assert.ok(parseLines(told).length > 0, `a change without a difference: ${about}`);
	}

	/** Asserts that a line has the true deployed and current values, and that they differ. */
	assertLine({ path, last, now }: Line, { sight, state }: { sight: Sight; state: State }): void {
		const about = `${path}: ${last}, ${now}`;
		assert.equal(now, this.shown(path, sight.leaves[path]), `the current value: ${about}`);
		const bases = [...this.#bases(path, state)].map((value) => this.shown(path, value));
		assert.ok(bases.includes(last), `the deployed value: ${about}; it was ${bases.join(" or ")}`);
		assert.notEqual(last, now, `no difference: ${about}`);
	}

	/** Asserts that state matches the service. */
	assertState(state: State, sight: Sight): void {
		assert.equal(this.incarnation(state), sight.incarnation, "state has the uid");
		assert.equal(state.outputs["etag"], sight.etag, "state has the etag");
		assert.deepEqual(this.kept(state), sight.leaves, "state has the values");
	}

	/** Formats a value as a line shows it. */
	shown(path: string, value: string | undefined): string {
		return this.#place.shown(path, value ?? "");
	}

	#bases(path: string, state: State): ReadonlySet<string> {
		return this.#deployed.bases(path, this.kept(state));
	}
}
