import { ObjectExists, PreconditionFailed, ResponseLost } from "../../../provider/resource/errors.ts";
import type {
	Consistency,
	LiveObject,
	ResourceApi,
	Target,
} from "../../../provider/resource/resourceType.ts";
import type { Values } from "../../../provider/values.ts";
import type { GadgetInputs } from "./gadget.ts";

interface Stored {
	version: number;
	incarnation: number;
	born: number;
	values: Values;
}

/** What happens to the next call of a verb: its request or its answer is lost, an error, or something just before. */
export type Trouble = "request lost" | "answer lost" | Error | (() => void);

type Verb = "find" | "probe" | "create" | "write" | "remove";

/** What a service fills in where a gadget says nothing. */
const FILLED_IN: Values = { mode: "on", lock: { pin: "0000" } };

/** A service that keeps gadgets in memory, counts every call and fails as it is told. */
export class GadgetService implements ResourceApi<GadgetInputs> {
	/** Every call, in order: `write a`. */
	readonly calls: string[] = [];
	readonly #gadgets = new Map<string, Stored>();
	readonly #troubles = new Map<Verb, (Trouble | undefined)[]>();
	readonly #now: () => number;
	#count = 0;
	/** Finds that answer "there is none" although there is, for a registry that lags. */
	blind = 0;

	constructor(now: () => number) {
		this.#now = now;
	}

	/** Lets the next calls of the verb end so; undefined lets one pass. */
	plan(verb: Verb, ...troubles: (Trouble | undefined)[]): void {
		this.#troubles.set(verb, troubles);
	}

	/** Somebody else makes a gadget. */
	put(name: string, values: Omit<Values, "name"> = {}): void {
		this.#gadgets.set(name, {
			version: 1,
			incarnation: ++this.#count,
			born: this.#now(),
			values: { ...FILLED_IN, ...values, name },
		});
	}

	/** Somebody else changes a gadget. */
	change(name: string, values: Values): void {
		const stored = this.#gadgets.get(name);
		if (stored === undefined) throw new TypeError(`no gadget ${name}`);
		stored.version++;
		stored.values = { ...stored.values, ...values };
	}

	/** Somebody else deletes a gadget. */
	drop(name: string): void {
		this.#gadgets.delete(name);
	}

	/** A gadget's values as they are, or undefined. */
	values(name: string): Values | undefined {
		return this.#gadgets.get(name)?.values;
	}

	/** A gadget as a find would answer it. */
	live(name: string): LiveObject<GadgetInputs> | undefined {
		const stored = this.#gadgets.get(name);
		if (stored === undefined) return undefined;
		return {
			etag: `e${stored.incarnation}.${stored.version}`,
			uid: String(stored.incarnation),
			ageMs: this.#now() - stored.born,
			values: structuredClone(stored.values) as Partial<GadgetInputs>,
			computed: {},
		};
	}

	async get({ id }: Target): Promise<LiveObject<GadgetInputs> | undefined> {
		return this.#carriedOut("find", id, () => {
			if (this.blind-- > 0) return undefined;
			return this.live(id);
		});
	}

	/** Where the same thing is to be found again, in a service that gives it another id. */
	findReplacement?: (target: Target) => Promise<string | undefined>;

	async getIfChanged(
		{ id }: Target,
		etag: string,
		how: Consistency,
	): Promise<LiveObject<GadgetInputs> | "unchanged" | undefined> {
		return this.#carriedOut("probe", how === "strong" ? `${id} exactly` : id, () => {
			if (this.blind > 0 && this.blind-- > 0) return undefined;
			const live = this.live(id);
			return live?.etag === etag ? "unchanged" : live;
		});
	}

	async create(desired: GadgetInputs): Promise<LiveObject<GadgetInputs>> {
		return this.#carriedOut("create", desired.name, () => {
			if (this.#gadgets.has(desired.name)) throw new ObjectExists("409 there is one");
			this.put(desired.name, managed(desired));
			return this.#known(desired.name);
		});
	}

	async update(desired: GadgetInputs, base: LiveObject<GadgetInputs>): Promise<LiveObject<GadgetInputs>> {
		return this.#carriedOut("write", desired.name, () => {
			if (this.live(desired.name)?.etag !== base.etag) throw new PreconditionFailed("412 another etag");
			const stored = this.#gadgets.get(desired.name);
			if (stored === undefined) throw new TypeError("never");
			stored.version++;
			stored.values = { ...FILLED_IN, ...managed(desired), name: desired.name };
			return this.#known(desired.name);
		});
	}

	async delete({ id }: Target, etag: string): Promise<void> {
		return this.#carriedOut("remove", id, () => {
			const live = this.live(id);
			if (live !== undefined && live.etag !== etag) throw new PreconditionFailed("412 another etag");
			this.drop(id);
		});
	}

	async #carriedOut<Result>(verb: Verb, name: string, work: () => Result): Promise<Result> {
		this.calls.push(`${verb} ${name}`);
		const trouble = this.#troubles.get(verb)?.shift();
		if (trouble instanceof Error) throw trouble;
		if (typeof trouble === "function") trouble();
		if (trouble === "request lost") throw new ResponseLost(new Error("the request was lost"), 1_000);
		const result = work();
		if (trouble === "answer lost") throw new ResponseLost(new Error("the answer was lost"), 1_000);
		return result;
	}

	#known(name: string): LiveObject<GadgetInputs> {
		const live = this.live(name);
		if (live === undefined) throw new TypeError("never");
		return live;
	}
}

/** A gadget's own values, as a wire names them: without its address, without policies, and without what no service knows. */
function managed({ name, mode, note, lamp, lock, labels }: GadgetInputs): Values {
	const values = { name, mode, note, lamp, lock, labels };
	return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
