import assert from "node:assert/strict";
import type { Lifecycle } from "../../../../provider/lifecycle/lifecycle.ts";
import { type Plan, Resource } from "../../engine/resource.ts";
import { leaksIn } from "../../engine/secrets.ts";
import { Words } from "../../engine/words.ts";
import type { Outcome } from "../judge.ts";
import { Judge } from "./judge.ts";
import { Operation } from "./operation.ts";
import { type FleetPlace, inputsOf, type View } from "./place.ts";
import type { History, Mishap, Outside, Program, Step } from "./step.ts";

/** Plays a history on a hub that is empty; fails where a promise is broken. */
export async function play(place: FleetPlace, { program, steps }: History): Promise<void> {
	const player = new Player(place, program);
	for (const [at, step] of steps.entries()) {
		try {
			await player.take(step);
		} catch (error) {
			if (error instanceof Error) error.message = `at step ${at + 1}: ${error.message}`;
			throw error;
		}
	}
	await player.conclude();
}

/** The engine, the program and the fleet of one history. */
class Player {
	readonly #place: FleetPlace;
	readonly #judge: Judge;
	readonly #words = new Words();
	readonly #resource: Resource;
	#program: Program;
	#onDrift: "reconcile" | "fail" = "reconcile";
	#process: Lifecycle;
	/** What that process is at. One that died goes on with nothing. */
	#at: { operation: Operation };

	constructor(place: FleetPlace, program: Program) {
		this.#place = place;
		this.#judge = new Judge(place);
		this.#program = program;
		this.#at = { operation: new Operation(place) };
		this.#process = this.#open();
		this.#resource = new Resource(() => this.#process);
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
				this.#begin();
				await this.#plan({});
				break;
			case "up":
				await this.#up(step);
				break;
			case "refresh":
				if (this.#resource.state !== undefined) await this.#refresh(this.#begin(step.mishap));
				break;
			default:
				await this.#destroy(step.mishap);
		}
		await this.#inspect();
		this.#checkWords();
	}

	/** In the end a quiet run, after a refresh if need be, makes everything as declared, and another takes it away. */
	async conclude(): Promise<void> {
		this.#onDrift = "reconcile";
		await this.#up({ do: "up", adopt: true });
		await this.#up({ do: "up", adopt: true, refresh: true });
		this.#judge.converged(this.#program, this.#resource.state);
		this.#begin();
		const plan = await this.#plan({ adopt: true });
		assert.ok("result" in plan, "in the end a plan succeeds");
		assert.equal(plan.result.step, "same", "in the end there is nothing to do");
		const strangers = [...this.#place.view()].filter(([id]) => this.#program[id] === undefined);
		await this.#destroy(undefined);
		assert.equal(this.#resource.state, undefined, "in the end the fleet can be taken away");
		assert.deepEqual([...this.#place.view()], strangers, "what is not ours is as it was");
		this.#checkWords();
	}

	#declare(id: string, said: Program[string]): void {
		this.#program = { ...this.#program, [id]: { ...this.#program[id], ...said } };
	}

	#open(): Lifecycle {
		const at = this.#at;
		const network = (request: Parameters<Operation["send"]>[0]) => at.operation.send(request);
		return this.#words.listenTo(this.#place.open({ network, say: this.#words.say }));
	}

	/** Begins an operation in a process of its own. */
	#begin(mishap?: Mishap): Operation {
		this.#at = { operation: new Operation(this.#place, mishap) };
		this.#process = this.#open();
		return this.#at.operation;
	}

	/** Goes on with another operation in the same process. */
	#goOn(mishap?: Mishap): Operation {
		this.#at.operation = new Operation(this.#place, mishap);
		return this.#at.operation;
	}

	async #attempt<Result>(operation: Operation, work: () => Promise<Result>): Promise<Outcome<Result>> {
		const before = this.#words.said.length;
		const outcome = await operation.run(work).then(
			(result) => ({ result }),
			(error: unknown) => ({ error: error instanceof Error ? error : new Error(String(error)) }),
		);
		return { ...outcome, said: this.#words.said.slice(before) };
	}

	async #plan({ adopt = false }: { adopt?: boolean | undefined }): Promise<Outcome<Plan>> {
		const operation = this.#goOn();
		const declared = { ...inputsOf(this.#program), onDrift: this.#onDrift, adopt };
		const { state } = this.#resource;
		const outcome = await this.#attempt(operation, () => this.#resource.plan(declared));
		assert.deepEqual(operation.writes, [], "a plan writes nothing");
		this.#judge.plan(outcome, { state, program: this.#program, onDrift: this.#onDrift, adopt });
		return outcome;
	}

	async #up({ refresh, adopt, between, mishap }: Extract<Step, { do: "up" }>): Promise<void> {
		const first = this.#begin();
		if (refresh && this.#resource.state !== undefined && !(await this.#refresh(first))) return;
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
		const operation = this.#goOn(scene.mishap);
		const { state } = this.#resource;
		const before = this.#place.view();
		const outcome = await this.#attempt(operation, () => plan.apply());
		const { planned, adopt } = scene;
		this.#judge.apply(outcome, {
			...{ step: plan.step, operation, planned, adopt, before, program: this.#program },
			...{ state, after: this.#resource.state, onDrift: this.#onDrift },
		});
	}

	async #refresh(operation: Operation): Promise<boolean> {
		const state = this.#resource.known;
		const outcome = await this.#attempt(operation, () => this.#resource.refresh());
		this.#judge.refresh(outcome, { operation, state, after: this.#resource.state });
		return "result" in outcome;
	}

	async #destroy(mishap: Mishap | undefined): Promise<void> {
		const { state } = this.#resource;
		if (state === undefined) return;
		const operation = this.#begin(mishap);
		const before = this.#place.view();
		const outcome = await this.#attempt(operation, () => this.#resource.destroy());
		this.#judge.destroy(outcome, { operation, state, before, after: this.#resource.state });
	}

	/** A report, which must tell what is so whatever happened. */
	async #inspect(): Promise<void> {
		const { state } = this.#resource;
		if (state === undefined) return;
		this.#begin();
		this.#judge.inspect(await this.#process.inspect(state.id, state.outputs, { how: "exactly" }), state);
	}

	#checkWords(): void {
		const secrets = this.#place.secrets();
		assert.deepEqual(
			this.#words.all().flatMap((text) => leaksIn(text, secrets)),
			[],
		);
	}
}
