import type { Holder } from "./holder.ts";

/** What one resource of the program declares, as its `check` tells it. */
export interface Declaration {
	/** How messages name the resource: `DeviceFleet plant`. */
	readonly name: string;
	/** Tells the resource from others of its stack; empty where the program did not say. */
	readonly resourceHash: string;
	/** The key of the one object that the resource declares; absent for a fleet. */
	readonly key?: string;
	/** The keys of the objects that the resource declares now. */
	readonly getDeclaredKeys: () => ReadonlySet<string>;
	/** The keys of the objects that the resource declared at the last deployment; none for a new one. */
	readonly getPreviousKeys: () => ReadonlySet<string>;
}

/** Who else has an object, and how surely. */
export interface OtherHolder {
	/** How messages name the resource: `DeviceFleet plant`. */
	readonly name: string;
	/** Tells the resource from others of its stack; empty where the program did not say. */
	readonly resourceHash: string;
	/** False where the resource declares the object and has not taken it over (yet). */
	readonly isHolding: boolean;
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
	readonly #resourcesByKey = new Map<string, CachedDeclaration[]>();
	readonly #fleetDeclarations: CachedDeclaration[] = [];
	readonly #unresolved: Pick<Holder, "name" | "resourceHash">[] = [];
	readonly #plannedClaims = new Map<string, Holder>();
	readonly #earlyDeletions = new Map<string, Holder>();
	#isRegistering = false;
	#hasAdopted = false;

	/**
	 * Forgets what was claimed before the program registers its first resource: a refresh of the same process compares every
	 * record with its own last inputs, those too that left the program.
	 */
	endRefresh(): void {
		if (this.#isRegistering) return;
		this.#isRegistering = true;
		for (const claims of [this.#holders, this.#plannedClaims, this.#earlyDeletions]) claims.clear();
	}

	/**
	 * Remembers what a resource declares. Of a resource that is replaced the engine asks twice, and the second time without what
	 * was declared before (pulumi/pulumi `pkg/resource/deploy/step_generator.go`).
	 */
	addDeclaration(declaration: Declaration): void {
		const { key } = declaration;
		const declarations = key === undefined ? this.#fleetDeclarations : (this.#resourcesByKey.get(key) ?? []);
		// Without a tag, fleets that declare alike are not told apart.
		const index = declarations.findIndex(
			({ resourceHash }) =>
				resourceHash === declaration.resourceHash && (resourceHash !== "" || key !== undefined),
		);
		const cached = new CachedDeclaration(declaration, declarations[index]);
		if (index >= 0) declarations[index] = cached;
		else declarations.push(cached);
		if (key !== undefined) this.#resourcesByKey.set(key, declarations);
	}

	/** A record that state has holds the object. */
	claimExisting(key: string, holder: Holder): void {
		const held = this.#listHolders(key);
		if (held.some(({ recordId }) => recordId === holder.recordId)) return;
		this.#holders.set(key, held.length === 0 ? holder : [...held, holder]);
	}

	/**
	 * A new record is about to hold the object.
	 *
	 * @returns undefined where it does now; the record that holds it already
	 */
	tryClaim(key: string, holder: Holder): Holder | undefined {
		const other = this.#listHolders(key).find(({ recordId }) => recordId !== holder.recordId);
		if (other === undefined) this.claimExisting(key, holder);
		return other;
	}

	/** The record holds the object no longer: it is gone, or was not created after all. */
	release(key: string, { recordId }: Holder): void {
		const rest = this.#listHolders(key).filter((holder) => holder.recordId !== recordId);
		if (rest.length === 0) this.#holders.delete(key);
		else this.#holders.set(key, rest);
	}

	/** The object that a new resource declared under this key turned out to be another one, of a key of its own. */
	dropDeclaredKey(key: string, { resourceHash, recordId }: Holder): void {
		if (this.#plannedClaims.get(key)?.recordId === recordId) this.#plannedClaims.delete(key);
		for (const declared of this.#listDeclarations(key))
			if (declared.resourceHash === resourceHash) declared.dropKey(key);
	}

	/**
	 * The resource besides this record that has the object, or declares it without having had it. A record without a mark is
	 * not told from another one of the same object, so what is claimed at all is another's.
	 */
	findOther(key: string, holder: Holder): OtherHolder | undefined {
		const held = this.#listHolders(key);
		const heldBy = held.find(({ recordId }) => !holder.isMarked || recordId !== holder.recordId);
		if (heldBy !== undefined)
			return { name: heldBy.name, resourceHash: heldBy.resourceHash, isHolding: true };
		// Whoever else declares what this record claimed was refused.
		if (held.length > 0) return undefined;
		const planned = this.#plannedClaims.get(key);
		if (planned !== undefined && planned.recordId !== holder.recordId)
			return { name: planned.name, resourceHash: planned.resourceHash, isHolding: false };
		const declarations = this.#listDeclarations(key);
		// Before it replaces a resource the engine checks it once more, as if it were new.
		const isReplaced = (each: CachedDeclaration): boolean =>
			declarations.some((other) => isSameResource(other, each) && other.isKept(key));
		const declaring = declarations.find(
			(each) => !isSameResource(holder, each) && each.isNew(key) && !isReplaced(each),
		);
		return declaring && { name: declaring.name, resourceHash: declaring.resourceHash, isHolding: false };
	}

	/** Whether a resource that declared the object before declares it still: what is created under the key replaces. */
	isReplacement(key: string): boolean {
		return this.#listDeclarations(key).some((declared) => declared.isKept(key));
	}

	/** Whether the resource of a record that ends declares the object nevertheless: it is to be replaced. */
	isDeclaredAgain(key: string, holder: Holder): boolean {
		return this.#listDeclarations(key).some(
			(declared) => declared.has(key) && (holder.resourceHash === "" || isSameResource(holder, declared)),
		);
	}

	/** A resource declares objects of which nobody knows yet which they are, and may take them over. */
	declareUnresolved(resource: Pick<Holder, "name" | "resourceHash">): void {
		this.#unresolved.push(resource);
	}

	/** The resources that may declare what a record gives up, and are not sure to be registered before it. */
	findPossibleAdopters({
		resourceHash,
		dependencies,
	}: Pick<Holder, "resourceHash" | "dependencies">): readonly Pick<Holder, "name" | "resourceHash">[] {
		return this.#unresolved.filter(
			(adopter) => adopter.resourceHash !== resourceHash && dependencies?.has(adopter.resourceHash) === false,
		);
	}

	/** The records that give up objects, and are not sure to be registered after a resource. */
	findPossibleDeleters(adopter: Pick<Holder, "resourceHash">): readonly Holder[] {
		const deleters = new Set(this.#earlyDeletions.values());
		return [...deleters].filter(
			({ resourceHash, dependencies }) =>
				resourceHash !== adopter.resourceHash && dependencies?.has(adopter.resourceHash) === false,
		);
	}

	/** A plan is going to create or take over the object: what its resource declared before tells nothing of it. */
	planClaim(key: string, holder: Holder): void {
		this.#plannedClaims.set(key, holder);
	}

	/** A plan gives up the object: this record of it will delete it before the engine's own deletions. */
	planEarlyDeletion(key: string, holder: Holder): void {
		this.#earlyDeletions.set(key, holder);
	}

	/** The objects that earlier plans of this run give up and this resource declares, by key, with who gives them up. */
	findConflicts(declaration: Declaration): ReadonlyMap<string, Holder> {
		if (this.#earlyDeletions.size === 0) return new Map();
		const { key } = declaration;
		const cached = new CachedDeclaration(declaration);
		const holder = key === undefined ? undefined : this.#earlyDeletions.get(key);
		const deletions = key === undefined ? [...this.#earlyDeletions] : holder ? [[key, holder] as const] : [];
		return new Map(deletions.filter(([key, deleter]) => !isSameResource(deleter, cached) && cached.has(key)));
	}

	/** Whether nothing was adopted before in this run; asking counts as adopting. */
	recordAdoption(): boolean {
		const isFirst = !this.#hasAdopted;
		this.#hasAdopted = true;
		return isFirst;
	}

	#listDeclarations(key: string): readonly CachedDeclaration[] {
		return [...(this.#resourcesByKey.get(key) ?? []), ...this.#fleetDeclarations];
	}

	#listHolders(key: string): readonly Holder[] {
		const held = this.#holders.get(key);
		if (held === undefined) return [];
		return "recordId" in held ? [held] : held;
	}
}

/** Whether both are of one resource of the program, as far as the program said. */
function isSameResource(a: { readonly resourceHash: string }, b: { readonly resourceHash: string }): boolean {
	return a.resourceHash !== "" && a.resourceHash === b.resourceHash;
}

/** A declaration whose keys are worked out once, when somebody asks: a large fleet has them in a long text. */
class CachedDeclaration {
	readonly name: string;
	readonly resourceHash: string;
	readonly #declaration: Declaration;
	readonly #earlier: CachedDeclaration | undefined;
	readonly #dropped = new Set<string>();
	#declaredKeys: ReadonlySet<string> | undefined;
	#previousKeys: ReadonlySet<string> | undefined;

	/** @param earlier what the same resource declared when it was asked the first time */
	constructor(declaration: Declaration, earlier?: CachedDeclaration) {
		this.#declaration = declaration;
		this.#earlier = earlier;
		this.name = declaration.name;
		this.resourceHash = declaration.resourceHash;
	}

	/** Whether the resource declares the object. */
	has(key: string): boolean {
		this.#declaredKeys ??= this.#declaration.getDeclaredKeys();
		return this.#declaredKeys.has(key) && !this.#dropped.has(key);
	}

	/** Whether it does now and did not before. */
	isNew(key: string): boolean {
		return this.has(key) && !this.hadBefore(key);
	}

	/** Whether it does now and did before. */
	isKept(key: string): boolean {
		return this.has(key) && this.hadBefore(key);
	}

	dropKey(key: string): void {
		this.#dropped.add(key);
	}

	/** Whether it did before. */
	hadBefore(key: string): boolean {
		this.#previousKeys ??= this.#declaration.getPreviousKeys();
		return this.#previousKeys.has(key) || this.#earlier?.hadBefore(key) === true;
	}
}
