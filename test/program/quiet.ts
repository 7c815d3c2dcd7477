import assert from "node:assert/strict";
import type { Stack } from "../engine/index.ts";

/** Asserts that the program as it is deployed finds nothing to do. */
export async function assertQuiet(stack: Stack): Promise<void> {
	const { exitCode, output } = await stack.preview({ expectNoChanges: true });
	assert.equal(exitCode, 0, output);
}

/** Takes away what is deployed, which must go well. */
export async function destroyStack(stack: Stack): Promise<void> {
	const { exitCode, output } = await stack.destroy();
	assert.equal(exitCode, 0, output);
}

/** Deploys, which must go well. */
export async function deployStack(stack: Stack): Promise<void> {
	const { exitCode, output } = await stack.up();
	assert.equal(exitCode, 0, output);
}
