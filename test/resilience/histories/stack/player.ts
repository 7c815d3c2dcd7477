import assert from "node:assert/strict";
import type { SendRequest } from "../../../../provider/http/pipeline.ts";
import { ORIGIN_INPUT, RECORD_OUTPUT } from "../../../../provider/stateKeys.ts";
import { findLeaks, MessageRecorder } from "../../../contract/harness/messages.ts";
import { Operation } from "../operation.ts";
import { playSteps } from "../stage.ts";
import type { Mishap } from "../steps.ts";
import { type Ending, Engine, type Work } from "./engine.ts";
import { Judge, type Scene } from "./judge.ts";
import { IN_TURN, splitCircularMoves } from "./order.ts";
import { Hub, type Process, type Sight } from "./place.ts";
import { type Entry, listHeld } from "./records.ts";
import {
	applyEdit,
	type Edit,
	type History,
	type Options,
	type Outside,
	omitDevice,
	type Program,
	type StackName,
	type Step,
} from "./step.ts";

/** The number of undisturbed runs after which everything must be as declared. */
const RUNS = 3;

/** Plays a history of two stacks on an empty hub; fails if a promise is broken. */
export async function playStackHistory({ program, steps }: History): Promise<void> {
	await playSteps(new Player(program), steps);
}

/** A program and its state. */
interface Stack {
	program: Program;
	entries: Entry[];
}

/** Two stacks, and everybody else, on one hub. */
class Player {
	readonly #hub = new Hub();
	readonly #judge = new Judge(this.#hub);
	readonly #words = new MessageRecorder();
	readonly #stacks: Readonly<Record<StackName, Stack>>;

	constructor(programs: Readonly<Record<StackName, readonly Edit[]>>) {
		const open = (edits: readonly Edit[]): Stack => ({ program: edits.reduce(applyEdit, []), entries: [] });
		this.#stacks = { main: open(programs.main), other: open(programs.other) };
	}

	async take({ stack = "main", ...step }: Step): Promise<void> {
		if (step.do === "edit") this.#stacks[stack].program = applyEdit(this.#stacks[stack].program, step);
		else if (step.do === "outside") this.#changeElsewhere(step.outside);
		else if (step.do === "age") removeRecords(this.#stacks[stack]);
		else if (step.do === "preview") await this.#preview(stack, step);
		else if (step.do === "up") await this.#up(stack, step);
		else await this.#run(stack, step.do, step);
	}

	/** Concludes the history: a few undisturbed runs deploy everything as declared, and another deletes it. */
	async conclude(): Promise<void> {
		for (const name of ["main", "other"] as const) {
			await this.#settle(name);
			const { program, entries } = this.#stacks[name];
			this.#judge.assertDone(name, program, entries);
			const ending = await this.#run(name, "destroy", {});
			assert.deepEqual(ending?.errors, [], `${name} can be deleted in the end`);
			assert.deepEqual(entries, [], `${name} has nothing left in the end`);
		}
		const leaks = this.#words.listTexts().flatMap((text) => findLeaks(text, this.#hub.secrets()));
		assert.deepEqual(leaks, []);
	}

	/** Follows the advice of earlier messages, and deploys. */
	async #settle(name: StackName): Promise<void> {
		const stack = this.#stacks[name];
		await this.#run(name, "refresh", {});
		const held = listHeld(stack.entries);
		const isTaken = (id: string, by: string): boolean =>
			this.#hub.see(id) !== undefined && !held.some((each) => each.id === id && each.name === by);
		stack.program = stack.program.map((resource) => ({
			...resource,
			createFirst: undefined,
			adopt: resource.ids.some((id) => isTaken(id, resource.name)) ? true : resource.adopt,
		}));
		const { ordered, stuck } = splitCircularMoves(stack);
		stack.program = ordered;
		if (stuck.length > 0) {
			stack.program = stuck.reduce((program, id) => omitDevice(program, id), ordered);
			await this.#up(name, { pace: IN_TURN });
			stack.program = ordered;
		}
		let ending: Ending | undefined;
		for (let runs = 0; runs < RUNS; runs++) {
			await this.#up(name, { pace: IN_TURN });
			ending = await this.#preview(name, {});
			if (ending?.changes === 0 && ending.errors.length === 0) return;
		}
		assert.fail(`${RUNS} runs were not enough: ${ending?.errors.map(String).join("\n")}`);
	}

	#preview(name: StackName, options: Options): Promise<Ending | undefined> {
		return this.#run(name, "preview", { ...options, mishap: undefined, between: undefined });
	}

	async #up(name: StackName, options: Options): Promise<void> {
		const planned = await this.#preview(name, options);
		if (planned === undefined || planned.errors.length > 0) return;
		const ending = await this.#run(name, "up", options);
		const { program, entries } = this.#stacks[name];
		const isClean = ending?.errors.length === 0 && !ending.hasFailed && options.between === undefined;
		if (isClean && options.targets === undefined) this.#judge.assertDone(name, program, entries);
	}

	async #run(name: StackName, kind: Scene["kind"], options: Options): Promise<Ending | undefined> {
		const { program, entries } = this.#stacks[name];
		const { mishap, between } = options;
		const touched = new Set<string>();
		const isDeath = mishap?.kind === "engine dies";
		const operation = new Operation<Sight>(this.#hub, isDeath ? undefined : (mishap as Mishap | undefined));
		const held = [...listHeld(entries)];
		const before = this.#hub.view();
		const isWhole = entries.every(({ isDoomed, isDeleted }) => !isDoomed && !isDeleted);
		let deathOfEngine: () => void = () => undefined;
		const dead = new Promise<undefined>((resolve) => {
			deathOfEngine = () => resolve(undefined);
		});
		const work: Work = {
			...{ stack: name, program, options, process: this.#open(operation) },
			entries: kind === "preview" ? structuredClone(entries) : entries,
			refresher: this.#open(operation),
			began: () => held.push(...listHeld(work.entries)),
			pause: async (steps, when) => {
				if (when === "before" && between?.at === steps) {
					touched.add(between.outside.id);
					this.#changeElsewhere(between.outside);
				}
				if (when === "after" && isDeath && mishap.at === steps) {
					deathOfEngine();
					await new Promise(() => undefined);
				}
			},
		};
		const engine = new Engine(work, kind === "preview");
		const ending = await operation
			.run(() => Promise.race([dead, this.#operate(engine, kind)]))
			.catch((error: unknown) => {
				if (operation.died) return undefined;
				throw error;
			});
		this.#judge.judge({
			...{ stack: name, kind, program, options, operation, held, isWhole, before, touched, ending },
			entries: work.entries,
		});
		return ending;
	}

	#operate(engine: Engine, kind: Scene["kind"]): Promise<Ending> {
		if (kind === "refresh") return engine.refresh();
		return kind === "destroy" ? engine.destroy() : engine.deploy();
	}

	#open(operation: Operation<Sight>): Process {
		const network: SendRequest = (request) => operation.send(request);
		const { DeviceIdentity, DeviceFleet } = this.#hub.open({ network, say: this.#words.say });
		return {
			DeviceIdentity: this.#words.listenTo(DeviceIdentity),
			DeviceFleet: this.#words.listenTo(DeviceFleet),
		};
	}

	#changeElsewhere(outside: Outside): void {
		const before = this.#hub.view();
		this.#hub.changeElsewhere(outside);
		this.#judge.noteOutside(before);
	}
}

function removeRecords({ entries }: Stack): void {
	for (const entry of entries) {
		const { [RECORD_OUTPUT]: _, ...outputs } = entry.outputs;
		const { [ORIGIN_INPUT]: __, ...inputs } = entry.inputs;
		Object.assign(entry, { inputs, outputs });
	}
}
