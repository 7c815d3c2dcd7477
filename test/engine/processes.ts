import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Readable } from "node:stream";

/** Returns the environment for programs and providers: ours without the variables for a test runner's children. */
export function createChildEnv(
	...more: readonly (Readonly<Record<string, string>> | undefined)[]
): Record<string, string | undefined> {
	const { NODE_TEST_CONTEXT: _, ...env } = process.env;
	return Object.assign({ ...env }, ...more);
}

/** Returns the peak memory of a process in bytes so far; undefined without /proc or without the process. */
export function readPeakMemory(pid: number | undefined): number | undefined {
	if (pid === undefined) return undefined;
	try {
		const match = /^VmHWM:\s+(\d+) kB/mu.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
		return match === null ? undefined : Number(match[1]) * 1024;
	} catch {
		return undefined;
	}
}

/** Records the peak memory of processes that may end at any time: the largest sample counts. */
export class PeakMemory {
	#peak: number | undefined;

	/** Takes a sample of a process. */
	sample(pid: number | undefined): void {
		const seen = readPeakMemory(pid);
		if (seen !== undefined) this.#peak = Math.max(this.#peak ?? 0, seen);
	}

	/** The largest sample. */
	get bytes(): number | undefined {
		return this.#peak;
	}
}

/** Makes sure that a child does not outlive this process; returns a function that undoes that. */
export function endWithUs(child: ChildProcess): () => void {
	const end = (): void => void child.kill("SIGKILL");
	process.once("exit", end);
	return () => process.removeListener("exit", end);
}

/** Passes each line of a stream, without its end, to `onLine`; resolves when the stream ends. */
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
