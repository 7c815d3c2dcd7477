import type { Leaves } from "./place.ts";
import type { OnDrift } from "./steps.ts";

/** Records, by path, the values that count as those of the last deployment. */
export class Deployed {
	#values = new Map<string, ReadonlySet<string>>();

	/** The paths that the last deployment declared. */
	get paths(): string[] {
		return [...this.#values.keys()];
	}

	/** Whether exactly one value counts for each path, because nothing was interrupted or taken over since. */
	get isCertain(): boolean {
		return [...this.#values.values()].every(({ size }) => size === 1);
	}

	has(path: string): boolean {
		return this.#values.has(path);
	}

	/** Returns the values of one path; the value in state if none is recorded. */
	bases(path: string, kept: Leaves): ReadonlySet<string> {
		return this.#values.get(path) ?? new Set([kept[path] ?? ""]);
	}

	/** Records a complete or interrupted deployment, after which state has these values. */
	deploy(declared: Leaves, kept: Leaves, isWhole: boolean): void {
		this.#values = new Map(
			Object.entries(declared).map(([path, value]) => [
				path,
				new Set(isWhole ? [value] : [value, kept[path] ?? ""]),
			]),
		);
	}

	/**
	 * Records values that a refresh took into state and the program declares since: they are deployed without a write.
	 * The earlier value still counts too, unless `onDrift` is `fail`.
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
