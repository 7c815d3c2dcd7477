import type { ChildProcess } from "node:child_process";

/** Sees to it that a child does not outlive this process; answers with what undoes that. */
export function endWithUs(child: ChildProcess): () => void {
	const end = (): void => void child.kill("SIGKILL");
	process.once("exit", end);
	return () => process.removeListener("exit", end);
}
