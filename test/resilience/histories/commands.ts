import assert from "node:assert/strict";
import type { Plan } from "../../contract/harness/resource.ts";
import type { Values } from "../../contract/subject/subject.ts";
import type { Operation } from "./operation.ts";
import type { Judging, Outcome, Terms } from "./scenes.ts";
import type { Stage } from "./stage.ts";
import type { Command, Mishap, OnDrift, Up } from "./steps.ts";

/** What the commands of a history need of the place where it is played. */
interface Scenery<Kind extends Terms> {
	/** The service as it is. */
	view(): Kind["view"];
	/** What the resource declares for this program. */
	inputsOf(program: Kind["program"]): Values;
	/** Does what somebody else does. */
	changeElsewhere(outside: Kind["outside"]): void;
	/** What must never be said. */
	secrets(): readonly string[];
}

/** The people and things that the commands of one history deal with. */
interface Cast<Kind extends Terms> {
	readonly place: Scenery<Kind>;
	readonly judge: Judging<Kind>;
	readonly stage: Stage<Kind["sight"]>;
	readonly program: Kind["program"];
}

/** Pulumi's commands in one history: each is carried out, and judged. */
export class Commands<Kind extends Terms> {
	/** What is declared. */
	program: Kind["program"];
	onDrift: OnDrift = "reconcile";
	readonly #place: Scenery<Kind>;
	readonly #judge: Judging<Kind>;
	readonly #stage: Stage<Kind["sight"]>;

	constructor({ place, judge, stage, program }: Cast<Kind>) {
		this.#place = place;
		this.#judge = judge;
		this.#stage = stage;
		this.program = program;
	}

	/** Takes a step that every history knows. */
	async take(step: Command<Kind["outside"]>): Promise<void> {
		switch (step.do) {
			case "onDrift":
				this.onDrift = step.policy;
				break;
			case "outside":
				this.#place.changeElsewhere(step.outside);
				break;
			case "preview":
				this.#stage.begin();
				await this.#plan();
				break;
			case "up":
				await this.up(step);
				break;
			case "refresh":
				if (this.#stage.resource.state !== undefined) await this.#refresh(this.#stage.begin(step.mishap));
				break;
			default:
				await this.destroy(step.mishap);
		}
	}

	/** A plan, and unless it fails its application. */
	async up({ refresh, adopt, between, mishap }: Omit<Up<Kind["outside"]>, "do">): Promise<void> {
		const first = this.#stage.begin();
		if (refresh && this.#stage.resource.state !== undefined && !(await this.#refresh(first))) return;
		const plan = await this.#plan(adopt);
		if ("error" in plan) return;
		const planned = this.#place.view();
		if (between !== undefined) this.#place.changeElsewhere(between);
		await this.#apply(plan.result, { planned, adopt: adopt === true, mishap });
	}

	/** Takes away what is deployed, if anything is. */
	async destroy(mishap?: Mishap): Promise<void> {
		const { state } = this.#stage.resource;
		if (state === undefined) return;
		const operation = this.#stage.begin(mishap);
		const before = this.#place.view();
		const outcome = await this.#stage.attempt(operation, () => this.#stage.resource.destroy());
		this.#judge.destroy(outcome, { operation, state, before, after: this.#stage.resource.state });
	}

	/** A plan in the end, which finds nothing to do. */
	async assertDone(adopt?: boolean): Promise<void> {
		const plan = await this.#plan(adopt);
		assert.ok("result" in plan, "in the end a plan succeeds");
		assert.equal(plan.result.step, "same", "in the end there is nothing to do");
	}

	/** A report, which must tell what is so whatever happened; and nothing that was said so far tells a secret. */
	async inspect(): Promise<void> {
		const { state } = this.#stage.resource;
		if (state !== undefined) {
			this.#stage.begin();
			const finding = await this.#stage.process.inspectResource(state.id, state.outputs, {
				consistency: "strong",
			});
			this.#judge.inspect(finding, state);
		}
		this.assertDiscreet();
	}

	/** Nothing that was said so far tells a secret. */
	assertDiscreet(): void {
		this.#stage.assertDiscreet(this.#place.secrets());
	}

	async #plan(adopt = false): Promise<Outcome<Plan>> {
		const operation = this.#stage.goOn();
		const { program, onDrift } = this;
		const declared = { ...this.#place.inputsOf(program), onDrift, adopt };
		const { state } = this.#stage.resource;
		const outcome = await this.#stage.attempt(operation, () => this.#stage.resource.plan(declared));
		assert.deepEqual(operation.writes, [], "a plan writes nothing");
		this.#judge.plan(outcome, { state, program, onDrift, adopt });
		return outcome;
	}

	async #apply(
		plan: Plan,
		scene: { planned: Kind["view"]; adopt: boolean; mishap: Mishap | undefined },
	): Promise<void> {
		const { planned, adopt, mishap } = scene;
		const operation = this.#stage.goOn(mishap);
		const { state } = this.#stage.resource;
		const before = this.#place.view();
		const outcome = await this.#stage.attempt(operation, () => plan.apply());
		const { program, onDrift } = this;
		this.#judge.apply(outcome, {
			...{ step: plan.step, operation, planned, adopt, before, program, onDrift },
			...{ state, after: this.#stage.resource.state },
		});
	}

	async #refresh(operation: Operation<Kind["sight"]>): Promise<boolean> {
		const state = this.#stage.resource.known;
		const outcome = await this.#stage.attempt(operation, () => this.#stage.resource.refresh());
		this.#judge.refresh(outcome, { operation, state, after: this.#stage.resource.state });
		return "result" in outcome;
	}
}
