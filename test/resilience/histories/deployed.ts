import type { Leaves } from "./place.ts";
import type { OnDrift } from "./steps.ts";

/** Knows what was deployed: by path, the values that count as those of the last deployment. */
export class Deployed {
	#values = new Map<string, ReadonlySet<string>>();

	/** The paths that were declared then. */
	get paths(): string[] {
		return [...this.#values.keys()];
	}

	/** Whether nothing was interrupted or taken over since, so that one value counts for each path. */
	get isCertain(): boolean {
		return [...this.#values.values()].every(({ size }) => size === 1);
	}

	has(path: string): boolean {
		return this.#values.has(path);
	}

	/** The values of one path; what nothing is known of is as state has it. */
	bases(path: string, kept: Leaves): ReadonlySet<string> {
		return this.#values.get(path) ?? new Set([kept[path] ?? ""]);
	}

	/** Takes note of a deployment, whole or interrupted, after which state has these values. */
	deploy(declared: Leaves, kept: Leaves, isWhole: boolean): void {
		this.#values = new Map(
			Object.entries(declared).map(([path, value]) => [
				path,
				new Set(isWhole ? [value] : [value, kept[path] ?? ""]),
			]),
		);
	}

	/**
	 * A value that a refresh took into state and the program declares since is deployed without a write. What was deployed
	 * before is not forgotten with it, unless `fail` is at stake.
	 */
	takeOver(declared: Leaves, onDrift: OnDrift): void {
		for (const [path, values] of this.#values) {
			const before = onDrift === "fail" ? [] : values;
			this.#values.set(path, new Set([...before, declared[path] ?? ""]));
		}
	}

	/** Forgets everything. */
	clear(): void {
		this.#values = new Map();
	}
}
