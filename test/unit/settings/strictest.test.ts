import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
	isTrueInAnySource,
	readStrictestLimit,
	readStrictestOnDrift,
} from "../../../provider/settings/strictest.ts";
import { createSetting, createSettingReader } from "../doubles.ts";

const SETTING = createSetting("x:safety", { env: ["X_SAFETY"] });

/** Creates a reader of a value in each source; an empty text counts as not set. */
function createReader(configuration: string, environment: string) {
	return createSettingReader({ "x:safety": configuration }, { X_SAFETY: environment });
}

describe("the limit is the smaller one of both sources, with its source", () => {
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
			assert.deepEqual(readStrictestLimit(createReader(configuration, environment), SETTING), limit));
	}
});

describe("a protection is on if either source sets it to true", () => {
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
			assert.equal(isTrueInAnySource(createReader(configuration, environment), SETTING), expected));
	}
});

describe("drift fails if either source says so", () => {
	const cases = [
		["", "", "reconcile", { isConfigured: false }],
		["fail", "", "fail", { isConfigured: true }],
		["", "fail", "fail", { isConfigured: false, variable: "X_SAFETY" }],
		["fail", "fail", "fail", { isConfigured: true, variable: "X_SAFETY" }],
		["fail", "reconcile", "fail", { isConfigured: true }],
		["reconcile", "fail", "fail", { isConfigured: false, variable: "X_SAFETY" }],
		["reconcile", "reconcile", "reconcile", { isConfigured: true, variable: "X_SAFETY" }],
	] as const;
	for (const [configuration, environment, policy, places] of cases) {
		test(`"${configuration}" and "${environment}", and names the places`, () =>
			assert.deepEqual(readStrictestOnDrift(createReader(configuration, environment), SETTING), {
				policy,
				setting: "x:safety",
				...places,
			}));
	}
});

test("an invalid value is an error in either source, whatever the other one is", () => {
	for (const reader of [createReader("0", "none"), createReader("none", "0")])
		assert.throws(() => readStrictestLimit(reader, SETTING), { key: "x:safety" });
	for (const reader of [createReader("true", "yes"), createReader("yes", "true")])
		assert.throws(() => isTrueInAnySource(reader, SETTING), { key: "x:safety" });
	for (const reader of [createReader("fail", "no"), createReader("no", "fail")])
		assert.throws(() => readStrictestOnDrift(reader, SETTING), { key: "x:safety" });
});
