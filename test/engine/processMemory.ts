import { readFileSync } from "node:fs";

/** The most memory in bytes that a process has held so far; undefined where there is no /proc or no such process. */
export function readPeakMemory(pid: number | undefined): number | undefined {
	if (pid === undefined) return undefined;
	try {
		const match = /^VmHWM:\s+(\d+) kB/mu.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
		return match === null ? undefined : Number(match[1]) * 1024;
	} catch {
		return undefined;
	}
}

/** Follows the peak of processes that may end at any time: the largest value seen counts. */
export class PeakMemory {
	#peak: number | undefined;

	/** Looks at a process now. */
	sample(pid: number | undefined): void {
		const seen = readPeakMemory(pid);
		if (seen !== undefined) this.#peak = Math.max(this.#peak ?? 0, seen);
	}

	/** The largest value seen. */
	get bytes(): number | undefined {
		return this.#peak;
	}
}
