import assert from "node:assert/strict";
import type { Finding } from "../../../../provider/lifecycle/inspect.ts";
import type { Plan, State } from "../../engine/resource.ts";
import type { Outcome } from "../judge.ts";
import { Deployed } from "./deployed.ts";
import {
	declaredBy,
	isParent,
	type Kept,
	keptIn,
	type Leaves,
	parentIn,
	shown,
	UNKNOWN_SCOPE,
} from "./leaves.ts";
import type { Operation } from "./operation.ts";
import type { FleetPlace, Sight, View } from "./place.ts";
import { names, reportsIn } from "./reports.ts";
import { type Program, sound } from "./step.ts";
import { judgeWrites } from "./writes.ts";

/** What a plan was made of. */
interface PlanScene {
	readonly state: State | undefined;
	readonly program: Program;
	readonly onDrift: "reconcile" | "fail";
	readonly adopt: boolean;
}

/** What a plan was applied to. */
export interface ApplyScene extends PlanScene {
	readonly step: Plan["step"];
	readonly operation: Operation;
	/** The hub as the plan saw it, and as it is when the plan is applied. */
	readonly planned: View;
	readonly before: View;
	readonly after: State | undefined;
}

/** What a refresh or a deletion was about. */
interface Scene {
	readonly operation: Operation;
	readonly state: State;
	readonly before?: View;
	readonly after: State | undefined;
}

/** Holds everything that a fleet does and says against what was deployed and against the hub. */
export class Judge {
	readonly #place: FleetPlace;
	readonly #deployed = new Deployed();

	constructor(place: FleetPlace) {
		this.#place = place;
	}

	/** A plan tells what differs, and nothing else; it stops where it must, and only there. */
	plan(outcome: Outcome<Plan>, scene: PlanScene): void {
		const { state, program } = scene;
		if (state === undefined) {
			assert.ok("result" in outcome && outcome.result.step === "create", why(outcome));
			return;
		}
		const told = reportsIn("error" in outcome ? [...outcome.said, outcome.error.message] : outcome.said);
		const members = this.#members(state, program);
		const devices = members.map((member) => ({ ...member, report: told(member.id) }));
		for (const device of devices) this.#truth(device, why(outcome), "result" in outcome);
		const stops = devices.filter((device) => this.#stops(device));
		if (scene.onDrift === "fail" && stops.length > 0)
			assert.ok("error" in outcome, `a change of ${stops[0]?.id} is refused under fail`);
		if ("result" in outcome) {
			this.#step(outcome.result.step, scene, state);
			return;
		}
		const mayStop = scene.onDrift === "fail" && devices.some((device) => this.#mayStop(device));
		assert.ok(mayStop, `a plan failed for no reason: ${why(outcome)}`);
	}

	/** Devices that are in state and still declared. */
	#members(state: State, program: Program): Member[] {
		const view = this.#place.view();
		return [...keptIn(state)].flatMap(([id, kept]) => {
			const declared = declaredBy(program, id, view);
			return declared === undefined ? [] : [{ id, kept, declared, sight: view.get(id) }];
		});
	}

	#truth({ id, kept, sight, report }: Judged, about: string, isComplete: boolean): void {
		const isAnother = sight !== undefined && sight.incarnation !== kept.incarnation;
		if (isComplete || report.isGone)
			assert.equal(report.isGone, sight === undefined, `${id} deleted or not: ${about}`);
		if (isComplete || report.isAnother)
			assert.equal(report.isAnother, isAnother, `${id} created again or not: ${about}`);
		for (const { path, last, now } of report.lines) {
			// A gateway's own scope stands where a leaf has its parent's.
			const isOwn = path === "deviceScope" && now === shown(path, sight?.scope ?? "");
			if (!isOwn) assert.equal(now, shown(path, sight?.leaves[path] ?? ""), `${id}, ${path} now: ${about}`);
			const bases = [...this.#deployed.bases(id, path, kept)].map((value) => shown(path, value));
			assert.ok(bases.includes(last), `${id}, ${path} was ${bases.join(" or ")}: ${about}`);
			assert.notEqual(last, now, `no difference of ${id}: ${about}`);
		}
		if (sight === undefined || !isComplete) return;
		const untold = this.#changed(id, kept, sight).filter(
			(path) => !report.lines.some((line) => line.path === path),
		);
		assert.deepEqual(untold, [], `${id} was changed, and nobody says so: ${about}`);
	}

	/** Paths that were declared and are neither as state has them nor as they were deployed. */
	#changed(id: string, kept: Kept, { leaves }: Sight): string[] {
		return Object.keys(kept.leaves).filter((path) => {
			const now = leaves[path] ?? "";
			return kept.leaves[path] !== now && !this.#deployed.bases(id, path, kept).has(now);
		});
	}

	/** Whether a plan under `fail` must refuse: something declared is neither as deployed nor as declared. */
	#stops({ id, kept, declared, sight }: Member): boolean {
		if (sight === undefined || sight.incarnation !== kept.incarnation) return true;
		return Object.entries(declared).some(([path, value]) => {
			const now = sight.leaves[path] ?? "";
			if (!(path in kept.leaves) || value === UNKNOWN_SCOPE) return false;
			return now !== value && !this.#deployed.bases(id, path, kept).has(now);
		});
	}

	/** Whether it may: what an interrupted run of the same program wrote is no reason. */
	#mayStop(member: Member): boolean {
		const { id, kept, declared, sight } = member;
		if (this.#stops(member) || sight === undefined) return true;
		return Object.keys(kept.leaves).some((path) => {
			const [now, bases] = [sight.leaves[path] ?? "", this.#deployed.bases(id, path, kept)];
			return (!bases.has(now) || bases.size > 1) && now !== declared[path];
		});
	}

	#step(step: Plan["step"], { program, adopt, onDrift }: PlanScene, state: State): void {
		const kept = keptIn(state);
		const members = this.#members(state, program);
		const isWhole = members.length === kept.size && kept.size === Object.keys(sound(program)).length;
		const isHeld = members.every(({ declared, sight }) =>
			Object.entries(declared).every(([path, value]) => sight?.leaves[path] === value),
		);
		if (!isWhole || !isHeld) {
			assert.equal(step, "update", "something is not as declared");
			return;
		}
		const isSettled = members.every(
			({ kept: { leaves, incarnation }, declared, sight }) =>
				sight?.incarnation === incarnation && sameLeaves(leaves, declared),
		);
		const isPolicy = state.outputs["adopt"] === adopt && state.outputs["onDrift"] === onDrift;
		if (isSettled && isPolicy && state.initErrors.length === 0 && onDrift === "reconcile")
			assert.equal(step, "same", "there is nothing to do");
	}

	/** Nothing is overwritten that no plan has shown, nothing changed that nobody declares, and nothing lost. */
	apply(outcome: Outcome<void>, scene: ApplyScene): void {
		const { step, operation, program, state, after } = scene;
		const views = [this.#place.view(), scene.before, scene.planned];
		judgeWrites(scene, keptIn(state), (id) =>
			views.map((view) => declaredBy(program, id, view)).filter((leaves) => leaves !== undefined),
		);
		if (operation.died) {
			assert.equal(after, state);
			return;
		}
		if ("error" in outcome) this.#failed(outcome.error, scene);
		else if (step === "same") assert.equal(operation.requests, 0);
		else this.#succeeded(scene);
		this.#deployed.apply(scene, this.#place.view(), "error" in outcome ? outcome.error : undefined);
	}

	#succeeded(scene: ApplyScene): void {
		const { program, after } = scene;
		const kept = keptIn(after);
		assert.deepEqual(
			[...kept.keys()].sort(),
			Object.keys(sound(program)).sort(),
			"state has what is declared",
		);
		assert.equal(after?.outputs["count"], kept.size);
		for (const id of kept.keys()) this.#asDeclared(id, scene);
		for (const id of keptIn(scene.state).keys()) {
			const isOurs = kept.has(id) || this.#place.see(id) === undefined;
			assert.ok(isOurs || scene.before.get(id) === undefined, `${id} is gone`);
		}
	}

	/** The device is as declared, in the hub and in state; one that nobody touched may have changed since the plan. */
	#asDeclared(id: string, { program, operation, planned, before, state, after }: ApplyScene): void {
		const isWritten = operation.writes.some((write) => write.id === id);
		const [was, now] = [keptIn(state).get(id), keptIn(after).get(id)];
		const [then, live] = [planned.get(id), this.#place.see(id)];
		const isSeen =
			isWritten || now?.etag === live?.etag || JSON.stringify(then) === JSON.stringify(before.get(id));
		const sight = isSeen ? live : then;
		assert.ok(sight, `${id} is there`);
		// A rewrite that changed nothing needs no write, and until a refresh state goes on with the etag that it had.
		const etag = isWritten || now?.etag !== was?.etag ? sight.etag : (was?.etag ?? "");
		this.#equal(id, now, { ...sight, etag });
		this.#holds(id, { program, sight, was, planned });
	}

	#holds(
		id: string,
		{
			program,
			sight,
			was,
			planned,
		}: { program: Program; sight: Sight; was?: Kept | undefined; planned?: View },
	): void {
		const view = this.#place.view();
		const declared = declaredBy(program, id, view) ?? {};
		for (const [path, value] of Object.entries(declared)) {
			if (!isParent(path)) assert.equal(sight.leaves[path], value, `${path} of ${id} is as declared`);
			else {
				// What became of the parent since the plan is for the next plan to see.
				const scopes = [value, declaredBy(program, id, planned ?? view)?.[path]];
				assert.ok(scopes.includes(parentIn(sight.leaves)), `the parent of ${id} is as declared`);
			}
		}
		const hadParent = Object.keys(was?.leaves ?? {}).some(isParent);
		const isOwn = was?.incarnation === sight.incarnation;
		if (hadParent && isOwn && !Object.keys(declared).some(isParent))
			assert.equal(parentIn(sight.leaves), "", `${id} has no parent any more`);
	}

	#equal(id: string, kept: Kept | undefined, { incarnation, etag, leaves }: Sight): void {
		assert.ok(kept, `${id} is in state`);
		assert.equal(kept.incarnation, incarnation, `state knows the incarnation of ${id}`);
		assert.equal(kept.etag, etag, `state has the etag of ${id}`);
		for (const [path, value] of Object.entries(kept.leaves))
			assert.equal(value, leaves[path], `state has ${path} of ${id}`);
	}

	/** Every device that failed is named, every other one is as declared, and what was made is in state. */
	#failed(error: Error, scene: ApplyScene): void {
		const { operation, program, state, after, before, planned, adopt } = scene;
		const [was, now, view] = [keptIn(state), keptIn(after), this.#place.view()];
		const declared = sound(program);
		const isMeddled = JSON.stringify([...before]) !== JSON.stringify([...planned]);
		const isTaken = Object.keys(declared).some((id) => !was.has(id) && before.has(id) && !adopt);
		const isTouched = [...was].some(([id, kept]) => !(id in declared) && !asKept(kept, before.get(id)));
		assert.ok(
			operation.struck || isMeddled || isTaken || isTouched,
			`it failed for no reason: ${error.message}`,
		);
		for (const id of new Set([...was.keys(), ...Object.keys(declared)])) {
			if (names(error, id)) continue;
			if (!(id in declared)) assert.ok(!now.has(id) || after === state, `${id} is gone, or named`);
			else if (after !== undefined) this.#asDeclared(id, scene);
		}
		for (const { id, before: old, after: made } of operation.writes) {
			const isThere = made !== undefined && view.get(id)?.incarnation === made.incarnation;
			if (old === undefined && isThere)
				assert.ok(now.has(id) || names(error, id), `${id} is in state, or named`);
		}
		for (const [id, kept] of was) {
			if (view.get(id)?.incarnation === kept.incarnation) assert.ok(now.has(id), `${id} is not forgotten`);
		}
	}

	/** A refresh takes everything into state, and tells what Pulumi's own display can't. */
	refresh(outcome: Outcome<void>, { operation, state, after }: Scene): void {
		assert.deepEqual(operation.writes, [], "a refresh writes nothing");
		if ("error" in outcome) {
			assert.ok(operation.struck, `a refresh failed for no reason: ${why(outcome)}`);
			assert.equal(after, state, "a refresh that fails changes nothing");
			return;
		}
		const told = reportsIn(outcome.said);
		const now = keptIn(after);
		for (const [id, kept] of keptIn(state)) {
			const sight = this.#place.see(id);
			const isAnother = sight !== undefined && sight.incarnation !== kept.incarnation;
			// Of one that was made again all is new, and the next plan tells it.
			const report = told(id);
			this.#truth({ id, kept, declared: {}, sight, report }, why(outcome), !isAnother);
			assert.equal(report.isAnother, isAnother, `${id} created again or not: ${why(outcome)}`);
			if (sight === undefined) assert.ok(!now.has(id), `a refresh forgets ${id}, which is gone`);
			else this.#equal(id, now.get(id), sight);
		}
		for (const id of now.keys()) assert.ok(keptIn(state).has(id), `${id} was no member`);
	}

	/** Only what is as state has it is deleted. */
	destroy(outcome: Outcome<void>, { operation, state, before = new Map(), after }: Scene): void {
		const kept = keptIn(state);
		for (const { id, before: was, after: left } of operation.writes) {
			assert.equal(left, undefined, `${id} was changed`);
			assert.ok(asKept(kept.get(id), was), `${id} was deleted, and nobody had seen it so`);
		}
		if ("error" in outcome) {
			const isTouched = [...kept].some(([id, member]) => !asKept(member, before.get(id)));
			assert.ok(operation.struck || isTouched, `a deletion failed for no reason: ${why(outcome)}`);
			assert.equal(after, state);
			return;
		}
		assert.equal(after, undefined);
		for (const [id, { incarnation }] of kept)
			assert.notEqual(this.#place.see(id)?.incarnation, incarnation, `${id} is gone`);
		this.#deployed.clear();
	}

	/** A report says what is so. */
	inspect({ status, differences }: Finding, state: State): void {
		const members = [...keptIn(state)].map(([id, kept]) => ({ id, kept, sight: this.#place.see(id) }));
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
		if (isCertain) assert.equal(status, isChanged ? "changed" : "unchanged", "a report's verdict");
	}

	/** Everything declared is there, as state has it. */
	converged(program: Program, state: State | undefined): void {
		const kept = keptIn(state);
		assert.deepEqual(
			[...kept.keys()].sort(),
			Object.keys(sound(program)).sort(),
			"in the end all are in state",
		);
		for (const id of kept.keys()) {
			const sight = this.#place.see(id);
			assert.ok(sight, `in the end ${id} is there`);
			this.#equal(id, kept.get(id), sight);
			this.#holds(id, { program, sight });
		}
	}
}

/** A device that is in state and declared. */
interface Member {
	readonly id: string;
	readonly kept: Kept;
	readonly declared: Leaves;
	readonly sight: Sight | undefined;
}

interface Judged extends Member {
	readonly report: ReturnType<ReturnType<typeof reportsIn>>;
}

/** Whether a device is as state has it, or is gone. */
function asKept(kept: Kept | undefined, sight: Sight | undefined): boolean {
	if (kept === undefined || sight === undefined) return sight === undefined;
	if (sight.incarnation !== kept.incarnation) return false;
	return Object.entries(kept.leaves).every(([path, value]) => sight.leaves[path] === value);
}

function sameLeaves(one: Leaves, other: Leaves): boolean {
	const paths = Object.keys(one);
	return paths.length === Object.keys(other).length && paths.every((path) => one[path] === other[path]);
}

function why(outcome: Outcome<unknown>): string {
	return "error" in outcome ? outcome.error.message : JSON.stringify([outcome.result, ...outcome.said]);
}
