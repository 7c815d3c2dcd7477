import assert from "node:assert/strict";
import type { Stack } from "../engine/index.ts";

/** Asserts that a program deploys, has no changes after that, and is destroyed. */
export async function assertDeploys(stack: Pick<Stack, "up" | "preview" | "destroy">): Promise<void> {
	const up = await stack.up();
	assert.equal(up.exitCode, 0, up.output);
	const again = await stack.preview({ expectNoChanges: true });
	assert.equal(again.exitCode, 0, again.output);
	const destroy = await stack.destroy();
	assert.equal(destroy.exitCode, 0, destroy.output);
}
