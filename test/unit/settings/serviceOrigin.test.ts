import assert from "node:assert/strict";
import { test } from "node:test";
import { isLoopback } from "../../../provider/settings/serviceOrigin.ts";

test("only this machine is loopback, not a name that begins like it", () => {
	const here = ["localhost", "127.0.0.1", "127.1.2.3", "[::1]", "::1"];
	const elsewhere = [
		"localhost.example",
		"127.0.0.1.example",
		"128.0.0.1",
		"0.0.0.0",
		"hub.example",
		"127.0.0",
	];
	assert.deepEqual(here.filter(isLoopback), here);
	assert.deepEqual(elsewhere.filter(isLoopback), []);
});
