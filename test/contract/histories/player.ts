import assert from "node:assert/strict";
import type { Plan } from "../engine/resource.ts";
import { Judge, type Outcome } from "./judge.ts";
import { Operation } from "./operation.ts";
import type { Place, Sight } from "./place.ts";
import { playSteps, Stage } from "./stage.ts";
import type { History, Mishap, Outside, Program, Step } from "./step.ts";

const HOUR = 3_600_000;

/** Plays a history on a place that is empty; fails where a promise is broken. */
export async function play(place: Place, { program, steps }: History): Promise<void> {
	await playSteps(new Player(place, program), steps);
}

/** The engine, the program and the object of one history. */
class Player {
	readonly #place: Place;
	readonly #judge: Judge;
	readonly #stage: Stage<Operation, Mishap>;
	#program: Program;
	#onDrift: "reconcile" | "fail" = "reconcile";

	constructor(place: Place, program: Program) {
		this.#place = place;
		this.#judge = new Judge(place);
		this.#program = program;
		this.#stage = new Stage({
			open: (around) => place.open(around),
			operation: (mishap?: Mishap) => new Operation(place, mishap),
		});
	}

	async take(step: Step): Promise<void> {
		switch (step.do) {
			case "declare":
				this.#program = { ...this.#program, [step.knob]: step.value };
				break;
			case "onDrift":
				this.#onDrift = step.policy;
				break;
			case "outside":
				this.#place.meddle(step.outside);
				break;
			case "wait":
				this.#place.pass(HOUR);
				break;
			case "preview":
				await this.#preview();
				break;
			case "up":
				await this.#up(step);
				break;
			case "refresh":
				if (this.#stage.resource.state !== undefined) await this.#refresh(this.#stage.begin(step.mishap));
				break;
			default:
				await this.#destroy(step.mishap);
		}
		await this.#inspect();
		this.#stage.assertDiscreet(this.#place.secrets());
	}

	/** In the end one or two quiet runs make everything as declared, and another one takes it away. */
	async conclude(): Promise<void> {
		this.#onDrift = "reconcile";
		for (let runs = 0; runs < 2; runs++) {
			const adopt = this.#place.view() !== undefined;
			await this.#up({ do: "up", adopt });
		}
		const sight = this.#place.view();
		assert.ok(sight, "in the end the object is there");
		this.#judge.holds(sight, this.#program);
		const plan = await this.#plan({});
		assert.ok("result" in plan, "in the end a plan succeeds");
		assert.equal(plan.result.step, "same", "in the end there is nothing to do");
		await this.#destroy(undefined);
		assert.equal(this.#place.view(), undefined, "in the end the object can be taken away");
		this.#stage.assertDiscreet(this.#place.secrets());
	}

	async #preview(): Promise<void> {
		this.#stage.begin();
		await this.#plan({});
	}

	async #plan({ adopt = false }: { adopt?: boolean | undefined }): Promise<Outcome<Plan>> {
		const operation = this.#stage.goOn();
		const declared = { ...this.#place.inputsOf(this.#program), onDrift: this.#onDrift, adopt };
		const state = this.#stage.resource.state;
		const outcome = await this.#stage.attempt(operation, () => this.#stage.resource.plan(declared));
		assert.equal(operation.writes.length, 0, "a plan writes nothing");
		this.#judge.plan(outcome, {
			state,
			program: this.#program,
			onDrift: this.#onDrift,
		});
		return outcome;
	}

	async #up({ refresh, adopt, between, mishap }: Extract<Step, { do: "up" }>): Promise<void> {
		const first = this.#stage.begin();
		if (refresh && this.#stage.resource.state !== undefined && !(await this.#refresh(first))) return;
		const plan = await this.#plan({ adopt });
		if ("error" in plan) return;
		const planned = this.#place.view();
		if (between !== undefined) this.#place.meddle(between);
		await this.#apply(plan.result, { planned, adopt: adopt === true, between, mishap });
	}

	async #apply(
		plan: Plan,
		scene: {
			planned: Sight | undefined;
			adopt: boolean;
			between: Outside | undefined;
			mishap: Mishap | undefined;
		},
	): Promise<void> {
		const operation = this.#stage.goOn(scene.mishap);
		const { state } = this.#stage.resource;
		const before = this.#place.view();
		const outcome = await this.#stage.attempt(operation, () => plan.apply());
		const after = this.#stage.resource.state;
		const { planned, adopt } = scene;
		this.#judge.apply(outcome, {
			...{ step: plan.step, operation, planned, adopt, before, program: this.#program },
			...{ state, after, onDrift: this.#onDrift },
		});
	}

	async #refresh(operation: Operation): Promise<boolean> {
		const state = this.#stage.resource.known;
		const outcome = await this.#stage.attempt(operation, () => this.#stage.resource.refresh());
		this.#judge.refresh(outcome, { operation, state, after: this.#stage.resource.state });
		return "result" in outcome;
	}

	async #destroy(mishap: Mishap | undefined): Promise<void> {
		const { state } = this.#stage.resource;
		if (state === undefined) return;
		const operation = this.#stage.begin(mishap);
		const before = this.#place.view();
		const outcome = await this.#stage.attempt(operation, () => this.#stage.resource.destroy());
		this.#judge.destroy(outcome, { operation, state, before, after: this.#stage.resource.state });
	}

	/** A report, which must tell what is so whatever happened. */
	async #inspect(): Promise<void> {
		const { state } = this.#stage.resource;
		if (state === undefined) return;
		this.#stage.begin();
		const finding = await this.#stage.process.inspect(state.id, state.outputs, { how: "exactly" });
		this.#judge.inspect(finding, state);
	}
}
