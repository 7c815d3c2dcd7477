import assert from "node:assert/strict";
import { descendants } from "../engine/cli/descendants.ts";
import type { Site } from "./site.ts";

/**
 * Runs `up` and kills the provider when so many requests have arrived; answers whether it came to that. A run that is not
 * killed must go well.
 */
export async function killedAt({ emulator, stack }: Site, at: number): Promise<boolean> {
	let count = 0;
	let isKilled = false;
	const stop = emulator.control.onRequest(() => {
		count++;
		if (count !== at) return;
		for (const { pid, command } of descendants(process.pid)) {
			if (command.includes("cmd/dynamic-provider")) process.kill(pid, "SIGKILL");
		}
		isKilled = true;
	});
	try {
		const { exitCode, output } = await stack.up();
		if (!isKilled) assert.equal(exitCode, 0, output);
	} finally {
		stop();
	}
	return isKilled;
}
