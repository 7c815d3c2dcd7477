import { DECLARED_ONLY_OUTPUT } from "../stateKeys.ts";
import { isUnknown, type Values } from "../values.ts";
import { ComparedValues, type ComparedVersions } from "./comparedValues.ts";
import { createFieldDifference, type FieldDifference, needsReconcile, type RefreshedDrift } from "./drift.ts";
import { compareIdentity, type IdentityComparison } from "./identity.ts";
import { decodeIdentity, encodeFieldValues } from "./managedFields.ts";
import type { ObservedObject } from "./planCache.ts";
import type { ResourceType } from "./resourceType.ts";
import {
	type FieldValue,
	type FieldValues,
	findField,
	findFieldOfPath,
	hasEqualValue,
	listPathsNotReadBack,
	mayHavePath,
	type Schema,
} from "./schema.ts";

/** Compares the versions of an object. Each result is computed on first use, and only once. */
export function compare<Inputs extends object>(
	resourceType: ResourceType<Inputs>,
	versions: ComparedVersions<Inputs>,
): Comparison<Inputs> {
	return new Comparison(resourceType, versions);
}

/** The result of {@link compare}. It writes nothing, logs nothing and sends no request. */
export class Comparison<Inputs extends object> {
	readonly #resourceType: ResourceType<Inputs>;
	readonly #state: Values;
	readonly #declared: Values | undefined;
	readonly #live: ObservedObject<Inputs>;
	readonly #values: ComparedValues<Inputs>;
	#drift: readonly FieldDifference[] | undefined;
	#identity: IdentityComparison | undefined;

	constructor(resourceType: ResourceType<Inputs>, versions: ComparedVersions<Inputs>) {
		const { state, declared, live = "unchanged" } = versions;
		this.#resourceType = resourceType;
		this.#state = state;
		this.#declared = declared;
		this.#live = live;
		this.#values = new ComparedValues(resourceType, versions);
	}

	/** How the declared identity differs from the one in state. */
	get identity(): IdentityComparison {
		this.#identity ??= compareIdentity(this.#schema, this.#state, this.#declared ?? {});
		return this.#identity;
	}

	/** The inputs that identify another object than the one in state. An input that is not declared identifies none. */
	get replaces(): readonly string[] {
		return this.identity.replaces;
	}

	/** Whether the object was deleted and created again since state was written. */
	get wasRecreated(): boolean {
		if (this.#live === "unchanged") return false;
		const uid = this.#resourceType.getUid?.(this.#state);
		return uid !== undefined && uid !== this.#live.uid;
	}

	/**
	 * Fields that somebody else changed: they were declared at the last deployment or are declared now, and their value is not the one
	 * in state. State has no keys, so keys count only if they were declared at the last deployment.
	 */
	get drift(): readonly FieldDifference[] {
		this.#drift ??= this.#live === "unchanged" ? [] : this.#detectDrift();
		return this.#drift;
	}

	/**
	 * The same fields, compared with the values of the last deployment, which an earlier refresh may have replaced in state.
	 * Fields that have their deployed value again are omitted.
	 */
	get driftSinceDeployment(): readonly FieldDifference[] {
		const deployed = new Map(this.#values.refreshed.map((entry) => [entry.path, entry]));
		return this.drift
			.map(({ path, last, live, declared }) =>
				createFieldDifference(path, { last: deployed.get(path) ?? last, live, declared }),
			)
			.filter(({ last, live }) => !hasEqualValue(last, live));
	}

	/**
	 * The drift that earlier refreshes recorded in state. Fields that have their deployed value again, or that are no longer declared,
	 * are omitted.
	 */
	get refreshedDrift(): RefreshedDrift {
		const differences = this.#values.refreshed.flatMap((last) => {
			// Without inputs, the last deployment is what was declared.
			const declared = this.#declared === undefined ? last : this.#values.declared.get(last.path);
			const difference = this.#createDifference(last, declared);
			return declared === undefined || hasEqualValue(last, difference.live) ? [] : [difference];
		});
		return {
			pending: differences.filter(needsReconcile),
			accepted: differences.filter((difference) => !needsReconcile(difference)),
		};
	}

	/** The drift that a refresh writes to state, as JSON: from this refresh and earlier ones; undefined if there is none. */
	get driftToRecord(): string | undefined {
		const earlier = this.#values.allRefreshed;
		const found = [...this.drift.map(({ path, last }) => last ?? { path, value: "" }), ...this.ignoredFields];
		const entries = [
			...earlier,
			...found.filter(({ path }) => !earlier.some((entry) => entry.path === path)),
		];
		const pending = entries.filter((entry) => !hasEqualValue(entry, this.#values.inService.get(entry.path)));
		return pending.length === 0 ? undefined : JSON.stringify(pending);
	}

	/**
	 * Paths that were declared at the last deployment and no longer are, so they are reset to their default. Secrets keep their value,
	 * and so does a property that is omitted as a whole and has `keepWhenUnset`.
	 */
	get unset(): readonly string[] {
		return [...this.#values.lastApplied.values()]
			.filter(
				({ path, secret }) =>
					!secret && !mayHavePath(this.#values.declared, path) && !this.#isKeptWhenUnset(path),
			)
			.flatMap(({ path }) => {
				const alternative = findField(this.#schema, path)?.alternative;
				const isAlternativeUnset =
					alternative !== undefined &&
					this.#declared?.[alternative] === undefined &&
					!this.#values.ignored.coversPath(alternative);
				return isAlternativeUnset ? [path, alternative] : [path];
			});
	}

	/** Whether the declaration differs from the last deployment. */
	get hasDeclaredChange(): boolean {
		const { lastApplied } = this.#values;
		const declaredValues = this.#values.declared;
		return (
			[...declaredValues.values()].some(
				(declared) => this.#isNewlyDeclared(declared) || !this.#isApplied(declared),
			) ||
			[...lastApplied.keys()].some((path) => !declaredValues.has(path)) ||
			this.#values.hasIgnoredOtherPaths ||
			this.identity.recorded.length > 0 ||
			this.#resourceType.needsStateUpdate?.(this.#state, this.#declared ?? {}) === true
		);
	}

	/**
	 * The paths whose values an update changes: declared with another value, no longer declared, or changed by somebody else.
	 * A path that is declared for the first time is omitted if state has the declared value.
	 */
	get changedFields(): readonly string[] {
		const declared = [...this.#values.declared.values()].filter((each) => !this.#isApplied(each));
		const changed = [...declared, ...this.drift.filter(needsReconcile)].map(({ path }) => path);
		return [...new Set([...changed, ...this.unset])];
	}

	/** Every declared path of the last deployment, ignored ones included, with the values that the object then had. */
	get lastApplied(): FieldValues {
		return this.#values.allLastApplied;
	}

	/** The declared fields of the last deployment that are ignored, with the values that it had. */
	get ignoredFields(): readonly FieldValue[] {
		const earlier = new Map(this.#values.allRefreshed.map((entry) => [entry.path, entry]));
		return [...this.lastApplied.values()]
			.filter((each) => this.#values.ignored.covers(each))
			.map((each) => earlier.get(each.path) ?? each);
	}

	/** The paths of the last deployment as a refresh writes them: secrets with the fingerprints of the live object. */
	get refreshedManagedFields(): string {
		return encodeFieldValues(
			[...this.lastApplied.values()].map(({ path, value, secret }) =>
				secret ? { path, value: this.#values.inService.get(path)?.value ?? "", secret } : { path, value },
			),
		);
	}

	/**
	 * Whether the last deployment's inputs contain a value that neither the service nor state's outputs return, or that is ignored, so that
	 * its live value is not the declared one. Pulumi keeps its inputs if `read` returns none; inputs without that value would look like a
	 * change.
	 */
	get hasInputsNotReadBack(): boolean {
		return (
			this.#values.hasIgnoredDeclaration ||
			listPathsNotReadBack(this.#schema).some((path) => this.lastApplied.has(path)) ||
			[...decodeIdentity(this.#state).keys()].some((name) => this.#state[name] === undefined)
		);
	}

	get #schema(): Schema<Inputs> {
		return this.#resourceType.schema;
	}

	#detectDrift(): readonly FieldDifference[] {
		// A state that has only declared values may lack the earlier value of a newly declared field.
		const isComplete = this.#state[DECLARED_ONLY_OUTPUT] !== true;
		const newlyDeclared = [...this.#values.declared.values()]
			.filter(({ path, secret }) => !secret && !this.#values.lastApplied.has(path))
			.filter(({ path }) => isComplete || this.#values.inState.has(path))
			.map(({ path }) => this.#values.inState.get(path) ?? { path, value: "" });
		return [...newlyDeclared, ...this.#values.lastApplied.values()]
			.filter((last) => !hasEqualValue(last, this.#values.inService.get(last.path)))
			.map((last) => this.#createDifference(last, this.#values.declared.get(last.path)));
	}

	#createDifference(last: FieldValue, declared: FieldValue | undefined): FieldDifference {
		return createFieldDifference(last.path, { last, live: this.#values.inService.get(last.path), declared });
	}

	/** Whether state has the declared value, even if it was not declared at the last deployment. */
	#isApplied(declared: FieldValue): boolean {
		const stored = this.#values.lastApplied.get(declared.path) ?? this.#values.inState.get(declared.path);
		return !isUnknown(declared.value) && hasEqualValue(declared, stored);
	}

	/**
	 * Whether the program declares the path for the first time and state must record it, so that the value is reset once it is no longer
	 * declared. A property with `keepWhenUnset` needs no record.
	 */
	#isNewlyDeclared({ path, secret }: FieldValue): boolean {
		if (this.#values.lastApplied.has(path)) return false;
		const isKept = findFieldOfPath(this.#schema, path)?.keepWhenUnset === true;
		return !isKept || secret === true || !this.#values.inState.has(path);
	}

	#isKeptWhenUnset(path: string): boolean {
		const name = path.split(".")[0] ?? path;
		return (
			this.#declared?.[name] === undefined && findFieldOfPath(this.#schema, path)?.keepWhenUnset === true
		);
	}
}
