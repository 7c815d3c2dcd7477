import type { ResourceProvider } from "../../../provider/resource/resourceProvider.ts";
import { ORIGIN_INPUT } from "../../../provider/stateKeys.ts";
import type { Values } from "../subject/subject.ts";
import { checkInputs, passOverWire, readPartialState, type State } from "./resource.ts";

/** The provider's half of each type of resource in one process. */
export type Lives = Readonly<Record<string, ResourceProvider>>;

/** A resource as a program registers it. */
export interface Registration {
	readonly name: string;
	/** Under which the process has its life. */
	readonly type: string;
	readonly inputs: Values;
	/** The option; the resources' constructors set it where the program does not. Default true. */
	readonly deleteBeforeReplace?: boolean;
}

/** Registrations in their order; each is done with before the next one comes. */
export type Program = readonly Registration[];

/** A record of a resource in state. */
export interface Entry {
	readonly name: string;
	readonly type: string;
	readonly state: State;
	/** `delete`: replaced already, and to be deleted. `replacement`: deleted already, and to be created anew. */
	readonly pending?: "delete" | "replacement";
}

/** How `pulumi up` is called, and what happens to it. */
export interface UpOptions {
	/** Whether it goes on with what a failure does not concern, deletions among it: `--continue-on-error`. */
	readonly continueOnError?: boolean;
	/** Names of resources that are replaced whatever `diff` says: `--replace`. */
	readonly replace?: readonly string[];
	/** Happens between the plan for a resource and its step. */
	planned?(name: string): void;
	/** The step after which the engine is killed: `create a`, `delete a`. */
	readonly killedAfter?: string;
}

/** The engine was killed. */
export class Killed extends Error {
	override readonly name = "Killed";
}

/** One run: its options, its process, and what came of it so far. */
interface Run {
	readonly lives: Lives;
	readonly options: UpOptions;
	readonly isPreview: boolean;
	readonly failures: Error[];
	/** What was done, or in a preview would be: `create a`. */
	readonly steps: string[];
}

/**
 * Several resources on the engine's side, which share the provider process of a run. Registrations are taken in the program's
 * order: check, diff, step; what left the program is deleted after the last one, and so is what an earlier run replaced and did
 * not come to delete; a replacement that deletes first does so at once. A failure ends the run before the next registration,
 * and before the deletions, unless it is to go on (pulumi/pulumi `pkg/resource/deploy`).
 */
export class Stack {
	/** The records in the order in which they were made. */
	entries: readonly Entry[] = [];
	readonly #open: () => Lives;

	/** @param open starts the provider process of one operation */
	constructor(open: () => Lives) {
		this.#open = open;
	}

	/** The record of the resource with this name that is not to be deleted. */
	entry(name: string): Entry | undefined {
		return this.entries.find((entry) => entry.name === name && entry.pending !== "delete");
	}

	/** Plans in a process of its own and answers the steps that are not `same`; of deletions nobody is asked. */
	async preview(program: Program, options: UpOptions = {}): Promise<readonly string[]> {
		return this.#run(program, { ...options, continueOnError: false }, true);
	}

	/** Carries a program out in a process of its own. */
	async up(program: Program, options: UpOptions = {}): Promise<readonly string[]> {
		return this.#run(program, options, false);
	}

	/** Takes the live objects into state. */
	async refresh(): Promise<void> {
		const lives = this.#open();
		for (const entry of this.entries) {
			if (entry.pending === "replacement") continue;
			const { id, inputs, outputs } = entry.state;
			const {
				id: found,
				props,
				inputs: live,
			} = await getProvider(lives, entry).read(id, passOverWire(outputs));
			const state = {
				id: found,
				inputs: passOverWire(live ?? inputs),
				outputs: passOverWire(props),
				initErrors: [],
			};
			this.#put(entry, found === "" ? undefined : { ...entry, state });
		}
	}

	/** Deletes everything, the latest first. */
	async destroy(): Promise<void> {
		await this.up([]);
	}

	async #run(program: Program, options: UpOptions, isPreview: boolean): Promise<readonly string[]> {
		const run: Run = { lives: this.#open(), options, isPreview, failures: [], steps: [] };
		const isStopped = () => run.failures.length > 0 && options.continueOnError !== true;
		for (const registration of program) {
			if (isStopped()) break;
			await this.#attempt(run, () => this.#register(run, registration));
		}
		const left = this.entries.filter(
			({ name, pending }) => pending === "delete" || !program.some((each) => each.name === name),
		);
		for (const entry of [...left].reverse()) {
			if (isStopped()) break;
			await this.#attempt(run, () => this.#step(run, `delete ${entry.name}`, () => this.#delete(run, entry)));
		}
		if (run.failures.length > 0) throw combineFailures(run.failures);
		return run.steps;
	}

	/** Nothing survives a kill, a failure in `check` or `diff` ends the run whatever was asked for, and other failures are kept. */
	async #attempt({ failures }: Run, work: () => Promise<void>): Promise<void> {
		try {
			await work();
		} catch (error) {
			if (error instanceof Fatal) throw combineFailures([...failures, error.reason]);
			if (!(error instanceof Error) || error instanceof Killed) throw error;
			failures.push(error);
		}
	}

	/** Does one step, unless it is only previewed. */
	async #step({ steps, isPreview, options }: Run, name: string, work: () => Promise<void>): Promise<void> {
		steps.push(name);
		if (isPreview) return;
		await work();
		if (options.killedAfter === name) throw new Killed(`Killed after: ${name}`);
	}

	async #register(run: Run, registration: Registration): Promise<void> {
		const { name, type } = registration;
		const declared = { ...registration.inputs, [ORIGIN_INPUT]: `organization/project/test/${type}/${name}` };
		const life = getProvider(run.lives, registration);
		const old = this.entry(name);
		const isForced = old !== undefined && run.options.replace?.includes(name) === true;
		// One that is replaced by name is checked like a new one.
		const before = isForced ? undefined : old?.state;
		const inputs = await reportPlanFailure(checkInputs(life, { declared, state: before }));
		const create = (last?: Entry) =>
			this.#step(run, `create ${name}`, () => this.#create(life, { name, type, inputs, last }));
		if (old === undefined) {
			run.options.planned?.(name);
			return create();
		}
		const { id, outputs, initErrors } = old.state;
		const diff = isForced
			? { changes: true, replaces: ["id"], deleteBeforeReplace: false }
			: await reportPlanFailure(life.diff(id, passOverWire(outputs), passOverWire(inputs)));
		const isReplaced = diff.replaces.length > 0 || old.pending === "replacement";
		if (isReplaced && !isForced) await reportPlanFailure(checkInputs(life, { declared, state: undefined }));
		run.options.planned?.(name);
		if (isReplaced) {
			const isDeletedFirst = registration.deleteBeforeReplace ?? true;
			if (!isDeletedFirst && old.pending === undefined) return create(old);
			if (old.pending === undefined)
				await this.#step(run, `delete ${name}`, () => this.#delete(run, old, "replacement"));
			return create(this.entry(name));
		}
		if (diff.changes || initErrors.length > 0)
			return this.#step(run, `update ${name}`, () => this.#update(life, old, inputs));
		if (!run.isPreview) this.#put(old, { ...old, state: { ...old.state, inputs } });
	}

	/** What it replaces and is still there is deleted in the end. */
	async #create(
		life: ResourceProvider,
		{ name, type, inputs, last }: Omit<Registration, "inputs"> & { inputs: Values; last: Entry | undefined },
	): Promise<void> {
		const born = await keepPartialState(
			life.create(passOverWire(inputs)).then(({ id, outs }) => ({ id, outputs: outs })),
		);
		if (born.state !== undefined) {
			if (last !== undefined)
				this.#put(last, last.pending === undefined ? { ...last, pending: "delete" } : undefined);
			this.entries = [...this.entries, { name, type, state: { ...born.state, inputs } }];
		}
		if (born.error !== undefined) throw born.error;
	}

	async #update(life: ResourceProvider, old: Entry, inputs: Values): Promise<void> {
		const { id, outputs } = old.state;
		const work = life
			.update(id, passOverWire(outputs), passOverWire(inputs))
			.then(({ outs }) => ({ id, outputs: outs }));
		const { state, error } = await keepPartialState(work);
		if (state !== undefined) this.#put(old, { ...old, state: { ...state, inputs } });
		if (error !== undefined) throw error;
	}

	async #delete({ lives }: Run, entry: Entry, pending?: "replacement"): Promise<void> {
		const { id, outputs } = entry.state;
		if (entry.pending !== "replacement") await getProvider(lives, entry).delete(id, passOverWire(outputs));
		this.#put(entry, pending && { ...entry, pending });
	}

	#put(old: Entry, entry: Entry | undefined): void {
		this.entries = this.entries.flatMap((each) => (each === old ? (entry ?? []) : each));
	}
}

/** An error of `check` or `diff`, which ends a run at once. */
class Fatal extends Error {
	readonly reason: Error;

	constructor(reason: Error) {
		super(reason.message);
		this.reason = reason;
	}
}

async function reportPlanFailure<Result>(work: Promise<Result>): Promise<Result> {
	return work.catch((error: unknown) => {
		throw error instanceof Error ? new Fatal(error) : error;
	});
}

/** What came of making or changing an object: the state to keep, an error, or both. */
async function keepPartialState(
	work: Promise<Pick<State, "id" | "outputs">>,
): Promise<{ readonly state?: Omit<State, "inputs">; readonly error?: unknown }> {
	try {
		const { id, outputs } = await work;
		return { state: { id, outputs: passOverWire(outputs), initErrors: [] } };
	} catch (error) {
		const state = readPartialState(error);
		return { ...(state && { state }), error };
	}
}

function getProvider(lives: Lives, { type }: { readonly type: string }): ResourceProvider {
	const life = lives[type];
	if (life === undefined) throw new TypeError(`The process has no ${type}`);
	return life;
}

function combineFailures(failures: readonly Error[]): Error {
	const [first] = failures;
	if (first !== undefined && failures.length === 1) return first;
	return new AggregateError(failures, failures.map(({ message }) => message).join("\n"));
}
