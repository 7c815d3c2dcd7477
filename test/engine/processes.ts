import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Readable } from "node:stream";

/** The environment for programs and providers: ours without what speaks only to a test runner's children. */
export function createChildEnv(
	...more: readonly (Readonly<Record<string, string>> | undefined)[]
): Record<string, string | undefined> {
	const { NODE_TEST_CONTEXT: _, ...env } = process.env;
	return Object.assign({ ...env }, ...more);
}

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

/** Sees to it that a child does not outlive this process; answers with what undoes that. */
export function endWithUs(child: ChildProcess): () => void {
	const end = (): void => void child.kill("SIGKILL");
	process.once("exit", end);
	return () => process.removeListener("exit", end);
}

/** Gives each line of a stream, without its end, to `onLine`; resolves when the stream ends. */
export function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
	let rest = "";
	stream.setEncoding("utf8");
	stream.on("data", (chunk: string) => {
		const lines = (rest + chunk).split("\n");
		rest = lines.pop() ?? "";
		for (const line of lines) onLine(line);
	});
	return new Promise((resolve) => {
		stream.once("close", () => {
			if (rest !== "") onLine(rest);
			resolve();
		});
	});
}
