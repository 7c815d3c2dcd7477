import assert from "node:assert/strict";
import type { Finding } from "../../../provider/lifecycle/inspect.ts";
import type { Plan, State } from "../engine/resource.ts";
import type { Operation } from "./operation.ts";
import type { Leaves, Place, Sight } from "./place.ts";
import { linesIn, says } from "./reports.ts";
import type { Program } from "./step.ts";

/** How an attempt ended, and what was said meanwhile. */
export type Outcome<Result> = ({ readonly result: Result } | { readonly error: Error }) & {
	readonly said: readonly string[];
};

/** What a plan was made of. */
export interface PlanScene {
	readonly state: State | undefined;
	readonly program: Program;
	readonly onDrift: "reconcile" | "fail";
}

/** What a plan was applied to. */
export interface ApplyScene {
	readonly step: Plan["step"];
	readonly operation: Operation;
	readonly program: Program;
	readonly onDrift: "reconcile" | "fail";
	readonly adopt: boolean;
	/** The object as the plan saw it, and as it is when the plan is applied. */
	readonly planned: Sight | undefined;
	readonly before: Sight | undefined;
	/** The state before and after. */
	readonly state: State | undefined;
	readonly after: State | undefined;
}

/** What a refresh or a deletion was about. */
export interface Scene {
	readonly operation: Operation;
	readonly state: State;
	readonly before?: Sight | undefined;
	readonly after: State | undefined;
}

/** Knows what was deployed, and holds everything that a provider does and says against it and against the service. */
export class Judge {
	readonly #place: Place;
	/** The paths declared at the last deployment, each with the values that count as deployed. */
	#deployed = new Map<string, ReadonlySet<string>>();
	/** Whether a creation was cut off, so that an object may be there which state does not know. */
	#interrupted = false;
	/** Everything that any run meant to write. */
	readonly #wished = new Set<string>();

	constructor(place: Place) {
		this.#place = place;
	}

	/** The object has every declared value. */
	holds({ leaves }: Sight, program: Program): void {
		const declared = this.#place.declaredBy(program);
		for (const [path, value] of Object.entries(declared))
			assert.equal(leaves[path], value, `${path} is as declared`);
	}

	/** A plan tells what differs, and nothing else; it stops where it must. */
	plan(outcome: Outcome<Plan>, { state, program, onDrift }: PlanScene): void {
		const declared = this.#place.declaredBy(program);
		if (state === undefined) {
			assert.ok(
				"result" in outcome && outcome.result.step === "create",
				`a creation was due: ${why(outcome)}`,
			);
			return;
		}
		const sight = this.#known(state);
		const told = "error" in outcome ? [outcome.error.message] : outcome.said;
		const isAnother = sight !== undefined && sight.incarnation !== this.#incarnation(state);
		this.#toldOf(told, { sight, isAnother });
		if (sight === undefined) {
			this.#planGone(outcome, onDrift);
			return;
		}
		const lines = linesIn(told);
		for (const line of lines) {
			assert.equal(
				line.declared,
				this.#shown(line.path, declared[line.path]),
				`what is declared: ${why(outcome)}`,
			);
			this.#trueLine(line, { sight, state });
		}
		const news = this.#unseen(state, sight, declared).filter(
			(path) => !this.#bases(path, state).has(sight.leaves[path] ?? ""),
		);
		if ("result" in outcome || /onDrift is "fail"/.test(outcome.error.message)) {
			const untold = news.filter((path) => !lines.some((line) => line.path === path));
			if ("result" in outcome)
				assert.deepEqual(untold, [], `changed, and the plan does not say so: ${why(outcome)}`);
		}
		this.#stops(outcome, { sight, state, declared, onDrift, isAnother });
		if ("result" in outcome) this.#step(outcome.result.step, { sight, state, declared, onDrift, isAnother });
	}

	#planGone(outcome: Outcome<Plan>, onDrift: "reconcile" | "fail"): void {
		if (onDrift === "fail") assert.ok("error" in outcome, "a deletion is refused under fail");
		else
			assert.ok(
				"result" in outcome && outcome.result.step === "replace",
				`a creation was due: ${why(outcome)}`,
			);
	}

	/** Under `fail` a plan stops where a declared value is neither as deployed nor as declared, and only there. */
	#stops(outcome: Outcome<Plan>, { sight, state, declared, onDrift, isAnother }: Compared): void {
		const differs = (path: string) => !this.#bases(path, state).has(sight.leaves[path] ?? "");
		const isOpen = (path: string) => differs(path) && sight.leaves[path] !== declared[path];
		const comparable = this.#comparable(declared);
		const must =
			isAnother ||
			comparable.some((path) => path in declared && isOpen(path) && this.#counts(path, { state, sight }));
		if (onDrift === "fail" && must) {
			assert.ok("error" in outcome, "a change is refused under fail");
			return;
		}
		if ("result" in outcome) return;
		assert.equal(onDrift, "fail", `a plan failed for no reason: ${why(outcome)}`);
		const may = comparable.some((path) => differs(path) || this.#bases(path, state).size > 1);
		assert.ok(may || isAnother, `a plan was refused for no reason: ${why(outcome)}`);
	}

	/** What was not declared at the last deployment counts as changed only since state was taken. */
	#counts(path: string, { state, sight }: { state: State; sight: Sight }): boolean {
		return this.#deployed.has(path) || this.#place.leavesOf(state.outputs)[path] !== sight.leaves[path];
	}

	#step(step: Plan["step"], { sight, state, declared, onDrift, isAnother }: Compared): void {
		const kept = this.#place.leavesOf(state.outputs);
		const paths = Object.keys(declared);
		if (paths.some((path) => declared[path] !== sight.leaves[path])) {
			assert.equal(step, "update", "a declared value is not there");
			return;
		}
		const isSettled =
			paths.length === this.#deployed.size &&
			paths.every((path) => this.#deployed.has(path) && kept[path] === declared[path]);
		if (isSettled && !isAnother && state.initErrors.length === 0 && onDrift === "reconcile") {
			assert.equal(step, "same", "there is nothing to do");
		}
	}

	/** Nothing is overwritten that no plan has shown, and nothing changed that is not declared. */
	apply(outcome: Outcome<void>, scene: ApplyScene): void {
		const { step, operation, program, before, planned, adopt, state, after } = scene;
		const declared = this.#place.declaredBy(program);
		for (const [path, value] of Object.entries(declared)) this.#wished.add(`${path} ${value}`);
		this.#honest(scene, declared);
		if (after !== state && after !== undefined && step !== "same")
			this.#deploy(declared, after, "result" in outcome);
		if ("error" in outcome) {
			this.#interrupted ||= operation.struck && after === undefined;
			const isMeddled = JSON.stringify(before) !== JSON.stringify(planned);
			// Somebody may have made it, or an import that an earlier run queued and lost sight of.
			const isThere = before !== undefined || this.#place.view() !== undefined;
			const isTaken = step !== "update" && isThere && !adopt;
			assert.ok(
				operation.struck || isMeddled || isTaken,
				`an operation failed for no reason: ${why(outcome)}`,
			);
			return;
		}
		if (step === "same") {
			assert.equal(operation.requests, 0);
			this.#takeOver(declared, scene.onDrift);
			return;
		}
		this.#interrupted = false;
		assert.ok(after);
		const wrote = operation.writes.length > 0 || operation.requests > 0;
		const sight = wrote ? this.#place.view() : planned;
		assert.ok(sight, "what was deployed is there");
		this.#equal(after, sight);
		this.holds(sight, program);
	}

	/**
	 * A value that a refresh took into state and the program declares since is deployed without a write. What was deployed
	 * before is not forgotten with it, unless `fail` is at stake.
	 */
	#takeOver(declared: Leaves, onDrift: "reconcile" | "fail"): void {
		for (const [path, values] of this.#deployed) {
			const before = onDrift === "fail" ? [] : values;
			this.#deployed.set(path, new Set([...before, declared[path] ?? ""]));
		}
	}

	#honest({ step, operation, before, planned, adopt, state }: ApplyScene, declared: Leaves): void {
		let own: Sight | undefined;
		for (const write of operation.writes) {
			if (write.before !== undefined && !isSame(write.before, own)) {
				if (step === "update")
					assert.ok(isSame(write.before, planned), "a change was overwritten that no plan has shown");
				else {
					const mayTake = adopt || before === undefined || this.#interrupted;
					assert.ok(mayTake, "an object was written that somebody else made");
					assert.ok(isSame(write.before, write.known), "a change was overwritten that was never read");
					if (!adopt) this.#onlyOwn(write.before, declared);
				}
			}
			if (write.before !== undefined && write.after !== undefined)
				this.#onlyDeclared(write.before, write.after, {
					declared,
					hadState: state !== undefined && step === "update",
				});
			own = write.after;
		}
	}

	/** What an interrupted run left may be finished; what somebody made of it since may not be undone. */
	#onlyOwn({ leaves }: Sight, declared: Leaves): void {
		for (const [path, value] of Object.entries(declared)) {
			const now = leaves[path] ?? "";
			const isOwn = now === value || now === "" || this.#wished.has(`${path} ${now}`);
			assert.ok(isOwn, `${path} was overwritten, and no plan has shown what it was`);
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
			assert.ok(allowed.includes(value), `${path} was changed, and nobody declares it so`);
		}
	}

	/** A refresh takes everything into state, and tells what Pulumi's own display can't. */
	refresh(outcome: Outcome<void>, { operation, state, after }: Scene): void {
		assert.equal(operation.writes.length, 0, "a refresh writes nothing");
		if ("error" in outcome) {
			assert.ok(operation.struck, `a refresh failed for no reason: ${why(outcome)}`);
			return;
		}
		const sight = this.#known(state);
		const isAnother = sight !== undefined && sight.incarnation !== this.#incarnation(state);
		this.#toldOf(outcome.said, { sight, isAnother });
		if (sight === undefined) {
			assert.equal(after, undefined, "a refresh forgets what is gone");
			return;
		}
		assert.ok(after, "a refresh keeps what is there");
		this.#equal(after, sight);
		const lines = linesIn(outcome.said);
		for (const line of lines) {
			this.#trueLine(line, { sight, state });
			assert.equal(line.declared, line.last);
		}
		if (this.#place.refresh === "inputs") {
			this.#inputs(after, sight);
			return;
		}
		const untold = this.#unseen(state, sight, {})
			.filter((path) => !this.#bases(path, state).has(sight.leaves[path] ?? ""))
			.filter((path) => !lines.some((line) => line.path === path));
		assert.deepEqual(untold, [], "changed, and the refresh does not say so");
	}

	#inputs({ inputs }: State, { leaves }: Sight): void {
		for (const path of this.#deployed.keys()) {
			if (!path.includes(".")) assert.equal(inputs[path] ?? "", leaves[path], `a refresh shows ${path}`);
		}
	}

	/** Only what is as state has it is deleted. */
	destroy(outcome: Outcome<void>, { operation, state, before, after }: Scene): void {
		const kept = this.#place.leavesOf(state.outputs);
		const isAsKept = (sight: Sight | undefined) =>
			sight === undefined ||
			(sight.incarnation === this.#incarnation(state) &&
				[...this.#deployed.keys()].every((path) => sight.leaves[path] === kept[path]));
		for (const write of operation.writes) {
			assert.ok(isAsKept(write.before), "an object was deleted that nobody had seen so");
		}
		if ("error" in outcome) {
			assert.ok(operation.struck || !isAsKept(before), `a deletion failed for no reason: ${why(outcome)}`);
			return;
		}
		assert.equal(after, undefined);
		assert.notEqual(this.#place.view()?.incarnation, this.#incarnation(state), "what was deleted is gone");
		this.#deployed = new Map();
	}

	/** A report says what is so. */
	inspect({ status, differences }: Finding, state: State): void {
		const sight = this.#known(state);
		const isThere = sight !== undefined && sight.incarnation === this.#incarnation(state);
		if (!isThere) {
			assert.equal(status, sight === undefined ? "deleted" : "recreated");
			return;
		}
		const paths = differences.map(({ path }) => path);
		for (const [path, bases] of this.#deployed) {
			const isOther: boolean = !bases.has(sight.leaves[path] ?? "");
			if (bases.size === 1) assert.equal(paths.includes(path), isOther, `a report about ${path}`);
		}
		const isCertain = [...this.#deployed.values()].every(({ size }) => size === 1);
		const changed = paths.length > 0 || this.#hasOtherKeys(state, sight);
		if (isCertain) assert.equal(status, changed ? "changed" : "unchanged", "a report's verdict");
	}

	/** Keys that nobody declares are no drift, but state must not go on with old ones unsaid. */
	#hasOtherKeys(state: State, { leaves }: Sight): boolean {
		const kept = this.#place.leavesOf(state.outputs);
		return Object.keys(leaves).some(
			(path) => path.includes("Key") && !this.#deployed.has(path) && kept[path] !== leaves[path],
		);
	}

	/** What the words say happened to the object did happen, and nothing that happened is left out. */
	#toldOf(
		told: readonly string[],
		{ sight, isAnother }: { sight: Sight | undefined; isAnother: boolean },
	): void {
		const { label } = this.#place;
		const isGone = sight === undefined;
		const about = JSON.stringify(told);
		assert.equal(says(told, label, "was deleted outside Pulumi"), isGone, `deleted or not: ${about}`);
		assert.equal(
			says(told, label, "was deleted and created again"),
			isAnother,
			`created again or not: ${about}`,
		);
		const changed =
			says(told, label, "was changed outside") || says(told, label, "was moved to another parent");
		if (changed) assert.ok(linesIn(told).length > 0, `a change without a difference: ${about}`);
	}

	#trueLine(
		line: ReturnType<typeof linesIn>[number],
		{ sight, state }: { sight: Sight; state: State },
	): void {
		const { path, last, now } = line;
		const about = `${path}: ${last}, ${now}`;
		assert.equal(now, this.#shown(path, sight.leaves[path]), `what is so now: ${about}`);
		const bases = [...this.#bases(path, state)].map((value) => this.#shown(path, value));
		assert.ok(bases.includes(last), `what was deployed: ${about}, and it was ${bases.join(" or ")}`);
		assert.notEqual(last, now, `no difference: ${about}`);
	}

	/** The values that count as those of the last deployment. */
	#bases(path: string, state: State): ReadonlySet<string> {
		return this.#deployed.get(path) ?? new Set([this.#place.leavesOf(state.outputs)[path] ?? ""]);
	}

	/** Paths that a plan compares: keys only where they were declared before. */
	#comparable(declared: Leaves): string[] {
		const fresh = Object.keys(declared).filter((path) => !path.includes("Key"));
		return [...new Set([...this.#deployed.keys(), ...fresh])];
	}

	/** Those of them that are not as state has them. */
	#unseen(state: State, { leaves }: Sight, declared: Leaves): string[] {
		const kept = this.#place.leavesOf(state.outputs);
		return this.#comparable(declared).filter((path) => kept[path] !== leaves[path]);
	}

	#deploy(declared: Leaves, { outputs }: State, isWhole: boolean): void {
		const kept = this.#place.leavesOf(outputs);
		this.#deployed = new Map(
			Object.entries(declared).map(([path, value]) => [
				path,
				new Set(isWhole ? [value] : [value, kept[path] ?? ""]),
			]),
		);
	}

	#equal({ id, outputs }: State, sight: Sight): void {
		assert.equal(this.#place.incarnationOf(id, outputs), sight.incarnation, "state knows the incarnation");
		assert.equal(outputs["etag"], sight.etag, "state has the etag");
		assert.deepEqual(this.#place.leavesOf(outputs), sight.leaves, "state has the values");
	}

	/** The object of the state; one with another id of its own is none. */
	#known(state: State): Sight | undefined {
		const sight = this.#place.view();
		const isOther = this.#place.ids === "given" && sight?.incarnation !== this.#incarnation(state);
		return isOther ? undefined : sight;
	}

	#incarnation({ id, outputs }: State): string {
		return this.#place.incarnationOf(id, outputs);
	}

	#shown(path: string, value: string | undefined): string {
		return this.#place.shown(path, value ?? "");
	}
}

/** What a plan compares. */
interface Compared {
	readonly sight: Sight;
	readonly state: State;
	readonly declared: Leaves;
	readonly onDrift: "reconcile" | "fail";
	readonly isAnother: boolean;
}

function isSame(one: Sight | undefined, other: Sight | undefined): boolean {
	const content = (sight: Sight | undefined) => JSON.stringify([sight?.incarnation, sight?.leaves]);
	return content(one) === content(other);
}

function why(outcome: Outcome<unknown>): string {
	return "error" in outcome ? outcome.error.message : JSON.stringify([outcome.result, ...outcome.said]);
}
