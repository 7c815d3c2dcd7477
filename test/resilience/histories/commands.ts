import assert from "node:assert/strict";
import type { Plan, State } from "../../contract/harness/resource.ts";
import type { Values } from "../../contract/subject/subject.ts";
import type { Operation } from "./operation.ts";
import type { Tenants } from "./place.ts";
import type { Judging, Outcome, Terms } from "./scenes.ts";
import type { Stage } from "./stage.ts";
import type { ForeignCommand } from "./step.ts";
import type { Command, Mishap, OnDrift, Up } from "./steps.ts";

/** The parts of a place that the commands of a history need. */
interface Scenery<Kind extends Terms> {
	/** Returns the service's current objects. */
	view(): Kind["view"];
	/** Returns the inputs that the resource declares for this program. */
	inputsOf(program: Kind["program"]): Values;
	/** Carries out a change by somebody else. */
	changeElsewhere(outside: Kind["outside"]): void;
	/** Lists the texts that must never be printed. */
	secrets(): readonly string[];
}

/** The objects that the commands of one history work with. */
interface Cast<Kind extends Terms> {
	readonly place: Scenery<Kind>;
	readonly judge: Judging<Kind>;
	readonly stage: Stage<Kind["sight"]>;
	readonly program: Kind["program"];
}

/** Carries out and judges Pulumi's commands in one history. */
export class Commands<Kind extends Terms> {
	/** The current program. */
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

	/** Carries out a step that every history has. */
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

	/** Plans, and applies the plan unless it failed. */
	async up({ refresh, adopt, between, mishap }: Omit<Up<Kind["outside"]>, "do">): Promise<void> {
		const first = this.#stage.begin();
		if (refresh && this.#stage.resource.state !== undefined && !(await this.#refresh(first))) return;
		const plan = await this.#plan(adopt);
		if ("error" in plan) return;
		const planned = this.#place.view();
		if (between !== undefined) this.#place.changeElsewhere(between);
		await this.#apply(plan.result, { planned, adopt: adopt === true, mishap });
	}

	/** Deletes what is deployed, if anything is. */
	async destroy(mishap?: Mishap): Promise<void> {
		const { state } = this.#stage.resource;
		if (state === undefined) return;
		const operation = this.#stage.begin(mishap);
		const before = this.#place.view();
		const outcome = await this.#stage.attempt(operation, () => this.#stage.resource.destroy());
		this.#judge.destroy(outcome, { operation, state, before, after: this.#stage.resource.state });
	}

	/** Asserts that state records its tenant, if there is state. */
	assertTenantRecorded({ ownId }: Tenants): void {
		const { state } = this.#stage.resource;
		if (state !== undefined) assert.equal(state.outputs["tenantId"], ownId, "the tenant in state");
	}

	/**
	 * Runs a command with tokens of another tenant. Asserts that it stops before its first request and leaves state as it is, if state
	 * records its tenant: opaque tokens leave no record.
	 */
	async assertRefusedElsewhere(command: ForeignCommand, tenants: Tenants): Promise<void> {
		const { state } = this.#stage.resource;
		if (state === undefined || state.outputs["tenantId"] === undefined) return;
		assert.equal(state.outputs["tenantId"], tenants.ownId, "the tenant in state");
		const operation = this.#stage.begin();
		const outcome = await this.#stage.attempt(operation, () => this.#runForeign(command, state));
		assert.ok("error" in outcome, `${command} in another tenant succeeded`);
		assert.match(outcome.error.message, RegExp(`belong to the Entra tenant ${tenants.ownId}`));
		assert.deepEqual(outcome.said, [], `${command} in another tenant reports something`);
		assert.equal(operation.requests, 0, `${command} in another tenant sends requests`);
		assert.equal(tenants.countElsewhere(), 0, `${command} in another tenant writes`);
		assert.deepEqual(this.#stage.resource.state, state, `${command} in another tenant changes state`);
	}

	async #runForeign(command: ForeignCommand, { id, outputs }: State): Promise<unknown> {
		const { resource, process } = this.#stage;
		const declared = { ...this.#place.inputsOf(this.program), onDrift: this.onDrift };
		switch (command) {
			case "preview":
				return resource.plan(declared);
			case "up":
				return resource.up(declared);
			case "refresh":
				return resource.refresh();
			case "destroy":
				return resource.destroy();
			default:
				return process.inspectResource(id, outputs, { consistency: "eventual" });
		}
	}

	/** Asserts that a final plan has nothing to do. */
	async assertDone(adopt?: boolean): Promise<void> {
		const plan = await this.#plan(adopt);
		assert.ok("result" in plan, "the final plan succeeds");
		assert.equal(plan.result.step, "same", "the final plan has nothing to do");
	}

	/**
	 * Asserts that a report matches the service whatever happened, and that nothing printed so far contains a secret.
	 */
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

	/** Asserts that nothing printed so far contains a secret. */
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
