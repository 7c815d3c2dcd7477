import assert from "node:assert/strict";
import type { Plan } from "../../engine/resource.ts";
import type { Outcome } from "../judge.ts";
import { playSteps, Stage } from "../stage.ts";
import { Judge } from "./judge.ts";
import { Operation } from "./operation.ts";
import { type FleetPlace, inputsOf, type View } from "./place.ts";
import type { History, Mishap, Outside, Program, Step } from "./step.ts";

/** Plays a history on a hub that is empty; fails where a promise is broken. */
export async function play(place: FleetPlace, { program, steps }: History): Promise<void> {
	await playSteps(new Player(place, program), steps);
}

/** The engine, the program and the fleet of one history. */
class Player {
	readonly #place: FleetPlace;
	readonly #judge: Judge;
	readonly #stage: Stage<Operation, Mishap>;
	#program: Program;
	#onDrift: "reconcile" | "fail" = "reconcile";

	constructor(place: FleetPlace, program: Program) {
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
				if (this.#program[step.id] !== undefined) this.#declare(step.id, { [step.knob]: step.value });
				break;
			case "add":
				this.#declare(step.id, {});
				break;
			case "drop":
				this.#program = Object.fromEntries(Object.entries(this.#program).filter(([id]) => id !== step.id));
				break;
			case "onDrift":
				this.#onDrift = step.policy;
				break;
			case "outside":
				this.#place.meddle(step.outside);
				break;
			case "wait":
				this.#place.pass(step.hours);
				break;
			case "preview":
				this.#stage.begin();
				await this.#plan({});
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

	/** In the end a quiet run, after a refresh if need be, makes everything as declared, and another takes it away. */
	async conclude(): Promise<void> {
		this.#onDrift = "reconcile";
		await this.#up({ do: "up", adopt: true });
		await this.#up({ do: "up", adopt: true, refresh: true });
		this.#judge.converged(this.#program, this.#stage.resource.state);
		this.#stage.begin();
		const plan = await this.#plan({ adopt: true });
		assert.ok("result" in plan, "in the end a plan succeeds");
		assert.equal(plan.result.step, "same", "in the end there is nothing to do");
		const strangers = [...this.#place.view()].filter(([id]) => this.#program[id] === undefined);
		await this.#destroy(undefined);
		assert.equal(this.#stage.resource.state, undefined, "in the end the fleet can be taken away");
		assert.deepEqual([...this.#place.view()], strangers, "what is not ours is as it was");
		this.#stage.assertDiscreet(this.#place.secrets());
	}

	#declare(id: string, said: Program[string]): void {
		this.#program = { ...this.#program, [id]: { ...this.#program[id], ...said } };
	}

	async #plan({ adopt = false }: { adopt?: boolean | undefined }): Promise<Outcome<Plan>> {
		const operation = this.#stage.goOn();
		const declared = { ...inputsOf(this.#program), onDrift: this.#onDrift, adopt };
		const { state } = this.#stage.resource;
		const outcome = await this.#stage.attempt(operation, () => this.#stage.resource.plan(declared));
		assert.deepEqual(operation.writes, [], "a plan writes nothing");
		this.#judge.plan(outcome, { state, program: this.#program, onDrift: this.#onDrift, adopt });
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
			planned: View;
			adopt: boolean;
			between: Outside | undefined;
			mishap: Mishap | undefined;
		},
	): Promise<void> {
		const operation = this.#stage.goOn(scene.mishap);
		const { state } = this.#stage.resource;
		const before = this.#place.view();
		const outcome = await this.#stage.attempt(operation, () => plan.apply());
		const { planned, adopt } = scene;
		this.#judge.apply(outcome, {
			...{ step: plan.step, operation, planned, adopt, before, program: this.#program },
			...{ state, after: this.#stage.resource.state, onDrift: this.#onDrift },
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
		this.#judge.inspect(
			await this.#stage.process.inspect(state.id, state.outputs, { how: "exactly" }),
			state,
		);
	}
}
