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
	assert.deepEqual(reasons(expectString(), 5), ["p must be a string, got 5."]);
	assert.deepEqual(reasons(expectString(), ["a"]), ["p must be a string, got a list."]);
	assert.deepEqual(reasons(expectString(), {}), ["p must be a string, got an object."]);
	for (const half of ["a\ud800", "\udfffb"]) {
		assert.deepEqual(reasons(expectString(), half), [
			"p contains half of a character (an unpaired surrogate); remove it.",
		]);
	}
	assert.deepEqual(reasons(expectString(), "🏭"), []);
});

test("a boolean validator rejects strings", () => {
	assert.deepEqual(reasons(expectBoolean(), false), []);
	assert.deepEqual(reasons(expectBoolean(), "true"), ['p must be true or false, got "true".']);
});

test("a value is one of a few, in exact spelling", () => {
	const rule = expectOneOf(["enabled", "disabled"]);
	assert.deepEqual(reasons(rule, "disabled"), []);
	assert.deepEqual(reasons(rule, "off"), ['p must be "enabled" or "disabled", got "off".']);
	assert.deepEqual(reasons(rule, "Disabled"), [
		'p must be "enabled" or "disabled", got "Disabled" (did you mean "disabled"?).',
	]);
	assert.deepEqual(reasons(rule, true), ['p must be "enabled" or "disabled", got true.']);
});

test("a list has a bounded number of items, each with its own place in the message", () => {
	const rule = expectList(short, 1);
	assert.deepEqual(reasons(rule, ["a"]), []);
	assert.deepEqual(reasons(rule, "a"), ['p must be a list, got "a".']);
	assert.deepEqual(rule(["a", "bbbb"], "p"), [
		{ property: "p", reason: "p must have at most 1 item, got 2." },
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
	assert.deepEqual(reasons(rule, []), ["p must be an object with a, b; got a list."]);
	assert.deepEqual(reasons(rule, "x"), ['p must be an object with a, b; got "x".']);
});

test("unknown, null and missing values are accepted at every depth", () => {
	const rule = expectObject({ a: expectList(short, 1), b: expectOneOf(["x"]), c: expectBoolean() });
	for (const nothing of [unknownValue, null, undefined]) {
		assert.deepEqual(rule(nothing, "p"), []);
		assert.deepEqual(rule({ a: nothing, b: nothing, c: nothing }, "p"), []);
		assert.deepEqual(rule({ a: [nothing] }, "p"), []);
	}
});
