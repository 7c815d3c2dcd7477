import assert from "node:assert/strict";
import { test } from "node:test";
import { withTimeout } from "../../../provider/http/within.ts";

const late = () => new Error("too late");
const never = () => new Promise<never>(() => {});

test("what is done in time is the result, also where there is more time than a timer holds", async () => {
	assert.equal(await withTimeout(60_000, async () => "done", late), "done");
	assert.equal(await withTimeout(2 ** 40, async () => "done", late), "done");
});

test("what fails in time fails as it does", async () => {
	await assert.rejects(
		withTimeout(60_000, () => Promise.reject(new Error("no")), late),
		/^Error: no$/,
	);
});

test("what does not end is left alone, and told so", async () => {
	let told: AbortSignal | undefined;
	const work = (signal: AbortSignal) => {
		told = signal;
		return never();
	};
	await assert.rejects(withTimeout(1, work, late), /^Error: too late$/);
	assert.equal(told?.aborted, true);
});
