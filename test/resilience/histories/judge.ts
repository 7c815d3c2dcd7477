import assert from "node:assert/strict";
import type { InspectResult } from "../../../provider/resource/inspect.ts";
import type { Plan, State } from "../../contract/harness/resource.ts";
import { Deployed } from "./deployed.ts";
import { KeyJudge } from "./keyJudge.ts";
import type { Leaves, Place, Sight, Single } from "./place.ts";
import { PlanJudge } from "./plans.ts";
import { parseLines } from "./reports.ts";
import {
	type ApplyScene,
	type DestroyScene,
	formatOutcome,
	type Judging,
	type Outcome,
	type PlanScene,
	type RefreshScene,
} from "./scenes.ts";
import type { Program } from "./step.ts";
import { Truth } from "./truth.ts";
import { WriteJudge } from "./writes.ts";

/** The error of an update for which the keys would have to be known. */
const REFUSED = /without its symmetric keys/;

/** Records what was deployed, and compares everything that a provider does and reports with it and with the service. */
export class Judge implements Judging<Single> {
	readonly #place: Place;
	readonly #deployed = new Deployed();
	readonly #truth: Truth;
	readonly #plans: PlanJudge;
	readonly #writes: WriteJudge;
	readonly #keys: KeyJudge;
	/** The paths of ignored values. */
	readonly #ignored: ReadonlySet<string>;
	/** Whether the latest plan could not read keys; the write refuses by what the plan read. */
	#didPlanLackKeys = false;
	/** Whether a creation was cut off after the object existed, so that the next update completes it. */
	#isUnfinished = false;

	/** @param ignored the properties that the option `ignoreChanges` names */
	constructor(place: Place, ignored: readonly string[] = []) {
		this.#place = place;
		const program = Object.fromEntries(ignored.map((knob) => [knob, place.knobs[knob]?.[0]]));
		this.#ignored = new Set(Object.keys(place.declaredBy(program)));
		this.#truth = new Truth(place, this.#deployed);
		this.#plans = new PlanJudge(this.#truth, this.#deployed);
		this.#writes = new WriteJudge(place, this.#deployed);
		this.#keys = new KeyJudge(place);
	}

	/** Asserts that the object has every declared value that is not ignored. */
	holds({ leaves }: Sight, program: Program): void {
		const declared = this.#enforcedBy(program);
		for (const [path, value] of Object.entries(declared))
			assert.equal(leaves[path], value, `${path} is as declared`);
	}

	/** Returns the declared values without ignored ones, which only a creation writes. */
	#enforcedBy(program: Program): Leaves {
		const declared = Object.entries(this.#place.declaredBy(program));
		return Object.fromEntries(declared.filter(([path]) => !this.#ignored.has(path)));
	}

	/** Returns what a creation writes: the engine gives a replacement the previous inputs of ignored values. */
	#createdBy({ program, state }: ApplyScene<Single>): Leaves {
		const declared = this.#place.declaredBy(program);
		if (state === undefined) return declared;
		const previous = Object.entries(this.#place.leavesOf(state.inputs));
		const ignored = previous.filter(([path, value]) => this.#ignored.has(path) && value !== "");
		return { ...this.#enforcedBy(program), ...Object.fromEntries(ignored) };
	}

	/** Asserts that a plan reports exactly what differs, and fails when it must. */
	plan(outcome: Outcome<Plan>, { state, program, onDrift }: PlanScene<Single>): void {
		const declared = this.#enforcedBy(program);
		this.#didPlanLackKeys = this.#place.isWithholding?.() === true;
		if (state === undefined) this.#plans.first(outcome);
		// A creation that was cut off may have left ignored values to write, whose changes are reported.
		else if (!this.#isUnfinished || this.#ignored.size === 0)
			this.#plans.next(outcome, { state, declared, onDrift, mayRotate: this.#mayRotate(state, program) });
	}

	#mayRotate({ outputs }: State, program: Program): boolean {
		const requested = this.#place.requestedRotation?.(program);
		return requested !== undefined && requested !== this.#place.completedRotation?.(outputs);
	}

	/** Asserts that no unplanned overwrite and no undeclared change happened. */
	apply(outcome: Outcome<void>, scene: ApplyScene<Single>): void {
		const { step, operation, program, state, before, after } = scene;
		const declared = this.#enforcedBy(program);
		const isCreation =
			(step !== "update" && before === undefined) || step === "replace" || this.#isUnfinished;
		this.#writes.judge(scene, isCreation ? this.#createdBy(scene) : declared);
		this.#keys.judge(scene);
		if (after !== state && after !== undefined && step !== "same")
			this.#deployed.deploy(declared, this.#truth.kept(after), "result" in outcome);
		if (step !== "same") this.#isUnfinished = "error" in outcome && after !== undefined && isCreation;
		if ("error" in outcome) this.#failed(outcome, scene);
		else if (step === "same") {
			assert.equal(operation.requests, 0);
			this.#deployed.takeOver(declared, scene.onDrift);
		} else this.#succeeded(scene);
	}

	#failed(outcome: Outcome<void>, scene: ApplyScene<Single>): void {
		const { step, operation, before, planned, adopt } = scene;
		this.#writes.failed(scene);
		const isMeddled = JSON.stringify(before) !== JSON.stringify(planned);
		// Somebody else may have created it, or an import that an earlier run queued and lost.
		const isThere = before !== undefined || this.#place.view() !== undefined;
		const isTaken = step !== "update" && isThere && !adopt;
		const areKeysWithheld = this.#didPlanLackKeys || this.#place.isWithholding?.() === true;
		const isRefused = areKeysWithheld && REFUSED.test(formatOutcome(outcome));
		assert.ok(
			operation.struck || isMeddled || isTaken || isRefused,
			`an operation failed without a reason: ${formatOutcome(outcome)}`,
		);
	}

	#succeeded(scene: ApplyScene<Single>): void {
		const { operation, step, planned, before, program, after } = scene;
		this.#writes.succeeded();
		this.#keys.succeeded(scene);
		assert.ok(after);
		const wrote = operation.writes.length > 0 || operation.requests > 0;
		const sight = wrote ? this.#place.view() : planned;
		assert.ok(sight, "the deployed object exists");
		this.#truth.assertState(after, sight);
		this.holds(sight, program);
		// The import of an earlier run that ends meanwhile is adopted, which leaves ignored values as they are.
		const isAdopted = scene.adopt && this.#place.cannotProveCreation?.() === true;
		if (step !== "create" || before !== undefined || operation.struck || isAdopted) return;
		for (const [path, value] of Object.entries(this.#place.declaredBy(program)))
			assert.equal(sight.leaves[path], value, `a creation writes ${path} as declared`);
	}

	/** Asserts that a refresh takes everything into state, and reports what Pulumi's own display cannot show. */
	refresh(outcome: Outcome<void>, { operation, state, after }: RefreshScene<Single>): void {
		assert.equal(operation.writes.length, 0, "a refresh writes nothing");
		if ("error" in outcome) {
			assert.ok(operation.struck, `a refresh failed without a reason: ${formatOutcome(outcome)}`);
			return;
		}
		const sight = this.#truth.known(state);
		this.#truth.assertWords(outcome.said, { sight, state });
		if (sight === undefined) {
			assert.equal(after, undefined, "a refresh removes a deleted object");
			return;
		}
		assert.ok(after, "a refresh keeps an existing object");
		this.#truth.assertState(after, sight);
		const lines = parseLines(outcome.said);
		for (const line of lines) {
			this.#truth.assertLine(line, { sight, state });
			assert.equal(line.declared, line.last);
		}
		if (this.#place.refresh === "inputs" && this.#ignored.size === 0) {
			this.#inputs(after, sight);
			return;
		}
		// The declared value of an ignored field cannot be read back, so a refresh returns no inputs beside it.
		const shown = (path: string) => path.includes(".") || (after.inputs[path] ?? "") === sight.leaves[path];
		const untold = this.#truth
			.untold(lines, { state, sight, declared: {} })
			.filter((path) => this.#place.refresh === "words" || !shown(path));
		assert.deepEqual(untold, [], "the refresh does not report a change");
	}

	#inputs({ inputs }: State, { leaves }: Sight): void {
		for (const path of this.#deployed.paths) {
			if (!path.includes(".")) assert.equal(inputs[path] ?? "", leaves[path], `a refresh shows ${path}`);
		}
	}

	/** Asserts that only an object that matches state is deleted. */
	destroy(outcome: Outcome<void>, { operation, state, before, after }: DestroyScene<Single>): void {
		for (const write of operation.writes) {
			assert.ok(
				this.#isAsKept(write.before, state),
				"an object was deleted, although state did not match it",
			);
		}
		if ("error" in outcome) {
			const isReason = operation.struck || !this.#isAsKept(before, state);
			assert.ok(isReason, `a deletion failed without a reason: ${formatOutcome(outcome)}`);
			return;
		}
		assert.equal(after, undefined);
		const incarnation = this.#truth.incarnation(state);
		assert.notEqual(this.#place.view()?.incarnation, incarnation, "the deleted object is gone");
		this.#deployed.clear();
	}

	/** Returns whether the object matches state in all deployed values, or is gone. */
	#isAsKept(sight: Sight | undefined, state: State): boolean {
		if (sight === undefined) return true;
		if (this.#truth.isAnother(sight, state)) return false;
		const kept = this.#truth.kept(state);
		return this.#deployed.paths.every((path) => sight.leaves[path] === kept[path]);
	}

	/** Asserts that a report matches the service. */
	inspect({ status, differences }: InspectResult, state: State): void {
		const sight = this.#truth.known(state);
		if (sight === undefined || this.#truth.isAnother(sight, state)) {
			assert.equal(status, sight === undefined ? "deleted" : "recreated");
			return;
		}
		const listed = differences.map(({ path }) => path);
		for (const path of this.#deployed.paths) {
			if (this.#truth.isUncertain(path, state)) continue;
			const differs = this.#truth.differs(path, { state, sight });
			assert.equal(listed.includes(path), differs, `a report about ${path}`);
		}
		const changed = listed.length > 0 || this.#hasOtherKeys(state, sight);
		if (this.#deployed.isCertain)
			assert.equal(status, changed ? "changed" : "unchanged", "the status of a report");
	}

	/**
	 * Returns whether the keys differ from state. Undeclared keys are not drift, but state must not keep old ones
	 * silently.
	 */
	#hasOtherKeys(state: State, { leaves }: Sight): boolean {
		const kept = this.#truth.kept(state);
		return Object.keys(leaves).some(
			(path) =>
				path.includes("Key") &&
				!this.#deployed.has(path) &&
				!this.#ignored.has(path) &&
				kept[path] !== leaves[path],
		);
	}
}
