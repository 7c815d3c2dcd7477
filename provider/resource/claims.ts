import { type Holder, isSameHolder } from "./holder.ts";

/** The objects that one resource of the program declares, registered by its `check`. */
export interface Declaration {
	/** The resource's name in messages: `DeviceFleet plant`. */
	readonly name: string;
	/** Identifies the resource within its stack; empty if it is not known. */
	readonly resourceHash: string;
	/** The key of the one object that the resource declares; absent for a fleet. */
	readonly key?: string;
	/** The keys of the objects that the resource declares now. */
	readonly getDeclaredKeys: () => ReadonlySet<string>;
	/** The keys of the objects that the resource declared at the last deployment; none for a new one. */
	readonly getPreviousKeys: () => ReadonlySet<string>;
}

/** Another resource that holds or declares an object. */
export interface OtherHolder {
	/** The resource's name in messages: `DeviceFleet plant`. */
	readonly name: string;
	/** Identifies the resource within its stack; empty if it is not known. */
	readonly resourceHash: string;
	/** Whether it holds the object; false if it only declares it and has not adopted it yet. */
	readonly isHolding: boolean;
}

/**
 * Records which resources of the stack hold which objects. One provider process serves all resources of one operation, so it knows
 * them all. Every deletion checks the claims first: an object that the program declares is never deleted because another record of it is
 * removed.
 *
 * `diff` and `create` claim an object before their first request. `check` only registers what is declared: if it claimed, a resource
 * would refuse its own replacement, for which the engine calls only `check`. The engine deletes after the last registration of a run,
 * when every claim is known. A fleet that deletes a member, and a replacement that deletes first, delete earlier: `diff` registers
 * these deletions here, and a resource that declares such an object afterwards is refused.
 */
export class Claims {
	readonly #holders = new Map<string, Holder | readonly Holder[]>();
	readonly #resourcesByKey = new Map<string, CachedDeclaration[]>();
	readonly #fleetDeclarations: CachedDeclaration[] = [];
	readonly #unresolved: Pick<Holder, "name" | "resourceHash">[] = [];
	readonly #plannedClaims = new Map<string, Holder>();
	readonly #earlyDeletions = new Map<string, Holder>();
	#hasRead = false;
	#isRegistering = false;
	#hasAdopted = false;

	/**
	 * Whether records are being refreshed and the program has not registered a resource yet. A `diff` then belongs to the refresh, which
	 * calls it after each `read` and writes nothing (pulumi/pulumi `pkg/resource/deploy/step.go`, `RefreshStep`).
	 */
	get isRefreshing(): boolean {
		return this.#hasRead && !this.#isRegistering;
	}

	/** Registers that a record was read. */
	beginRefresh(): void {
		this.#hasRead = true;
	}

	/**
	 * Drops the claims of a refresh when the program registers its first resource: a refresh in the same process compares every record
	 * with its own last inputs, including records that left the program.
	 */
	endRefresh(): void {
		if (this.#isRegistering) return;
		this.#isRegistering = true;
		for (const claims of [this.#holders, this.#plannedClaims, this.#earlyDeletions]) claims.clear();
	}

	/**
	 * Registers what a resource declares. The engine checks a replaced resource twice, the second time without its old inputs
	 * (pulumi/pulumi `pkg/resource/deploy/step_generator.go`).
	 */
	addDeclaration(declaration: Declaration): void {
		const { key } = declaration;
		const declarations = key === undefined ? this.#fleetDeclarations : (this.#resourcesByKey.get(key) ?? []);
		// Without a hash, fleets with equal declarations cannot be told apart.
		const index = declarations.findIndex(
			({ resourceHash }) =>
				resourceHash === declaration.resourceHash && (resourceHash !== "" || key !== undefined),
		);
		const cached = new CachedDeclaration(declaration, declarations[index]);
		if (index >= 0) declarations[index] = cached;
		else declarations.push(cached);
		if (key !== undefined) this.#resourcesByKey.set(key, declarations);
	}

	/** Claims the object for a record that state has. */
	claimExisting(key: string, holder: Holder): void {
		const held = this.#listHolders(key);
		if (held.some((other) => isSameHolder(other, holder))) return;
		this.#holders.set(key, held.length === 0 ? holder : [...held, holder]);
	}

	/**
	 * Claims the object for a new record.
	 *
	 * @returns the record that holds the object already; undefined if the claim succeeded
	 */
	tryClaim(key: string, holder: Holder): Holder | undefined {
		const other = this.#listHolders(key).find((each) => !isSameHolder(each, holder));
		if (other === undefined) this.claimExisting(key, holder);
		return other;
	}

	/**
	 * Returns another resource, or another member of the same fleet, whose record in state holds the object, too: both declare one
	 * object. Undefined if there is none, or if both records may belong to one resource.
	 */
	findRival(key: string, holder: Holder): Holder | undefined {
		return this.#listHolders(key).find((other) =>
			other.recordId === holder.recordId
				? !isSameHolder(other, holder)
				: holder.resourceHash !== "" && other.resourceHash !== "" && !isSameResource(other, holder),
		);
	}

	/** Removes the claim of a record: the object is gone, or was not created. */
	release(key: string, holder: Holder): void {
		const rest = this.#listHolders(key).filter((other) => !isSameHolder(other, holder));
		if (rest.length === 0) this.#holders.delete(key);
		else this.#holders.set(key, rest);
	}

	/** Drops the key that a new resource declared, because the service created the object under another key. */
	dropDeclaredKey(key: string, { resourceHash, recordId }: Holder): void {
		if (this.#plannedClaims.get(key)?.recordId === recordId) this.#plannedClaims.delete(key);
		for (const declared of this.#listDeclarations(key))
			if (declared.resourceHash === resourceHash) declared.dropKey(key);
	}

	/**
	 * Returns the other resource that holds the object, or newly declares it. A record without a mark cannot be distinguished from
	 * another record of the same object, so every claim counts as another resource's.
	 */
	findOther(key: string, holder: Holder): OtherHolder | undefined {
		const held = this.#listHolders(key);
		const heldBy = held.find((other) => !holder.isMarked || !isSameHolder(other, holder));
		if (heldBy !== undefined)
			return { name: heldBy.name, resourceHash: heldBy.resourceHash, isHolding: true };
		// Other resources that declare an object of this record were refused.
		if (held.length > 0) return undefined;
		const planned = this.#plannedClaims.get(key);
		if (planned !== undefined && planned.recordId !== holder.recordId)
			return { name: planned.name, resourceHash: planned.resourceHash, isHolding: false };
		const declarations = this.#listDeclarations(key);
		// Before the engine replaces a resource, it checks it again as if it were new.
		const isReplaced = (each: CachedDeclaration): boolean =>
			declarations.some((other) => isSameResource(other, each) && other.isKept(key));
		const declaring = declarations.find(
			(each) => !isSameResource(holder, each) && each.isNew(key) && !isReplaced(each),
		);
		return declaring && { name: declaring.name, resourceHash: declaring.resourceHash, isHolding: false };
	}

	/** Whether a resource that declared the object before still declares it, so that its creation is a replacement. */
	isReplacement(key: string): boolean {
		return this.#listDeclarations(key).some((declared) => declared.isKept(key));
	}

	/** Whether the resource of a removed record still declares the object, which is then replaced. */
	isDeclaredAgain(key: string, holder: Holder): boolean {
		return this.#listDeclarations(key).some(
			(declared) => declared.has(key) && (holder.resourceHash === "" || isSameResource(holder, declared)),
		);
	}

	/** Registers a resource that may adopt objects that are not known yet. */
	declareUnresolved(resource: Pick<Holder, "name" | "resourceHash">): void {
		this.#unresolved.push(resource);
	}

	/** Returns the resources that may declare what a record deletes, and that may be registered after it. */
	findPossibleAdopters({
		resourceHash,
		dependencies,
	}: Pick<Holder, "resourceHash" | "dependencies">): readonly Pick<Holder, "name" | "resourceHash">[] {
		return this.#unresolved.filter(
			(adopter) => adopter.resourceHash !== resourceHash && dependencies?.has(adopter.resourceHash) === false,
		);
	}

	/** Returns the records that delete objects, and that may be registered before a resource. */
	findPossibleDeleters(adopter: Pick<Holder, "resourceHash">): readonly Holder[] {
		const deleters = new Set(this.#earlyDeletions.values());
		return [...deleters].filter(
			({ resourceHash, dependencies }) =>
				resourceHash !== adopter.resourceHash && dependencies?.has(adopter.resourceHash) === false,
		);
	}

	/** Registers that a plan will create or adopt the object, regardless of what its resource declared before. */
	planClaim(key: string, holder: Holder): void {
		this.#plannedClaims.set(key, holder);
	}

	/** Registers that a plan deletes the object before the engine's own deletions. */
	planEarlyDeletion(key: string, holder: Holder): void {
		this.#earlyDeletions.set(key, holder);
	}

	/** Returns the objects of the declaration that earlier plans of this run delete, by key, with the deleting record. */
	findConflicts(declaration: Declaration): ReadonlyMap<string, Holder> {
		if (this.#earlyDeletions.size === 0) return new Map();
		const { key } = declaration;
		const cached = new CachedDeclaration(declaration);
		const holder = key === undefined ? undefined : this.#earlyDeletions.get(key);
		const deletions = key === undefined ? [...this.#earlyDeletions] : holder ? [[key, holder] as const] : [];
		return new Map(deletions.filter(([key, deleter]) => !isSameResource(deleter, cached) && cached.has(key)));
	}

	/** Records an adoption. Returns true for the first adoption of the run. */
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

/** Whether both belong to one resource of the program; false if that is not known. */
function isSameResource(a: { readonly resourceHash: string }, b: { readonly resourceHash: string }): boolean {
	return a.resourceHash !== "" && a.resourceHash === b.resourceHash;
}

/** A declaration that parses its keys once and only when needed: a large fleet stores them in a long string. */
class CachedDeclaration {
	readonly name: string;
	readonly resourceHash: string;
	readonly #declaration: Declaration;
	readonly #earlier: CachedDeclaration | undefined;
	readonly #dropped = new Set<string>();
	#declaredKeys: ReadonlySet<string> | undefined;
	#previousKeys: ReadonlySet<string> | undefined;

	/** @param earlier the declaration of the same resource at its first check */
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

	/** Whether the resource declares the object and did not before. */
	isNew(key: string): boolean {
		return this.has(key) && !this.hadBefore(key);
	}

	/** Whether the resource declares the object and did before. */
	isKept(key: string): boolean {
		return this.has(key) && this.hadBefore(key);
	}

	dropKey(key: string): void {
		this.#dropped.add(key);
	}

	/** Whether the resource declared the object at the last deployment. */
	hadBefore(key: string): boolean {
		this.#previousKeys ??= this.#declaration.getPreviousKeys();
		return this.#previousKeys.has(key) || this.#earlier?.hadBefore(key) === true;
	}
}
