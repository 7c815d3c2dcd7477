import { IGNORED_INPUT } from "../stateKeys.ts";
import type { Values } from "../values.ts";
import { readRefreshedDrift } from "./drift.ts";
import { type IgnoredPaths, readIgnoredPaths } from "./ignoredPaths.ts";
import { getLastApplied } from "./managedFields.ts";
import type { ObservedObject } from "./planCache.ts";
import type { ResourceType } from "./resourceType.ts";
import { type FieldValue, type FieldValues, toFieldValues, toStateValues } from "./schema.ts";

/** The three versions of one object that are compared. */
export interface ComparedVersions<Inputs> {
	/** The outputs of the last deployment or refresh. */
	readonly state: Values;
	/** The inputs, derived ones included and ignored ones omitted. Default: what the last deployment declared. */
	readonly declared?: Values;
	/** The object in the service, or `unchanged` if its etag is still the one in state. Default: `unchanged`. */
	readonly live?: ObservedObject<Inputs>;
}

/** The managed fields of each version of an object. Each result is computed on first use, and only once. */
export class ComparedValues<Inputs extends object> {
	/** The fields that the program ignores; without a program, those that the last deployment ignored. */
	readonly ignored: IgnoredPaths;
	readonly #resourceType: ResourceType<Inputs>;
	readonly #versions: ComparedVersions<Inputs>;
	#inState: FieldValues | undefined;
	#declared: FieldValues | undefined;
	#inService: FieldValues | undefined;
	#lastApplied: FieldValues | undefined;
	#allLastApplied: FieldValues | undefined;
	#allRefreshed: readonly FieldValue[] | undefined;
	#refreshed: readonly FieldValue[] | undefined;

	constructor(resourceType: ResourceType<Inputs>, versions: ComparedVersions<Inputs>) {
		this.#resourceType = resourceType;
		this.#versions = versions;
		this.ignored = readIgnoredPaths(resourceType.schema, versions.declared ?? versions.state);
	}

	/** The values in state, ignored ones included. */
	get inState(): FieldValues {
		this.#inState ??= toStateValues(this.#resourceType, this.#versions.state);
		return this.#inState;
	}

	/** The declared values. */
	get declared(): FieldValues {
		const { declared } = this.#versions;
		this.#declared ??=
			declared === undefined ? this.lastApplied : toFieldValues(this.#resourceType.schema, declared);
		return this.#declared;
	}

	/** The live values, ignored ones included. */
	get inService(): FieldValues {
		const { live = "unchanged" } = this.#versions;
		this.#inService ??=
			live === "unchanged"
				? this.allLastApplied
				: toFieldValues(this.#resourceType.schema, live.values as Values);
		return this.#inService;
	}

	/** The declared paths of the last deployment, with the values that the object then had. */
	get lastApplied(): FieldValues {
		this.#lastApplied ??= this.ignored.omitFromFields(this.allLastApplied);
		return this.#lastApplied;
	}

	/** The same, ignored paths included. */
	get allLastApplied(): FieldValues {
		this.#allLastApplied ??= getLastApplied(this.#versions.state, this.inState);
		return this.#allLastApplied;
	}

	/** What earlier refreshes recorded: the changed paths, with the values of the last deployment. */
	get refreshed(): readonly FieldValue[] {
		this.#refreshed ??= this.allRefreshed.filter((entry) => !this.ignored.covers(entry));
		return this.#refreshed;
	}

	/** The same, ignored paths included. */
	get allRefreshed(): readonly FieldValue[] {
		this.#allRefreshed ??= readRefreshedDrift(this.#versions.state);
		return this.#allRefreshed;
	}

	/** Whether the option `ignoreChanges` names other paths than at the last deployment. */
	get hasIgnoredOtherPaths(): boolean {
		const { state, declared = state } = this.#versions;
		return (declared[IGNORED_INPUT] ?? "") !== (state[IGNORED_INPUT] ?? "");
	}

	/** Whether the last deployment or the program ignores a field that the last deployment declared. */
	get hasIgnoredDeclaration(): boolean {
		const previouslyIgnored = readIgnoredPaths(this.#resourceType.schema, this.#versions.state);
		return [...this.allLastApplied.values()].some(
			(fieldValue) => this.ignored.covers(fieldValue) || previouslyIgnored.covers(fieldValue),
		);
	}
}
