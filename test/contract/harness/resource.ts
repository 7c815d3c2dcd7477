import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import type { ResourceProvider } from "../../../provider/resource/resourceProvider.ts";
import { ORIGIN_INPUT } from "../../../provider/stateKeys.ts";
import type { Values } from "../subject/subject.ts";
import { keepIgnored, tellIgnored } from "./ignoreChanges.ts";

/** A resource as a state file keeps it. */
export interface State {
	readonly id: string;
	readonly inputs: Values;
	readonly outputs: Values;
	/** Why the object is not as declared, though it exists; the next run updates it. */
	readonly initErrors: readonly string[];
}

/** What a plan is going to do. */
export interface Plan {
	readonly step: "create" | "same" | "update" | "replace";
	/** The inputs that replace. */
	readonly replaces: readonly string[];
	/** Does it, in the process that planned it. */
	apply(): Promise<void>;
}

/** Which resource of which stack it is, as the program half says it: one and the same unless a test has several. */
const ONE = "organization/contract/test/Resource/one";

/** The engine refused inputs that `check` found fault with. */
export class CheckFailed extends Error {
	override readonly name = "CheckFailed";
}

/**
 * One resource on the engine's side: plans, applies, refreshes and destroys it in the order in which Pulumi calls a
 * provider, and keeps its state in between (pulumi/pulumi `pkg/resource/deploy`, `sdk/nodejs/cmd/dynamic-provider`).
 */
export class Resource {
	/** Undefined while Pulumi knows of no object. */
	state: State | undefined;
	/** The option `ignoreChanges`. */
	ignoring: readonly string[] = [];
	readonly #connect: () => ResourceProvider;
	readonly #origin: string | undefined;

	/**
	 * @param connect starts the provider process of one operation
	 * @param origin what the program half passes besides what is declared; undefined for what was released before it did
	 */
	constructor(connect: () => ResourceProvider, { origin }: { origin: string | undefined } = { origin: ONE }) {
		this.#connect = connect;
		this.#origin = origin;
	}

	/** The state, where there must be one. */
	get known(): State {
		if (this.state === undefined) throw new TypeError("Pulumi knows of no object");
		return this.state;
	}

	/** One output, of an object that Pulumi knows. */
	getOutput(name: string): unknown {
		return this.known.outputs[name];
	}

	/** Plans in a new process. */
	async plan(declared: Values, life = this.#connect()): Promise<Plan> {
		const origin = this.#origin === undefined ? {} : { [ORIGIN_INPUT]: this.#origin };
		const passed = { ...declared, ...origin, ...tellIgnored(this.ignoring) };
		const { state } = this;
		const kept = state === undefined ? passed : keepIgnored(this.ignoring, state.inputs, passed);
		const inputs = await checkInputs(life, { declared: kept, state });
		if (state === undefined) return createPlan("create", () => this.#create(life, inputs));
		const diff = await life.diff(state.id, passOverWire(state.outputs), passOverWire(inputs));
		const { replaces } = diff;
		if (replaces.length > 0) {
			if (!diff.deleteBeforeReplace) throw new TypeError("An id can't be used twice at a time");
			// What is about to be created is checked as what is new (pkg/resource/deploy/step_generator.go).
			const anew = await checkInputs(life, { declared: kept, state: undefined });
			return createPlan("replace", () => this.#replace(life, anew), replaces);
		}
		if (diff.changes || state.initErrors.length > 0)
			return createPlan("update", () => this.#update(life, state, inputs));
		return createPlan("same", async () => {
			this.state = { ...state, inputs };
		});
	}

	/** Plans and applies in one process, as an update does; says what it did. */
	async up(declared: Values): Promise<Plan["step"]> {
		const { step, apply } = await this.plan(declared);
		await apply();
		return step;
	}

	/** Takes the live object into state. */
	async refresh(life = this.#connect()): Promise<void> {
		const { id, inputs, outputs } = this.known;
		const { id: found, props, inputs: live } = await life.read(id, passOverWire(outputs));
		if (found === "") this.state = undefined;
		else
			this.state = {
				id: found,
				inputs: passOverWire(live ?? inputs),
				outputs: passOverWire(props),
				initErrors: [],
			};
	}

	/** Does the same and returns whether the refresh shows a change (pkg/resource/deploy/step.go, `RefreshStep`). */
	async refreshAndCompare(): Promise<boolean> {
		const { inputs } = this.known;
		const life = this.#connect();
		await this.refresh(life);
		if (this.state === undefined) return true;
		const { id, outputs } = this.state;
		return (await life.diff(id, passOverWire(outputs), passOverWire(inputs))).changes;
	}

	/** Deletes the object that Pulumi knows. */
	async destroy(): Promise<void> {
		await this.#delete(this.#connect());
	}

	async #create(life: ResourceProvider, inputs: Values): Promise<void> {
		const { id, outs } = await this.#keepingHalf(inputs, life.create(passOverWire(inputs)));
		this.state = { id, inputs, outputs: passOverWire(outs), initErrors: [] };
	}

	async #update(life: ResourceProvider, { id, outputs }: State, inputs: Values): Promise<void> {
		const work = life.update(id, passOverWire(outputs), passOverWire(inputs));
		const { outs } = await this.#keepingHalf(inputs, work);
		this.state = { id, inputs, outputs: passOverWire(outs), initErrors: [] };
	}

	async #replace(life: ResourceProvider, inputs: Values): Promise<void> {
		await this.#delete(life);
		await this.#create(life, inputs);
	}

	async #delete(life: ResourceProvider): Promise<void> {
		const { id, outputs } = this.known;
		await life.delete(id, passOverWire(outputs));
		this.state = undefined;
	}

	/** An error with `id` and `properties` tells of an object that exists and is not as declared: it is kept. */
	async #keepingHalf<Result>(inputs: Values, work: Promise<Result>): Promise<Result> {
		try {
			return await work;
		} catch (error) {
			const half = readPartialState(error);
			if (half !== undefined) this.state = { ...half, inputs };
			throw error;
		}
	}
}

function createPlan(step: Plan["step"], apply: () => Promise<void>, replaces: readonly string[] = []): Plan {
	return { step, replaces, apply };
}

/** The inputs as `check` completes them; throws what it found fault with. */
export async function checkInputs(
	life: ResourceProvider,
	{ declared, state }: { declared: Values; state: State | undefined },
): Promise<Values> {
	const { inputs, failures } = await life.check(passOverWire(state?.inputs ?? {}), passOverWire(declared));
	if (failures.length === 0) return passOverWire(inputs);
	throw new CheckFailed(failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n"));
}

/** What an error tells to keep of an object that exists and is not as declared; undefined where it tells of none. */
export function readPartialState(error: unknown): Omit<State, "inputs"> | undefined {
	if (!(error instanceof Error) || !("id" in error) || !("properties" in error) || !("reasons" in error))
		return undefined;
	const { id, properties, reasons } = error;
	return {
		id: String(id),
		outputs: passOverWire(properties as Values),
		initErrors: [reasons].flat().map(String),
	};
}

/**
 * The properties as they come out of the wire between engine and provider host, a protobuf struct. What the wire can't
 * carry (undefined, functions, big integers) throws here as it does there.
 */
export function passOverWire(properties: Values): Record<string, unknown> {
	const carried = Struct.deserializeBinary(
		Struct.fromJavaScript(copyProperties(properties)).serializeBinary(),
	);
	return carried.toJavaScript();
}

type Carried = Parameters<typeof Struct.fromJavaScript>[0];

/** The declared type wants JSON; whether it is some is for the struct itself to find out. */
function copyProperties(properties: Values): Carried {
	return { ...properties } as Carried;
}
