import type { DiffResult } from "../../../../provider/resource/diff.ts";
import type { ResourceProvider } from "../../../../provider/resource/resourceProvider.ts";
import { CheckFailed, passOverWire, readPartialState } from "../../../contract/harness/resource.ts";
import type { Values } from "../../../contract/subject/subject.ts";
import { Pace } from "./order.ts";
import { createStackInputs, type Process } from "./place.ts";
import type { Entry } from "./records.ts";
import { NAMES, type Name, type Options, type Program, type Resource, type StackName } from "./step.ts";

/** What an operation works on. */
export interface Work {
	readonly stack: StackName;
	readonly program: Program;
	/** The stack's state; every operation except a preview changes it step by step. */
	readonly entries: Entry[];
	readonly process: Process;
	/** A second process: a refresh that precedes a run ends before the program registers the provider for the rest. */
	readonly refresher: Process;
	readonly options: Options;
	/** Called as soon as everything that must be read first has been read. */
	readonly began: () => void;
	/** Called before and after each step that writes, with the number of steps so far; ends the engine if it never resolves. */
	readonly pause: (steps: number, when: "before" | "after") => Promise<void>;
}

/** The result of an operation. */
export interface Ending {
	/** The errors of providers, in order. */
	readonly errors: readonly Error[];
	/** Whether a resource of another provider failed. */
	readonly hasFailed: boolean;
	/** How many resources are not as declared, or must be deleted. */
	readonly changes: number;
}

/** Thrown so that nothing new begins. */
class Bail extends Error {
	override readonly name = "Bail";
}

/** A decided action that waits for its turn while later resources are registered. */
type Chain = () => Promise<unknown>;

/**
 * One operation of Pulumi's engine on all resources of a stack. It calls a provider in the engine's order
 * (pulumi/pulumi `pkg/resource/deploy`): registrations in program order, each checked and diffed; the resulting steps
 * in some order; deletions last, and only if nothing failed.
 */
export class Engine {
	readonly #work: Work;
	readonly #isPreview: boolean;
	readonly #pace: Pace;
	readonly #errors: Error[] = [];
	readonly #seen = new Set<Entry>();
	readonly #queue: Chain[] = [];
	#hasFailed = false;
	#changes = 0;
	#steps = 0;

	constructor(work: Work, isPreview = false) {
		this.#work = work;
		this.#isPreview = isPreview;
		this.#pace = new Pace(work.options.pace);
	}

	/** Deploys the program, or previews that. */
	async deploy(): Promise<Ending> {
		const { program, options, entries } = this.#work;
		const before = [...entries];
		await this.#unlessBroken(async () => {
			if (options.refresh) await this.#refreshAll();
			this.#work.began();
			for (const [at, resource] of program.entries()) {
				if (options.fails === at) this.#failElsewhere();
				await this.#register(resource);
				if (this.#pace.next()) await this.#flush();
			}
			if (options.fails !== undefined && options.fails >= program.length) this.#failElsewhere();
			await this.#flush();
			await this.#deleteAll(before.filter((entry) => entries.includes(entry)));
		});
		return this.#ending();
	}

	/** Deletes the resources in state without running the program. */
	async destroy(): Promise<Ending> {
		await this.#unlessBroken(() => this.#deleteAll([...this.#work.entries]));
		return this.#ending();
	}

	/** Refreshes state. */
	async refresh(): Promise<Ending> {
		await this.#unlessBroken(() => this.#refreshAll());
		return this.#ending();
	}

	#ending(): Ending {
		return {
			errors: this.#errors,
			hasFailed: this.#hasFailed,
			changes: this.#changes,
		};
	}

	/** Ends the operation at an error, but lets steps that have begun finish. */
	async #unlessBroken(work: () => Promise<void>): Promise<void> {
		try {
			await work();
		} catch (error) {
			if (!(error instanceof Bail)) throw error;
			const underWay = this.#queue.splice(0);
			for (const chain of underWay) if (this.#pace.next()) await chain().catch(ignoreBail);
		}
	}

	async #flush(): Promise<void> {
		for (let chain = this.#queue.shift(); chain !== undefined; chain = this.#queue.shift()) await chain();
	}

	async #refreshAll(): Promise<void> {
		const { entries } = this.#work;
		for (const entry of [...entries]) {
			if (entry.isDeleted) continue;
			await this.#ask(() => this.#refreshOne(entry));
		}
	}

	/** Refreshes one resource; its values are compared with the earlier inputs for the display. */
	async #refreshOne(entry: Entry): Promise<void> {
		const life = this.#work.refresher[NAMES[entry.name]];
		const { id, props, inputs } = await life.read(entry.id, passOverWire(entry.outputs));
		if (id === "") {
			remove(this.#work.entries, entry);
			return;
		}
		const outputs = passOverWire(props);
		await life.diff(id, outputs, passOverWire(entry.inputs));
		Object.assign(entry, { id, outputs, inputs: passOverWire(inputs ?? entry.inputs), initErrors: [] });
	}

	async #register(resource: Resource): Promise<void> {
		const { stack, options } = this.#work;
		const old = this.#recordOf(resource);
		if (old !== undefined) this.#seen.add(old);
		if (!isTargeted(options, resource.name)) return;
		const life = this.#lifeOf(resource.name);
		const isForced = old !== undefined && options.replace?.includes(resource.name) === true;
		const declared = createStackInputs(stack, resource);
		const inputs = await this.#check(life, isForced ? undefined : old, declared);
		if (old === undefined) {
			this.#plan(() => this.#create(life, resource, inputs));
			return;
		}
		const diff = isForced
			? FORCED
			: await this.#ask(() => life.diff(old.id, passOverWire(old.outputs), passOverWire(inputs)));
		if (diff.replaces.length > 0 || old.isDeleted) {
			const fresh = isForced ? inputs : await this.#check(life, undefined, declared);
			await this.#replace(life, { resource, old, inputs: fresh });
		} else if (diff.changes || old.initErrors.length > 0) {
			this.#plan(() => this.#update(life, { resource, old, inputs }));
		} else this.#same(resource, old, inputs);
	}

	/** Returns the resource's record, or that of its former name. */
	#recordOf({ name, alias }: Resource): Entry | undefined {
		const { entries, program } = this.#work;
		const isFree = alias !== undefined && program.every((resource) => resource.name !== alias);
		for (const known of isFree ? [name, alias] : [name]) {
			const entry = entries.find((each) => each.name === known && !each.isDoomed && !this.#seen.has(each));
			if (entry !== undefined) return entry;
		}
		return undefined;
	}

	async #check(life: ResourceProvider, old: Entry | undefined, declared: Values): Promise<Values> {
		const { inputs, failures } = await this.#ask(() =>
			life.check(passOverWire(old?.inputs ?? {}), passOverWire(declared)),
		);
		if (failures.length === 0) return passOverWire(inputs);
		this.#errors.push(new CheckFailed(failures.map(({ reason }) => reason).join("\n")));
		throw new Bail();
	}

	#plan(chain: Chain): void {
		this.#changes += 1;
		if (!this.#isPreview) this.#queue.push(chain);
	}

	#same({ name }: Resource, old: Entry, inputs: Values): void {
		if (!this.#isPreview) Object.assign(old, { name, inputs });
	}

	async #create(life: ResourceProvider, { name }: Resource, inputs: Values): Promise<void> {
		await this.#step(
			() => life.create(passOverWire(inputs)),
			(made) => this.#work.entries.push(createEntry(name, inputs, made)),
		);
	}

	async #update(life: ResourceProvider, { resource: { name }, old, inputs }: Continued): Promise<void> {
		await this.#step(
			async () => {
				const { outs } = await life.update(old.id, passOverWire(old.outputs), passOverWire(inputs));
				return { id: old.id, outs };
			},
			(made) => Object.assign(old, createEntry(name, inputs, made)),
		);
	}

	/** Replaces a resource. If it is deleted first, both steps follow at once; otherwise both wait for their turns. */
	async #replace(life: ResourceProvider, continued: Continued): Promise<void> {
		const { resource, old, inputs } = continued;
		const create = (isDoomed: boolean) =>
			this.#step(
				() => life.create(passOverWire(inputs)),
				(made) => {
					old.isDoomed = isDoomed;
					if (!isDoomed) remove(this.#work.entries, old);
					this.#work.entries.push(createEntry(resource.name, inputs, made));
				},
			);
		if (resource.createFirst) {
			this.#plan(() => create(!old.isDeleted));
			return;
		}
		this.#changes += 1;
		if (this.#isPreview) return;
		old.isDeleted ||= await this.#delete(old);
		if (old.isDeleted) await create(false);
	}

	async #deleteAll(entries: readonly Entry[]): Promise<void> {
		const { options } = this.#work;
		for (const entry of this.#pace.next() ? [...entries].reverse() : entries) {
			const isLeft = entry.isDoomed || !this.#seen.has(entry);
			if (!isLeft || !isTargeted(options, entry.name)) continue;
			this.#changes += 1;
			if (this.#isPreview) continue;
			if (entry.isDeleted || (await this.#delete(entry))) remove(this.#work.entries, entry);
		}
	}

	/** Deletes an object and returns whether that succeeded. */
	#delete(entry: Entry): Promise<boolean> {
		return this.#step(
			async () => {
				await this.#lifeOf(entry.name).delete(entry.id, passOverWire(entry.outputs));
				return { id: entry.id, outs: {} };
			},
			() => undefined,
		);
	}

	/**
	 * Carries out a step that writes and takes the result into state, also what a failed step left.
	 *
	 * @returns whether it succeeded
	 */
	async #step(
		work: () => Promise<{ id: string; outs: Record<string, unknown> }>,
		record: (made: Made) => void,
	): Promise<boolean> {
		await this.#work.pause(this.#steps, "before");
		const outcome = await this.#outcomeOf(work);
		this.#steps += 1;
		await this.#work.pause(this.#steps, "after");
		if (!("error" in outcome)) {
			record(outcome);
			return true;
		}
		const half = readPartialState(outcome.error);
		if (half !== undefined) record(half);
		if (!this.#work.options.continueOnError) throw new Bail();
		return false;
	}

	async #outcomeOf(
		work: () => Promise<{ id: string; outs: Record<string, unknown> }>,
	): Promise<Made | { error: Error }> {
		try {
			const { id, outs } = await work();
			return { id, outputs: passOverWire(outs), initErrors: [] };
		} catch (thrown) {
			const error = thrown instanceof Error ? thrown : new Error(String(thrown));
			this.#errors.push(error);
			return { error };
		}
	}

	/** Calls a provider. Its error ends the operation, even if the operation continues on errors. */
	async #ask<Result>(question: () => Promise<Result>): Promise<Result> {
		try {
			return await question();
		} catch (error) {
			this.#errors.push(error instanceof Error ? error : new Error(String(error)));
			throw new Bail();
		}
	}

	#failElsewhere(): void {
		this.#changes += 1;
		if (this.#isPreview) return;
		this.#hasFailed = true;
		if (!this.#work.options.continueOnError) throw new Bail();
	}

	#lifeOf(name: Name): ResourceProvider {
		return this.#work.process[NAMES[name]];
	}
}

interface Continued {
	readonly resource: Resource;
	readonly old: Entry;
	readonly inputs: Values;
}

/** An object that a step created, possibly with the reasons why it is not as declared. */
type Made = Pick<Entry, "id" | "outputs" | "initErrors">;

const FORCED: DiffResult = { changes: true, replaces: ["id"], deleteBeforeReplace: false };

function createEntry(name: Name, inputs: Values, made: Made): Entry {
	return { name, inputs, ...made, isDoomed: false, isDeleted: false };
}

function remove(entries: Entry[], entry: Entry): void {
	const at = entries.indexOf(entry);
	if (at >= 0) entries.splice(at, 1);
}

function isTargeted({ targets }: Options, name: Name): boolean {
	return targets === undefined || targets.includes(name);
}

function ignoreBail(error: unknown): void {
	if (!(error instanceof Bail)) throw error;
}
