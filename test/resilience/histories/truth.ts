import assert from "node:assert/strict";
import type { State } from "../../contract/harness/resource.ts";
import type { Deployed } from "./deployed.ts";
import type { Leaves, Place, Sight } from "./place.ts";
import { hasMessage, type Line, parseLines } from "./reports.ts";

/** What is so, by the service, by state and by what was deployed; and whether words say just that. */
export class Truth {
	readonly #place: Place;
	readonly #deployed: Deployed;

	constructor(place: Place, deployed: Deployed) {
		this.#place = place;
		this.#deployed = deployed;
	}

	/** The object of the state; one with another id of its own is none. */
	known(state: State): Sight | undefined {
		const sight = this.#place.view();
		const isOther = this.#place.ids === "given" && sight?.incarnation !== this.incarnation(state);
		return isOther ? undefined : sight;
	}

	/** What state says of the incarnation. */
	incarnation({ id, outputs }: State): string {
		return this.#place.incarnationOf(id, outputs);
	}

	/** Whether the object is there and is another one than that of the state. */
	isAnother(sight: Sight | undefined, state: State): boolean {
		return sight !== undefined && sight.incarnation !== this.incarnation(state);
	}

	/** The values that state has. */
	kept({ outputs }: State): Leaves {
		return this.#place.leavesOf(outputs);
	}

	/** Whether a value is none of those of the last deployment. */
	differs(path: string, { state, sight }: { state: State; sight: Sight }): boolean {
		return !this.#bases(path, state).has(sight.leaves[path] ?? "");
	}

	/** Whether more than one value counts as that of the last deployment. */
	isUncertain(path: string, state: State): boolean {
		return this.#bases(path, state).size > 1;
	}

	/** Paths that a plan compares: keys only where they were declared before. */
	comparable(declared: Leaves): string[] {
		const fresh = Object.keys(declared).filter((path) => !path.includes("Key"));
		return [...new Set([...this.#deployed.paths, ...fresh])];
	}

	/** Those of them that are neither as state has them nor as deployed, and that no line tells. */
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

	/** What the words say happened to the object did happen, and nothing that happened is left out. */
	assertWords(told: readonly string[], { sight, state }: { sight: Sight | undefined; state: State }): void {
		const { label } = this.#place;
		const about = JSON.stringify(told);
		const isTold = hasMessage(told, label, "was deleted and created again");
		assert.equal(
			hasMessage(told, label, "was deleted outside Pulumi"),
			sight === undefined,
			`deleted or not: ${about}`,
		);
		assert.equal(isTold, this.isAnother(sight, state), `created again or not: ${about}`);
		const changed =
			hasMessage(told, label, "was changed outside") ||
			hasMessage(told, label, "was moved to another parent");
		if (changed) assert.ok(parseLines(told).length > 0, `a change without a difference: ${about}`);
	}

	/** What a line says was deployed was, what it says is so is, and they differ. */
	assertLine({ path, last, now }: Line, { sight, state }: { sight: Sight; state: State }): void {
		const about = `${path}: ${last}, ${now}`;
		assert.equal(now, this.shown(path, sight.leaves[path]), `what is so now: ${about}`);
		const bases = [...this.#bases(path, state)].map((value) => this.shown(path, value));
		assert.ok(bases.includes(last), `what was deployed: ${about}, and it was ${bases.join(" or ")}`);
		assert.notEqual(last, now, `no difference: ${about}`);
	}

	/** State is as the service. */
	assertState(state: State, sight: Sight): void {
		assert.equal(this.incarnation(state), sight.incarnation, "state knows the incarnation");
		assert.equal(state.outputs["etag"], sight.etag, "state has the etag");
		assert.deepEqual(this.kept(state), sight.leaves, "state has the values");
	}

	/** A value as a line shows it. */
	shown(path: string, value: string | undefined): string {
		return this.#place.shown(path, value ?? "");
	}

	#bases(path: string, state: State): ReadonlySet<string> {
		return this.#deployed.bases(path, this.kept(state));
	}
}
