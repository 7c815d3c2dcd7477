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

/** The result of the next call of an operation: its request or response is lost, an error, or a callback before it. */
export type Trouble = "request lost" | "answer lost" | Error | (() => void);

type Verb = "find" | "probe" | "create" | "write" | "remove";

/** The values that the service adds to a gadget without them. */
const FILLED_IN: Values = { mode: "on", lock: { pin: "0000" } };

/** A service that keeps gadgets in memory, records every call, and fails on demand. */
export class GadgetService implements ResourceApi<GadgetInputs> {
	/** Every call, in order: `write a`. */
	readonly calls: string[] = [];
	readonly #gadgets = new Map<string, Stored>();
	readonly #troubles = new Map<Verb, (Trouble | undefined)[]>();
	readonly #now: () => number;
	#count = 0;
	/** The number of reads that return nothing although the gadget exists, as of a lagging registry. */
	blind = 0;

	constructor(now: () => number) {
		this.#now = now;
	}

	/** Sets the results of the next calls of the operation; undefined lets one succeed. */
	plan(verb: Verb, ...troubles: (Trouble | undefined)[]): void {
		this.#troubles.set(verb, troubles);
	}

	/** Creates a gadget as somebody else. */
	put(name: string, values: Omit<Values, "name"> = {}): void {
		this.#gadgets.set(name, {
			version: 1,
			incarnation: ++this.#count,
			born: this.#now(),
			values: { ...FILLED_IN, ...values, name },
		});
	}

	/** Changes a gadget as somebody else. */
	change(name: string, values: Values): void {
		const stored = this.#gadgets.get(name);
		if (stored === undefined) throw new TypeError(`no gadget ${name}`);
		stored.version++;
		stored.values = { ...stored.values, ...values };
	}

	/** Deletes a gadget as somebody else. */
	drop(name: string): void {
		this.#gadgets.delete(name);
	}

	/** Returns a gadget's values; undefined if it does not exist. */
	values(name: string): Values | undefined {
		return this.#gadgets.get(name)?.values;
	}

	/** Returns a gadget as a read does. */
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

	/** Returns the id under which a gadget was created again, in a service that assigns another id. */
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

/** Returns a gadget's own values: without its address, provider options, and values that the service never returns. */
function managed({ name, mode, note, lamp, lock, labels }: GadgetInputs): Values {
	const values = { name, mode, note, lamp, lock, labels };
	return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
