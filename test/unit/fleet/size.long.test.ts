import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { SDK_MESSAGE_LIMITS } from "../../../provider/fleet/messageLimits.ts";

const SCRIPT = join(__dirname, "largest.process.ts");

/** Encodes a string of this length in a process of its own with a large heap. */
function encodeInProcess(bytes: number): { readonly status: number | null; readonly output: string } {
	const args = ["--max-old-space-size=4096", "--import", "tsx", SCRIPT, "text", String(bytes)];
	const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
	return { status, output: stdout + stderr };
}

test("the longest string that is accepted can be encoded", () => {
	const { status, output } = encodeInProcess(SDK_MESSAGE_LIMITS.maxStringBytes);
	assert.equal(status, 0, output);
	assert.match(output, /^\{"encoded":1100000\d\d\}$/m);
});

test("a string that is three percent longer ends the process, hence the limit", () => {
	const { status, output } = encodeInProcess(SDK_MESSAGE_LIMITS.maxStringBytes * 1.03);
	assert.notEqual(status, 0);
	assert.match(output, /invalid size error/i);
});
