import assert from "node:assert/strict";
import type { Plan, State } from "../../contract/harness/resource.ts";
import type { Deployed } from "./deployed.ts";
import type { Leaves, Sight } from "./place.ts";
import { parseLines } from "./reports.ts";
import { formatOutcome, type Outcome } from "./scenes.ts";
import type { OnDrift } from "./steps.ts";
import type { Truth } from "./truth.ts";

/** What a plan is about if state exists already. */
interface Planned {
	readonly state: State;
	readonly declared: Leaves;
	readonly onDrift: OnDrift;
	/** Whether the program requests a rotation of keys that state does not have. */
	readonly mayRotate: boolean;
}

/** What a plan compares. */
interface Compared extends Planned {
	readonly sight: Sight;
}

/** Judges plans: they report exactly what differs, and fail exactly when they must. */
export class PlanJudge {
	readonly #truth: Truth;
	readonly #deployed: Deployed;

	constructor(truth: Truth, deployed: Deployed) {
		this.#truth = truth;
		this.#deployed = deployed;
	}

	/** Judges a plan if nothing is deployed. */
	first(outcome: Outcome<Plan>): void {
		assert.ok(
			"result" in outcome && outcome.result.step === "create",
			`the plan should create: ${formatOutcome(outcome)}`,
		);
	}

	/** Judges a plan if something is deployed. */
	next(outcome: Outcome<Plan>, planned: Planned): void {
		const { state } = planned;
		const sight = this.#truth.known(state);
		const told = "error" in outcome ? [outcome.error.message] : outcome.said;
		this.#truth.assertWords(told, { sight, state });
		if (sight === undefined) this.#gone(outcome, planned.onDrift);
		else this.#there(outcome, told, { ...planned, sight });
	}

	#gone(outcome: Outcome<Plan>, onDrift: OnDrift): void {
		if (onDrift === "fail") assert.ok("error" in outcome, "a deletion is rejected under fail");
		else
			assert.ok(
				"result" in outcome && outcome.result.step === "replace",
				`the plan should create: ${formatOutcome(outcome)}`,
			);
	}

	#there(outcome: Outcome<Plan>, told: readonly string[], compared: Compared): void {
		const lines = parseLines(told);
		for (const line of lines) {
			const declared = this.#truth.shown(line.path, compared.declared[line.path]);
			assert.equal(line.declared, declared, `the inputs of the program: ${formatOutcome(outcome)}`);
			this.#truth.assertLine(line, compared);
		}
		if ("result" in outcome) {
			const untold = this.#truth.untold(lines, compared);
			assert.deepEqual(untold, [], `the plan does not report a change: ${formatOutcome(outcome)}`);
		}
		this.#stops(outcome, compared);
		if ("result" in outcome) this.#step(outcome.result.step, compared);
	}

	/** Asserts that a plan under `fail` fails exactly if a declared value is neither as deployed nor as declared. */
	#stops(outcome: Outcome<Plan>, compared: Compared): void {
		const { sight, state, declared, onDrift } = compared;
		const isAnother = this.#truth.isAnother(sight, state);
		const comparable = this.#truth.comparable(declared);
		if (onDrift === "fail" && (isAnother || comparable.some((path) => this.#isOpen(path, compared)))) {
			assert.ok("error" in outcome, "a change is rejected under fail");
			return;
		}
		if ("result" in outcome) return;
		assert.equal(onDrift, "fail", `a plan failed without a reason: ${formatOutcome(outcome)}`);
		const may = comparable.some(
			(path) => this.#truth.differs(path, compared) || this.#truth.isUncertain(path, state),
		);
		assert.ok(may || isAnother, `a plan was rejected without a reason: ${formatOutcome(outcome)}`);
	}

	/**
	 * Returns whether a declared value was changed. One that was not declared at the last deployment counts as changed
	 * only if it differs from state.
	 */
	#isOpen(path: string, compared: Compared): boolean {
		const { sight, state, declared } = compared;
		const now = sight.leaves[path];
		if (!(path in declared) || now === declared[path] || !this.#truth.differs(path, compared)) return false;
		return this.#deployed.has(path) || this.#truth.kept(state)[path] !== now;
	}

	#step(step: Plan["step"], { sight, state, declared, onDrift, mayRotate }: Compared): void {
		if (mayRotate) return;
		const kept = this.#truth.kept(state);
		const paths = Object.keys(declared);
		if (paths.some((path) => declared[path] !== sight.leaves[path])) {
			assert.equal(step, "update", "a declared value is not there");
			return;
		}
		const isSettled =
			paths.length === this.#deployed.paths.length &&
			paths.every((path) => this.#deployed.has(path) && kept[path] === declared[path]);
		const isWhole = state.initErrors.length === 0 && !this.#truth.isAnother(sight, state);
		if (isSettled && isWhole && onDrift === "reconcile") assert.equal(step, "same", "there is nothing to do");
	}
}
