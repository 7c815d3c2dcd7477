import assert from "node:assert/strict";
import type { Plan, State } from "../../../contract/harness/resource.ts";
import { parseReports } from "../reports.ts";
import { formatOutcome, type Outcome, type PlanScene } from "../scenes.ts";
import type { Deployed } from "./deployed.ts";
import { type Leaves, readMembers, UNKNOWN_SCOPE } from "./leaves.ts";
import type { Fleet } from "./place.ts";
import { normalizeProgram } from "./step.ts";
import type { Member, Truth } from "./truth.ts";

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
		assert.ok("result" in outcome && outcome.result.step === "create", formatOutcome(outcome));
	}

	/** Judges a plan if something is deployed. */
	next(outcome: Outcome<Plan>, scene: PlanScene<Fleet>, state: State): void {
		const told = parseReports("error" in outcome ? [...outcome.said, outcome.error.message] : outcome.said);
		const members = this.#truth.members(state, scene.program);
		const [about, isComplete] = [formatOutcome(outcome), "result" in outcome];
		for (const member of members) this.#truth.assertReport(member, told(member.id), { about, isComplete });
		const stops = members.filter((member) => this.#stops(member));
		if (scene.onDrift === "fail" && stops.length > 0)
			assert.ok("error" in outcome, `a change of ${stops[0]?.id} is rejected under fail`);
		if ("result" in outcome) {
			this.#step(outcome.result.step, scene, state);
			return;
		}
		const mayStop = scene.onDrift === "fail" && members.some((member) => this.#mayStop(member));
		assert.ok(mayStop, `a plan failed without a reason: ${about}`);
	}

	/** Returns whether a plan under `fail` must fail: a declared value is neither as deployed nor as declared. */
	#stops({ id, kept, declared, sight }: Member): boolean {
		if (sight === undefined || sight.incarnation !== kept.incarnation) return true;
		return Object.entries(declared).some(([path, value]) => {
			const now = sight.leaves[path] ?? "";
			if (!(path in kept.leaves) || value === UNKNOWN_SCOPE) return false;
			return now !== value && !this.#deployed.bases(id, path, kept).has(now);
		});
	}

	/** Returns whether a plan may fail. A value that an interrupted run of the same program wrote is not a reason. */
	#mayStop(member: Member): boolean {
		const { id, kept, declared, sight } = member;
		if (this.#stops(member) || sight === undefined) return true;
		return Object.keys(kept.leaves).some((path) => {
			const [now, bases] = [sight.leaves[path] ?? "", this.#deployed.bases(id, path, kept)];
			return (!bases.has(now) || bases.size > 1) && now !== declared[path];
		});
	}

	#step(step: Plan["step"], { program, adopt, onDrift }: PlanScene<Fleet>, state: State): void {
		const kept = readMembers(state);
		const members = this.#truth.members(state, program);
		const isWhole =
			members.length === kept.size && kept.size === Object.keys(normalizeProgram(program)).length;
		const isHeld = members.every(({ declared, sight }) =>
			Object.entries(declared).every(([path, value]) => sight?.leaves[path] === value),
		);
		if (!isWhole || !isHeld) {
			assert.equal(step, "update", "something is not as declared");
			return;
		}
		const isSettled = members.every(
			({ kept: { leaves, incarnation }, declared, sight }) =>
				sight?.incarnation === incarnation && areLeavesEqual(leaves, declared),
		);
		const isPolicy = state.outputs["adopt"] === adopt && state.outputs["onDrift"] === onDrift;
		if (isSettled && isPolicy && state.initErrors.length === 0 && onDrift === "reconcile")
			assert.equal(step, "same", "there is nothing to do");
	}
}

function areLeavesEqual(one: Leaves, other: Leaves): boolean {
	const paths = Object.keys(one);
	return paths.length === Object.keys(other).length && paths.every((path) => one[path] === other[path]);
}
