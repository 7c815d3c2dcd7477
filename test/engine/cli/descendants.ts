import { readdirSync, readFileSync } from "node:fs";
import type { PeakMemory } from "../processMemory.ts";

interface Process {
	readonly pid: number;
	readonly parent: number;
	readonly command: string;
}

/** Notes the memory of the program and of the provider among the descendants of a process, where /proc tells of them. */
export function sampleDescendants(
	root: number | undefined,
	memory: { readonly provider: PeakMemory; readonly program: PeakMemory },
): void {
	if (root === undefined) return;
	const ours = new Set([root]);
	for (const { pid, parent, command } of processes()) {
		if (!ours.has(parent)) continue;
		ours.add(pid);
		if (command.includes("cmd/dynamic-provider")) memory.provider.sample(pid);
		if (command.includes("cmd/run")) memory.program.sample(pid);
	}
}

function processes(): Process[] {
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
