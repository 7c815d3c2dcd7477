import assert from "node:assert/strict";
import { test } from "node:test";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc";
import { formatThreeWayDiff } from "../../../provider/resource/driftMessages.ts";

test("a difference is one line with three values, secrets by their fingerprint", () => {
	const facet = (value: string) => ({ path: "note", value });
	assert.equal(
		formatThreeWayDiff([
			{ path: "note", last: facet('a "b"'), live: facet(""), declared: facet(unknownValue) },
			{ path: "pin", live: { path: "pin", value: "1f0c", secret: true } },
		]),
		'    note: "a \\"b\\"" at the last deployment, none now, not yet known declared\n' +
			"    pin: none at the last deployment, key 1f0c now, none declared",
	);
	assert.equal(formatThreeWayDiff([]), "");
});
