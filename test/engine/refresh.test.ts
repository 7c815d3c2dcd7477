import assert from "node:assert/strict";
import { playScenarios, scenario } from "./play.ts";

const pair = [
	{ name: "a", inputs: { size: 1, label: { $secret: "x" } } },
	{ name: "b", kind: "dynamic" as const, inputs: { from: { $ref: "a.made" } } },
];

scenario("finds what was changed elsewhere, and puts it back", [
	{ run: "up", plan: { resources: pair } },
	{ run: "preview", options: { refresh: true, expectNoChanges: true }, exit: 0 },
	{
		run: "preview",
		meanwhile: (world) => world.drift("a", { size: 5 }),
		options: { refresh: true, expectNoChanges: true },
		exit: 7,
		steps: ["refresh a refresh", "refresh b refresh", "update a", "update b"],
		see: ({ calls, outcome }) => {
			const diff = calls.findLast((call) => call.startsWith("diff a"));
			assert.match(diff ?? "", /"size":5.*"size":1/u);
			const update = outcome.operations.find(({ op }) => op === "update");
			assert.deepEqual(update?.diffs, ["size"]);
		},
	},
	{ run: "preview", options: { expectNoChanges: true }, steps: [] },
	{
		run: "refresh",
		options: { previewOnly: true, expectNoChanges: true },
		exit: 7,
		steps: ["refresh a update"],
	},
	{ run: "refresh", steps: ["refresh a update"] },
	{ run: "preview", steps: ["update a", "update b"] },
	{ run: "up", options: { refresh: true } },
	{ run: "up", options: { refresh: true, expectNoChanges: true } },
]);

scenario("does not take a change of outputs alone for a change", [
	{ run: "up", plan: { resources: pair } },
	{
		run: "preview",
		meanwhile: (world) => world.drift("a", { revision: 9 }),
		options: { refresh: true, expectNoChanges: true },
	},
	{ run: "refresh", options: { previewOnly: true, expectNoChanges: true } },
	{
		run: "refresh",
		see: ({ state }) => {
			const a = state.deployment.resources?.find(({ urn }) => urn.endsWith("::a"));
			assert.equal(a?.outputs?.["revision"], 9);
		},
	},
]);

scenario("finds what is gone, and makes it again", [
	{ run: "up", plan: { resources: pair } },
	{
		run: "refresh",
		meanwhile: (world) => world.lose("a"),
		options: { previewOnly: true },
		steps: ["refresh a delete"],
	},
	{
		run: "refresh",
		steps: ["refresh a delete"],
		see: ({ state }) => {
			const b = state.deployment.resources?.find(({ urn }) => urn.endsWith("::b"));
			assert.equal(b?.dependencies, undefined);
		},
	},
	{ run: "up", steps: ["create a"] },
	{
		run: "up",
		meanwhile: (world) => world.lose("b"),
		options: { refresh: true },
		steps: ["create b", "refresh a refresh", "refresh b refresh"],
	},
	{ run: "destroy", meanwhile: (world) => world.lose("b"), options: { refresh: true } },
]);

scenario("keeps what it knows when a read fails", [
	{ run: "up", plan: { resources: pair } },
	{
		run: "refresh",
		meanwhile: (world) => world.drift("b", { size: 4 }),
		faults: { "read a": { message: "not now", say: "reading a" } },
		exit: 1,
	},
	{ run: "preview", faults: { "read a": { message: "not now" } }, options: { refresh: true }, exit: 1 },
	{ run: "up" },
	{ run: "up", steps: [] },
]);

playScenarios("refresh");
