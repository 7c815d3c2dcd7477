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
	/** The stack's state; an operation that is no preview changes it step by step. */
	readonly entries: Entry[];
	readonly process: Process;
	/** Another process: a refresh before a run ends before the program registers the provider that does the rest. */
	readonly refresher: Process;
	readonly options: Options;
	/** Told when all is read that is to be read first. */
	readonly began: () => void;
	/** Told before each step that writes how many were carried out; may end the engine by never resolving. */
	readonly pause: (steps: number, when: "before" | "after") => Promise<void>;
}

/** How an operation ended. */
export interface Ending {
	/** What providers threw, in order. */
	readonly errors: readonly Error[];
	/** Whether a resource of another provider failed. */
	readonly hasFailed: boolean;
	/** How many resources are not as declared, or are to go. */
	readonly changes: number;
}

/** Nothing new begins any more. */
class Bail extends Error {
	override readonly name = "Bail";
}

/** Something that was decided and waits for its turn, beside what is registered later. */
type Chain = () => Promise<unknown>;

/**
 * One operation of Pulumi's engine on all resources of a stack, in the order in which it calls a provider
 * (pulumi/pulumi `pkg/resource/deploy`): registrations in the order of the program, each checked and then compared; what they
 * come to sooner or later; deletions in the end, and only if nothing failed.
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

	/** Deploys the program, or says what that would do. */
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

	/** Deletes what state has, without asking the program. */
	async destroy(): Promise<Ending> {
		await this.#unlessBroken(() => this.#deleteAll([...this.#work.entries]));
		return this.#ending();
	}

	/** Takes into state what is so. */
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

	/** What was under way when an error ended the operation may still come to its end. */
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

	/** What was read is compared with the inputs as they were, for the display. */
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

	/** The resource's record, or that of the name that it had before. */
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

	/** What is deleted first is deleted at once, and its successor created; else both wait for their turns. */
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

	/** Answers whether the object is deleted. */
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
	 * Carries out what writes, and takes it into state: of a failure that left something, what is there.
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

	/** Asks a provider. What it throws ends the operation, whether or not that is to go on after errors. */
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

/** An object that a step made, or of which it says why it is not as declared. */
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
