import assert from "node:assert/strict";
import { test } from "node:test";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc";
import type { FieldValidator } from "../../../provider/resource/schema.ts";
import {
	expectBoolean,
	expectList,
	expectObject,
	expectOneOf,
	expectString,
} from "../../../provider/resource/validators.ts";

const reasons = (rule: FieldValidator, value: unknown): string[] =>
	rule(value, "p").map(({ reason }) => reason);

const short = expectString((value) => (value.length > 3 ? "is long; shorten it" : undefined));

test("a string validator accepts strings, and may add a rule", () => {
	assert.deepEqual(reasons(short, "abc"), []);
	assert.deepEqual(reasons(short, "abcd"), ["p is long; shorten it."]);
	assert.deepEqual(reasons(expectString(), 5), ["p is 5; it takes a text."]);
	assert.deepEqual(reasons(expectString(), ["a"]), ["p is a list; it takes a text."]);
	assert.deepEqual(reasons(expectString(), {}), ["p is an object; it takes a text."]);
	for (const half of ["a\ud800", "\udfffb"]) {
		assert.deepEqual(reasons(expectString(), half), [
			"p has half of a character in it (an unpaired surrogate); leave it out.",
		]);
	}
	assert.deepEqual(reasons(expectString(), "🏭"), []);
});

test("a boolean validator rejects strings", () => {
	assert.deepEqual(reasons(expectBoolean(), false), []);
	assert.deepEqual(reasons(expectBoolean(), "true"), ['p is "true"; it takes true or false.']);
});

test("a value is one of a few, in exact spelling", () => {
	const rule = expectOneOf(["enabled", "disabled"]);
	assert.deepEqual(reasons(rule, "disabled"), []);
	assert.deepEqual(reasons(rule, "off"), ['p is "off"; it takes "enabled" or "disabled".']);
	assert.deepEqual(reasons(rule, "Disabled"), [
		'p is "Disabled"; it takes "enabled" or "disabled" (did you mean "disabled"?).',
	]);
	assert.deepEqual(reasons(rule, true), ['p is true; it takes "enabled" or "disabled".']);
});

test("a list has a bounded number of items, each with its own place in the message", () => {
	const rule = expectList(short, 1);
	assert.deepEqual(reasons(rule, ["a"]), []);
	assert.deepEqual(reasons(rule, "a"), ['p is "a"; it takes a list.']);
	assert.deepEqual(rule(["a", "bbbb"], "p"), [
		{ property: "p", reason: "p has 2 items; it takes at most 1." },
		{ property: "p[1]", reason: "p[1] is long; shorten it." },
	]);
});

test("an object has only the members that it may have", () => {
	const rule = expectObject({ a: short, b: expectBoolean() });
	assert.deepEqual(reasons(rule, {}), []);
	assert.deepEqual(rule({ a: "abcd", c: 1, toString: 1 }, "p"), [
		{ property: "p.a", reason: "p.a is long; shorten it." },
		{ property: "p.c", reason: "p.c does not exist; p has a, b." },
		{ property: "p.toString", reason: "p.toString does not exist; p has a, b." },
	]);
	assert.deepEqual(reasons(rule, []), ["p is a list; it takes an object with a, b."]);
	assert.deepEqual(reasons(rule, "x"), ['p is "x"; it takes an object with a, b.']);
});

test("unknown, null and missing values are accepted at every depth", () => {
	const rule = expectObject({ a: expectList(short, 1), b: expectOneOf(["x"]), c: expectBoolean() });
	for (const nothing of [unknownValue, null, undefined]) {
		assert.deepEqual(rule(nothing, "p"), []);
		assert.deepEqual(rule({ a: nothing, b: nothing, c: nothing }, "p"), []);
		assert.deepEqual(rule({ a: [nothing] }, "p"), []);
	}
});
