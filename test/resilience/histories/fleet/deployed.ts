import { isAboutDevice } from "../reports.ts";
import type { ApplyScene } from "../scenes.ts";
import type { OnDrift } from "../steps.ts";
import { isParent, type Kept, type Leaves, readDeclared, readMembers } from "./leaves.ts";
import type { Fleet, View } from "./place.ts";

type Values = ReadonlySet<string>;

/** Records, by device and path, the values that count as those of the last deployment. */
export class Deployed {
	#devices = new Map<string, Map<string, Values>>();

	/** Returns the values of one path; the value in state if none is recorded. */
	bases(id: string, path: string, kept: Kept): Values {
		return this.#devices.get(id)?.get(path) ?? new Set([kept.leaves[path] ?? ""]);
	}

	/** Records what an operation deployed, completely or in part. */
	apply({ program, state, after, onDrift }: ApplyScene<Fleet>, view: View, error?: Error): void {
		const [was, now] = [readMembers(state), readMembers(after)];
		const before = this.#devices;
		this.#devices = new Map();
		for (const [id, kept] of now) {
			const declared = readDeclared(program, id, view);
			const last = before.get(id) ?? new Map<string, Values>();
			const isWritten = was.get(id)?.text !== kept.text;
			if (declared === undefined || (error !== undefined && !isWritten)) this.#devices.set(id, last);
			else if (isWritten)
				this.#devices.set(id, listWritten(declared, kept, error !== undefined && isAboutDevice(error, id)));
			else this.#devices.set(id, listAdopted(declared, last, onDrift));
		}
	}

	/** Forgets everything. */
	clear(): void {
		this.#devices = new Map();
	}
}

function listWritten(declared: Leaves, kept: Kept, isHalf: boolean): Map<string, Values> {
	const valuesOf = (path: string, value: string): string[] => {
		const now = kept.leaves[path] ?? "";
		// A parent is deployed by the scope that it had at that time.
		if (isParent(path)) return [now];
		return isHalf ? [value, now] : [value];
	};
	return new Map(Object.entries(declared).map(([path, value]) => [path, new Set(valuesOf(path, value))]));
}

/**
 * Lists values that a refresh took into state and the program declares since: they are deployed without a write. The
 * earlier value still counts too, unless `onDrift` is `fail`.
 */
function listAdopted(
	declared: Leaves,
	last: ReadonlyMap<string, Values>,
	onDrift: OnDrift,
): Map<string, Values> {
	return new Map(
		[...last].map(([path, values]) => [
			path,
			isParent(path) ? values : new Set([...(onDrift === "fail" ? [] : values), declared[path] ?? ""]),
		]),
	);
}
