import type { Holder } from "./recordMark.ts";

/** What one resource of the program declares, as its `check` tells it. */
export interface Declaration {
	/** How messages name the resource: `DeviceFleet plant`. */
	readonly name: string;
	/** Tells the resource from others of its stack; empty where the program did not say. */
	readonly tag: string;
	/** The key of the one object that the resource declares; absent for a fleet. */
	readonly key?: string;
	/** The keys of the objects that the resource declares now. */
	readonly declared: () => ReadonlySet<string>;
	/** The keys of the objects that the resource declared at the last deployment; none for a new one. */
	readonly before: () => ReadonlySet<string>;
}

/** Who else has an object, and how surely. */
export interface OtherHolder {
	/** How messages name the resource: `DeviceFleet plant`. */
	readonly name: string;
	/** Tells the resource from others of its stack; empty where the program did not say. */
	readonly tag: string;
	/** False where the resource declares the object and has not taken it over (yet). */
	readonly holds: boolean;
}

/**
 * Which records of the stack hold which objects, as far as this provider process was told: one process serves all resources of
 * one operation. Everything that deletes an object asks here first, so that an object that the program declares is never
 * deleted because another record of it ends.
 *
 * `diff` and `create` claim an object before their first request. `check` claims nothing, or a resource would refuse its own
 * replacement, of which the engine asks `check` alone; it says what is declared. The engine deletes after the last
 * registration of a run, so by then every claim is known. A fleet that gives up a member, and a replacement that deletes
 * first, come earlier: what `diff` plans to give up is kept here, and a resource that declares it afterwards is refused.
 */
export class Claims {
	readonly #holders = new Map<string, Holder | readonly Holder[]>();
	readonly #singles = new Map<string, Declared[]>();
	readonly #fleets: Declared[] = [];
	readonly #later: Pick<Holder, "name" | "tag">[] = [];
	readonly #wanted = new Map<string, Holder>();
	readonly #givenUp = new Map<string, Holder>();
	#isRegistering = false;
	#hasAdopted = false;

	/**
	 * Forgets what was claimed before the program registers its first resource: a refresh of the same process compares every
	 * record with its own last inputs, those too that left the program.
	 */
	endRefresh(): void {
		if (this.#isRegistering) return;
		this.#isRegistering = true;
		for (const claimed of [this.#holders, this.#wanted, this.#givenUp]) claimed.clear();
	}

	/**
	 * Remembers what a resource declares. Of a resource that is replaced the engine asks twice, and the second time without what
	 * was declared before (pulumi/pulumi `pkg/resource/deploy/step_generator.go`).
	 */
	declare(declaration: Declaration): void {
		const { key } = declaration;
		const known = key === undefined ? this.#fleets : (this.#singles.get(key) ?? []);
		// Without a tag, fleets that declare alike are not told apart.
		const at = known.findIndex(({ tag }) => tag === declaration.tag && (tag !== "" || key !== undefined));
		const declared = new Declared(declaration, known[at]);
		if (at >= 0) known[at] = declared;
		else known.push(declared);
		if (key !== undefined) this.#singles.set(key, known);
	}

	/** A record that state has holds the object. */
	claimExisting(key: string, holder: Holder): void {
		const held = this.#holdersOf(key);
		if (held.some(({ record }) => record === holder.record)) return;
		this.#holders.set(key, held.length === 0 ? holder : [...held, holder]);
	}

	/**
	 * A new record is about to hold the object.
	 *
	 * @returns undefined where it does now; the record that holds it already
	 */
	tryClaim(key: string, holder: Holder): Holder | undefined {
		const other = this.#holdersOf(key).find(({ record }) => record !== holder.record);
		if (other === undefined) this.claimExisting(key, holder);
		return other;
	}

	/** The record holds the object no longer: it is gone, or was not created after all. */
	release(key: string, { record }: Holder): void {
		const rest = this.#holdersOf(key).filter((holder) => holder.record !== record);
		if (rest.length === 0) this.#holders.delete(key);
		else this.#holders.set(key, rest);
	}

	/** The object that a new resource declared under this key turned out to be another one, of a key of its own. */
	resolve(key: string, { tag, record }: Holder): void {
		if (this.#wanted.get(key)?.record === record) this.#wanted.delete(key);
		for (const declared of this.#declarationsOf(key)) if (declared.tag === tag) declared.resolve(key);
	}

	/**
	 * The resource besides this record that has the object, or declares it without having had it. A record without a mark is
	 * not told from another one of the same object, so what is claimed at all is another's.
	 */
	otherHolder(key: string, own: Holder): OtherHolder | undefined {
		const held = this.#holdersOf(key);
		const holder = held.find(({ record }) => !own.isMarked || record !== own.record);
		if (holder !== undefined) return { name: holder.name, tag: holder.tag, holds: true };
		// Whoever else declares what this record claimed was refused.
		if (held.length > 0) return undefined;
		const wanted = this.#wanted.get(key);
		if (wanted !== undefined && wanted.record !== own.record)
			return { name: wanted.name, tag: wanted.tag, holds: false };
		const all = this.#declarationsOf(key);
		// Before it replaces a resource the engine checks it once more, as if it were new.
		const isReplaced = (each: Declared): boolean =>
			all.some((other) => isSameResource(other, each) && other.isKept(key));
		const declared = all.find((each) => !isSameResource(own, each) && each.isNew(key) && !isReplaced(each));
		return declared && { name: declared.name, tag: declared.tag, holds: false };
	}

	/** Whether a resource that declared the object before declares it still: what is created under the key replaces. */
	isReplacement(key: string): boolean {
		return this.#declarationsOf(key).some((declared) => declared.isKept(key));
	}

	/** Whether the resource of a record that ends declares the object nevertheless: it is to be replaced. */
	isDeclaredAgain(key: string, own: Holder): boolean {
		return this.#declarationsOf(key).some(
			(declared) => declared.has(key) && (own.tag === "" || isSameResource(own, declared)),
		);
	}

	/** A resource declares objects of which nobody knows yet which they are, and may take them over. */
	declareLater(taker: Pick<Holder, "name" | "tag">): void {
		this.#later.push(taker);
	}

	/** The resources that may declare what a record gives up, and are not sure to be registered before it. */
	possibleTakers({ tag, after }: Pick<Holder, "tag" | "after">): readonly Pick<Holder, "name" | "tag">[] {
		return this.#later.filter((taker) => taker.tag !== tag && after?.has(taker.tag) === false);
	}

	/** The records that give up objects, and are not sure to be registered after a resource. */
	possibleGivers(taker: Pick<Holder, "tag">): readonly Holder[] {
		const givers = new Set(this.#givenUp.values());
		return [...givers].filter(({ tag, after }) => tag !== taker.tag && after?.has(taker.tag) === false);
	}

	/** A plan is going to create or take over the object: what its resource declared before tells nothing of it. */
	planToTake(key: string, holder: Holder): void {
		this.#wanted.set(key, holder);
	}

	/** A plan gives up the object: this record of it will delete it before the engine's own deletions. */
	planToGiveUp(key: string, holder: Holder): void {
		this.#givenUp.set(key, holder);
	}

	/** The objects that earlier plans of this run give up and this resource declares, by key, with who gives them up. */
	conflictsOf(declaration: Declaration): ReadonlyMap<string, Holder> {
		if (this.#givenUp.size === 0) return new Map();
		const { key } = declaration;
		const declared = new Declared(declaration);
		const holder = key === undefined ? undefined : this.#givenUp.get(key);
		const givenUp = key === undefined ? [...this.#givenUp] : holder ? [[key, holder] as const] : [];
		return new Map(givenUp.filter(([key, by]) => !isSameResource(by, declared) && declared.has(key)));
	}

	/** Whether nothing was adopted before in this run; asking counts as adopting. */
	isFirstAdoption(): boolean {
		const isFirst = !this.#hasAdopted;
		this.#hasAdopted = true;
		return isFirst;
	}

	#declarationsOf(key: string): readonly Declared[] {
		return [...(this.#singles.get(key) ?? []), ...this.#fleets];
	}

	#holdersOf(key: string): readonly Holder[] {
		const held = this.#holders.get(key);
		if (held === undefined) return [];
		return "record" in held ? [held] : held;
	}
}

/** Whether both are of one resource of the program, as far as the program said. */
function isSameResource(one: { readonly tag: string }, other: { readonly tag: string }): boolean {
	return one.tag !== "" && one.tag === other.tag;
}

/** A declaration whose keys are worked out once, when somebody asks: a large fleet has them in a long text. */
class Declared {
	readonly name: string;
	readonly tag: string;
	readonly #declaration: Declaration;
	readonly #earlier: Declared | undefined;
	readonly #resolved = new Set<string>();
	#declared: ReadonlySet<string> | undefined;
	#before: ReadonlySet<string> | undefined;

	/** @param earlier what the same resource declared when it was asked the first time */
	constructor(declaration: Declaration, earlier?: Declared) {
		this.#declaration = declaration;
		this.#earlier = earlier;
		this.name = declaration.name;
		this.tag = declaration.tag;
	}

	/** Whether the resource declares the object. */
	has(key: string): boolean {
		this.#declared ??= this.#declaration.declared();
		return this.#declared.has(key) && !this.#resolved.has(key);
	}

	/** Whether it does now and did not before. */
	isNew(key: string): boolean {
		return this.has(key) && !this.had(key);
	}

	/** Whether it does now and did before. */
	isKept(key: string): boolean {
		return this.has(key) && this.had(key);
	}

	resolve(key: string): void {
		this.#resolved.add(key);
	}

	/** Whether it did before. */
	had(key: string): boolean {
		this.#before ??= this.#declaration.before();
		return this.#before.has(key) || this.#earlier?.had(key) === true;
	}
}
