import { readdirSync, readFileSync } from "node:fs";
import type { PeakMemory } from "../processes.ts";

/** A process as read from /proc. */
export interface Process {
	readonly pid: number;
	readonly parent: number;
	/** Its arguments, separated by zero bytes. */
	readonly command: string;
}

/** Records the memory of the program and of the provider among the descendants of a process, if /proc exists. */
export function sampleDescendants(
	root: number | undefined,
	memory: { readonly provider: PeakMemory; readonly program: PeakMemory },
): void {
	if (root === undefined) return;
	for (const { pid, command } of listDescendants(root)) {
		if (command.includes("cmd/dynamic-provider")) memory.provider.sample(pid);
		if (command.includes("cmd/run")) memory.program.sample(pid);
	}
}

/** Returns the descendants of a process; none without /proc. */
export function listDescendants(root: number): Process[] {
	const ours = new Set([root]);
	return listProcesses().filter(({ pid, parent }) => {
		if (!ours.has(parent)) return false;
		ours.add(pid);
		return true;
	});
}

/** Returns all processes; none without /proc. */
export function listProcesses(): Process[] {
	try {
		const ids = readdirSync("/proc").filter((name) => /^\d+$/u.test(name));
		return ids
			.map(Number)
			.sort((left, right) => left - right)
			.flatMap(readProcess);
	} catch {
		return [];
	}
}

function readProcess(pid: number): Process[] {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
		const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
		return [{ pid, parent, command: readFileSync(`/proc/${pid}/cmdline`, "utf8") }];
	} catch {
		return [];
	}
}
