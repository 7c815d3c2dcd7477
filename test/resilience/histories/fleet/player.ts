import assert from "node:assert/strict";
import { Commands } from "../commands.ts";
import { playSteps, Stage } from "../stage.ts";
import { Judge } from "./judge.ts";
import type { Fleet, FleetPlace } from "./place.ts";
import type { Device, History, Program, Step } from "./step.ts";

/** Plays a history on an empty hub; fails if a promise is broken. */
export async function playFleetHistory(place: FleetPlace, { program, steps }: History): Promise<void> {
	await playSteps(new Player(place, program), steps);
}

/** The program and the fleet of one history. */
class Player {
	readonly #place: FleetPlace;
	readonly #judge: Judge;
	readonly #stage: Stage<Fleet["sight"]>;
	readonly #commands: Commands<Fleet>;

	constructor(place: FleetPlace, program: Program) {
		this.#place = place;
		this.#judge = new Judge(place);
		this.#stage = new Stage(place);
		this.#commands = new Commands({ place, judge: this.#judge, stage: this.#stage, program });
	}

	async take(step: Step): Promise<void> {
		if (step.do === "declare") this.#declare(step.id, { [step.knob]: step.value });
		else if (step.do === "add") this.#add(step.id);
		else if (step.do === "drop") this.#drop(step.id);
		else if (step.do === "wait") this.#place.pass(step.hours);
		else await this.#commands.take(step);
		await this.#commands.inspect();
	}

	/**
	 * Concludes the history: an undisturbed run, after a refresh if needed, deploys everything as declared, and another
	 * deletes it.
	 */
	async conclude(): Promise<void> {
		this.#commands.onDrift = "reconcile";
		await this.#commands.up({ adopt: true });
		await this.#commands.up({ adopt: true, refresh: true });
		const { program } = this.#commands;
		this.#judge.converged(program, this.#stage.resource.state);
		this.#stage.begin();
		await this.#commands.assertDone(true);
		const strangers = [...this.#place.view()].filter(([id]) => program[id] === undefined);
		await this.#commands.destroy();
		assert.equal(this.#stage.resource.state, undefined, "the fleet can be deleted in the end");
		assert.deepEqual([...this.#place.view()], strangers, "devices of others are unchanged");
		this.#commands.assertDiscreet();
	}

	#add(id: string): void {
		const { program } = this.#commands;
		this.#commands.program = { ...program, [id]: { ...program[id] } };
	}

	#drop(dropped: string): void {
		const left = Object.entries(this.#commands.program).filter(([id]) => id !== dropped);
		this.#commands.program = Object.fromEntries(left);
	}

	#declare(id: string, said: Device): void {
		const { program } = this.#commands;
		if (program[id] !== undefined) this.#commands.program = { ...program, [id]: { ...program[id], ...said } };
	}
}
