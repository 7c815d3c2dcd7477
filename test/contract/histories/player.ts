import assert from "node:assert/strict";
import type { Lifecycle } from "../../../provider/lifecycle/lifecycle.ts";
import { type Plan, Resource } from "../engine/resource.ts";
import { leaksIn } from "../engine/secrets.ts";
import { Words } from "../engine/words.ts";
import { Judge, type Outcome } from "./judge.ts";
import { Operation } from "./operation.ts";
import type { Place, Sight } from "./place.ts";
import type { History, Mishap, Outside, Program, Step } from "./step.ts";

const HOUR = 3_600_000;

/** Plays a history on a place that is empty; fails where a promise is broken. */
export async function play(place: Place, { program, steps }: History): Promise<void> {
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

/** The engine, the program and the object of one history. */
class Player {
	readonly #place: Place;
	readonly #judge: Judge;
	readonly #words = new Words();
	readonly #resource: Resource;
	#program: Program;
	#onDrift: "reconcile" | "fail" = "reconcile";
	#operation: Operation;
	#process: Lifecycle;

	constructor(place: Place, program: Program) {
		this.#place = place;
		this.#judge = new Judge(place);
		this.#program = program;
		this.#operation = new Operation(place);
		this.#process = this.#open();
		this.#resource = new Resource(() => this.#process);
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
				if (this.#resource.state !== undefined) await this.#refresh(this.#begin(step.mishap));
				break;
			default:
				await this.#destroy(step.mishap);
		}
		await this.#inspect();
		this.#checkWords();
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
		this.#checkWords();
	}

	#open(): Lifecycle {
		const network = (request: Parameters<Operation["send"]>[0]) => this.#operation.send(request);
		return this.#words.listenTo(this.#place.open({ network, say: this.#words.say }));
	}

	/** Begins an operation in a process of its own. */
	#begin(mishap?: Mishap): Operation {
		this.#operation = new Operation(this.#place, mishap);
		this.#process = this.#open();
		return this.#operation;
	}

	/** Goes on with another operation in the same process. */
	#goOn(mishap?: Mishap): Operation {
		this.#operation = new Operation(this.#place, mishap);
		return this.#operation;
	}

	async #attempt<Result>(operation: Operation, work: () => Promise<Result>): Promise<Outcome<Result>> {
		const before = this.#words.said.length;
		const outcome = await operation.run(work).then(
			(result) => ({ result }),
			(error: unknown) => ({ error: error instanceof Error ? error : new Error(String(error)) }),
		);
		return { ...outcome, said: this.#words.said.slice(before) };
	}

	async #preview(): Promise<void> {
		this.#begin();
		await this.#plan({});
	}

	async #plan({ adopt = false }: { adopt?: boolean | undefined }): Promise<Outcome<Plan>> {
		const operation = this.#goOn();
		const declared = { ...this.#place.inputsOf(this.#program), onDrift: this.#onDrift, adopt };
		const state = this.#resource.state;
		const outcome = await this.#attempt(operation, () => this.#resource.plan(declared));
		assert.equal(operation.writes.length, 0, "a plan writes nothing");
		this.#judge.plan(outcome, {
			state,
			program: this.#program,
			onDrift: this.#onDrift,
		});
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
			planned: Sight | undefined;
			adopt: boolean;
			between: Outside | undefined;
			mishap: Mishap | undefined;
		},
	): Promise<void> {
		const operation = this.#goOn(scene.mishap);
		const { state } = this.#resource;
		const before = this.#place.view();
		const outcome = await this.#attempt(operation, () => plan.apply());
		const after = this.#resource.state;
		const { planned, adopt } = scene;
		this.#judge.apply(outcome, {
			...{ step: plan.step, operation, planned, adopt, before, program: this.#program },
			...{ state, after, onDrift: this.#onDrift },
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
		const finding = await this.#process.inspect(state.id, state.outputs, { how: "exactly" });
		this.#judge.inspect(finding, state);
	}

	#checkWords(): void {
		const secrets = this.#place.secrets();
		assert.deepEqual(
			this.#words.all().flatMap((text) => leaksIn(text, secrets)),
			[],
		);
	}
}
