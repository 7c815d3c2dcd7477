import assert from "node:assert/strict";
import type { InspectResult } from "../../../../provider/resource/inspect.ts";
import type { Plan, State } from "../../../contract/harness/resource.ts";
import { isAboutDevice, parseReports } from "../reports.ts";
import {
	type ApplyScene,
	type DestroyScene,
	formatOutcome,
	type Judging,
	type Outcome,
	type PlanScene,
	type RefreshScene,
} from "../scenes.ts";
import { Deployed } from "./deployed.ts";
import { type Kept, readDeclared, readMembers } from "./leaves.ts";
import type { Fleet, FleetPlace, Sight } from "./place.ts";
import { PlanJudge } from "./plans.ts";
import { normalizeProgram, type Program } from "./step.ts";
import { Truth } from "./truth.ts";
import { judgeWrites } from "./writes.ts";

/** Compares everything that a fleet does and reports with the deployments and the hub. */
export class Judge implements Judging<Fleet> {
	readonly #place: FleetPlace;
	readonly #deployed = new Deployed();
	readonly #truth: Truth;
	readonly #plans: PlanJudge;
	/** The generations that our writes created, also in interrupted runs. */
	readonly #made = new Set<string>();

	constructor(place: FleetPlace) {
		this.#place = place;
		this.#truth = new Truth(place, this.#deployed);
		this.#plans = new PlanJudge(this.#truth, this.#deployed);
	}

	/** Asserts that a plan reports exactly what differs, and fails exactly when it must. */
	plan(outcome: Outcome<Plan>, scene: PlanScene<Fleet>): void {
		if (scene.state === undefined) this.#plans.first(outcome);
		else this.#plans.next(outcome, scene, scene.state);
	}

	/** Asserts that no unplanned overwrite, no undeclared change and no loss happened. */
	apply(outcome: Outcome<void>, scene: ApplyScene<Fleet>): void {
		const { step, operation, program, state, after } = scene;
		const views = [this.#place.view(), scene.before, scene.planned];
		judgeWrites(scene, readMembers(state), (id) =>
			views.map((view) => readDeclared(program, id, view)).filter((leaves) => leaves !== undefined),
		);
		for (const { before, after: made } of operation.writes)
			if (before === undefined && made !== undefined) this.#made.add(made.incarnation);
		if (operation.died) {
			assert.equal(after, state);
			return;
		}
		this.#takenOver(scene);
		if ("error" in outcome) this.#failed(outcome.error, scene);
		else if (step === "same") assert.equal(operation.requests, 0);
		else this.#succeeded(scene);
		this.#deployed.apply(scene, this.#place.view(), "error" in outcome ? outcome.error : undefined);
	}

	/**
	 * Asserts that state gets only devices that our runs created, unless the program adopts. Anybody may set the keys
	 * that it declares.
	 */
	#takenOver({ adopt, program, state, after }: ApplyScene<Fleet>): void {
		if (adopt) return;
		const was = readMembers(state);
		for (const [id, { incarnation }] of readMembers(after)) {
			if (was.has(id) || program[id]?.keys !== undefined) continue;
			assert.ok(this.#made.has(incarnation), `${id} of somebody else was adopted`);
		}
	}

	#succeeded(scene: ApplyScene<Fleet>): void {
		const { program, after } = scene;
		const kept = readMembers(after);
		assert.deepEqual(
			[...kept.keys()].sort(),
			Object.keys(normalizeProgram(program)).sort(),
			"state has all declared devices",
		);
		assert.equal(after?.outputs["count"], kept.size);
		for (const id of kept.keys()) this.#asDeclared(id, scene);
		for (const id of readMembers(scene.state).keys()) {
			const isOurs = kept.has(id) || this.#place.see(id) === undefined;
			assert.ok(isOurs || scene.before.get(id) === undefined, `${id} is gone`);
		}
	}

	/** Asserts that hub and state have the device as declared. An untouched device may have changed since the plan. */
	#asDeclared(id: string, { program, operation, planned, before, state, after }: ApplyScene<Fleet>): void {
		const isWritten = operation.writes.some((write) => write.id === id);
		const [was, now] = [readMembers(state).get(id), readMembers(after).get(id)];
		const [then, live] = [planned.get(id), this.#place.see(id)];
		const isSeen =
			isWritten || now?.etag === live?.etag || JSON.stringify(then) === JSON.stringify(before.get(id));
		const sight = isSeen ? live : then;
		assert.ok(sight, `${id} exists`);
		// A rewrite without a change needs no write; state keeps its old etag until a refresh.
		const etag = isWritten || now?.etag !== was?.etag ? sight.etag : (was?.etag ?? "");
		this.#truth.assertKept(id, now, { ...sight, etag });
		this.#truth.assertDeclared(id, { program, sight, was, planned });
	}

	/**
	 * Asserts that the error names every failed device, every other one is as declared, and state has all created ones.
	 */
	#failed(error: Error, scene: ApplyScene<Fleet>): void {
		const { operation, program, state, after, before, planned, adopt } = scene;
		const [was, now, view] = [readMembers(state), readMembers(after), this.#place.view()];
		const declared = normalizeProgram(program);
		const isMeddled = JSON.stringify([...before]) !== JSON.stringify([...planned]);
		const isTaken = Object.keys(declared).some((id) => !was.has(id) && before.has(id) && !adopt);
		const isTouched = [...was].some(([id, kept]) => !(id in declared) && !matchesState(kept, before.get(id)));
		assert.ok(
			operation.struck || isMeddled || isTaken || isTouched,
			`it failed without a reason: ${error.message}`,
		);
		for (const id of new Set([...was.keys(), ...Object.keys(declared)])) {
			if (isAboutDevice(error, id)) continue;
			if (!(id in declared))
				assert.ok(!now.has(id) || after === state, `${id} is gone, or the error names it`);
			else if (after !== undefined) this.#asDeclared(id, scene);
		}
		for (const { id, before: old, after: made } of operation.writes) {
			const isThere = made !== undefined && view.get(id)?.incarnation === made.incarnation;
			if (old === undefined && isThere)
				assert.ok(now.has(id) || isAboutDevice(error, id), `${id} is in state, or the error names it`);
		}
		for (const [id, kept] of was) {
			if (view.get(id)?.incarnation === kept.incarnation) assert.ok(now.has(id), `${id} is still in state`);
		}
	}

	/** Asserts that a refresh takes everything into state, and reports what Pulumi's own display cannot show. */
	refresh(outcome: Outcome<void>, { operation, state, after }: RefreshScene<Fleet>): void {
		assert.deepEqual(operation.writes, [], "a refresh writes nothing");
		if ("error" in outcome) {
			assert.ok(operation.struck, `a refresh failed without a reason: ${formatOutcome(outcome)}`);
			assert.equal(after, state, "a refresh that fails changes nothing");
			return;
		}
		const told = parseReports(outcome.said);
		const now = readMembers(after);
		for (const [id, kept] of readMembers(state)) {
			const sight = this.#place.see(id);
			const isAnother = sight !== undefined && sight.incarnation !== kept.incarnation;
			// All values of a recreated device are new, and the next plan reports it.
			const report = told(id);
			this.#truth.assertReport({ id, kept, sight }, report, {
				about: formatOutcome(outcome),
				isComplete: !isAnother,
			});
			assert.equal(
				report.isAnother,
				isAnother,
				`report whether ${id} was created again: ${formatOutcome(outcome)}`,
			);
			if (sight === undefined) assert.ok(!now.has(id), `a refresh removes the deleted ${id}`);
			else this.#truth.assertKept(id, now.get(id), sight);
		}
		for (const id of now.keys()) assert.ok(readMembers(state).has(id), `${id} was not a member`);
	}

	/** Asserts that only devices that match state are deleted. */
	destroy(outcome: Outcome<void>, { operation, state, before, after }: DestroyScene<Fleet>): void {
		const kept = readMembers(state);
		for (const { id, before: was, after: left } of operation.writes) {
			assert.equal(left, undefined, `${id} was changed`);
			assert.ok(matchesState(kept.get(id), was), `${id} was deleted, although state did not match it`);
		}
		if ("error" in outcome) {
			const isTouched = [...kept].some(([id, member]) => !matchesState(member, before.get(id)));
			assert.ok(
				operation.struck || isTouched,
				`a deletion failed without a reason: ${formatOutcome(outcome)}`,
			);
			assert.equal(after, state);
			return;
		}
		assert.equal(after, undefined);
		for (const [id, { incarnation }] of kept)
			assert.notEqual(this.#place.see(id)?.incarnation, incarnation, `${id} is gone`);
		this.#deployed.clear();
	}

	/** Asserts that a report matches the hub. */
	inspect({ status, differences }: InspectResult, state: State): void {
		const members = [...readMembers(state)].map(([id, kept]) => ({ id, kept, sight: this.#place.see(id) }));
		let isCertain = true;
		let isChanged = false;
		for (const { id, kept, sight } of members) {
			const isOther = sight?.incarnation !== kept.incarnation;
			isChanged ||= isOther;
			for (const path of Object.keys(kept.leaves)) {
				const bases = this.#deployed.bases(id, path, kept);
				isCertain &&= bases.size === 1;
				const differs = !bases.has(sight?.leaves[path] ?? "");
				const isListed = differences.some((difference) => difference.path === `${id}.${path}`);
				if (!isOther && bases.size === 1) assert.equal(isListed, differs, `a report about ${path} of ${id}`);
				isChanged ||= differs;
			}
		}
		if (isCertain) assert.equal(status, isChanged ? "changed" : "unchanged", "the status of a report");
	}

	/** Asserts that everything declared exists and matches state. */
	converged(program: Program, state: State | undefined): void {
		const kept = readMembers(state);
		assert.deepEqual(
			[...kept.keys()].sort(),
			Object.keys(normalizeProgram(program)).sort(),
			"the final state has all devices",
		);
		for (const id of kept.keys()) {
			const sight = this.#place.see(id);
			assert.ok(sight, `${id} exists in the end`);
			this.#truth.assertKept(id, kept.get(id), sight);
			this.#truth.assertDeclared(id, { program, sight });
		}
	}
}

/** Returns whether a device matches state or is gone. */
function matchesState(kept: Kept | undefined, sight: Sight | undefined): boolean {
	if (kept === undefined || sight === undefined) return sight === undefined;
	if (sight.incarnation !== kept.incarnation) return false;
	return Object.entries(kept.leaves).every(([path, value]) => sight.leaves[path] === value);
}
