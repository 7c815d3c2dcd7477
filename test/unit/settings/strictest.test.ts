import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
	isTrueInAnySource,
	readStrictestLimit,
	readStrictestOnDrift,
} from "../../../provider/settings/strictest.ts";
import { createSetting, createSettingReader } from "../doubles.ts";

const SETTING = createSetting("x:safety", { env: ["X_SAFETY"] });

/** A reader of what each place sets; an empty text sets nothing. */
function readerBy(configuration: string, environment: string) {
	return createSettingReader({ "x:safety": configuration }, { X_SAFETY: environment });
}

describe("of two numbers the smaller one is the limit, told with its place", () => {
	const inConfiguration = (max: number) => ({ max, setting: "x:safety" });
	const inEnvironment = (max: number) => ({ ...inConfiguration(max), variable: "X_SAFETY" });
	const cases = [
		["", "", undefined],
		["5", "", inConfiguration(5)],
		["", "5", inEnvironment(5)],
		["5", "9", inConfiguration(5)],
		["9", "5", inEnvironment(5)],
		["5", "5", inConfiguration(5)],
		["5", "0", inEnvironment(0)],
		["0", "5", inConfiguration(0)],
	] as const;
	for (const [configuration, environment, limit] of cases) {
		test(`"${configuration}" and "${environment}"`, () =>
			assert.deepEqual(readStrictestLimit(readerBy(configuration, environment), SETTING), limit));
	}
});

describe("what either place sets to true is true", () => {
	const cases = [
		["", "", false],
		["true", "", true],
		["", "true", true],
		["true", "false", true],
		["false", "true", true],
		["false", "false", false],
	] as const;
	for (const [configuration, environment, expected] of cases) {
		test(`"${configuration}" and "${environment}"`, () =>
			assert.equal(isTrueInAnySource(readerBy(configuration, environment), SETTING), expected));
	}
});

describe("drift fails where either place says so", () => {
	const cases = [
		["", "", "reconcile"],
		["fail", "", "fail"],
		["", "fail", "fail"],
		["fail", "reconcile", "fail"],
		["reconcile", "fail", "fail"],
		["reconcile", "reconcile", "reconcile"],
	] as const;
	for (const [configuration, environment, expected] of cases) {
		test(`"${configuration}" and "${environment}"`, () =>
			assert.equal(readStrictestOnDrift(readerBy(configuration, environment), SETTING), expected));
	}
});

test("a value that makes no sense is an error in either place, whatever the other one says", () => {
	for (const reader of [readerBy("0", "none"), readerBy("none", "0")])
		assert.throws(() => readStrictestLimit(reader, SETTING), { key: "x:safety" });
	for (const reader of [readerBy("true", "yes"), readerBy("yes", "true")])
		assert.throws(() => isTrueInAnySource(reader, SETTING), { key: "x:safety" });
	for (const reader of [readerBy("fail", "no"), readerBy("no", "fail")])
		assert.throws(() => readStrictestOnDrift(reader, SETTING), { key: "x:safety" });
});
