import assert from "node:assert/strict";
import type { ResourceV3 } from "./deployment.ts";
import { addScenario, playScenarios, type Seen } from "./play.ts";

const plan = {
	resources: [
		{ name: "a", inputs: { size: 1, label: { $secret: "x" } } },
		{ name: "b", kind: "dynamic" as const, inputs: { from: { $ref: "a.made" } } },
		{ name: "lost" },
		{ name: "lonely", inputs: { from: { $ref: "lost.made" } } },
	],
};

const find = ({ state }: Seen, name: string): ResourceV3 | undefined =>
	state.deployment.resources?.find(({ urn }) => urn.endsWith(`::${name}`));

addScenario("detects changed and deleted resources, and restores them", [
	{ run: "up", plan },
	{
		run: "preview",
		meanwhile: (world) => world.drift("a", { revision: 9 }),
		options: { refresh: true, expectNoChanges: true },
	},
	{
		run: "preview",
		meanwhile: async (world) => {
			await world.drift("a", { size: 5 });
			await world.lose("lost");
		},
		options: { refresh: true, expectNoChanges: true },
		exit: 7,
		see: ({ calls, outcome }) => {
			const diff = calls.findLast((call) => call.startsWith("diff a"));
			assert.match(diff ?? "", /"size":5.*"size":1/u);
			const update = outcome.operations.find(({ op, name }) => op === "update" && name === "a");
			assert.deepEqual(update?.diffs, ["size"]);
			assert.ok(outcome.operations.some(({ op, name }) => op === "create" && name === "lost"));
		},
	},
	{ run: "preview", options: { expectNoChanges: true }, steps: [] },
	{
		run: "refresh",
		options: { previewOnly: true, expectNoChanges: true },
		exit: 7,
		steps: ["refresh a update", "refresh lost delete"],
	},
	{
		run: "refresh",
		steps: ["refresh a update", "refresh lost delete"],
		see: (seen) => {
			assert.equal(find(seen, "lonely")?.dependencies, undefined);
			assert.equal(find(seen, "a")?.inputs?.["size"], 5);
			assert.equal(find(seen, "a")?.outputs?.["revision"], 9);
		},
	},
	{
		run: "refresh",
		faults: { "read a": { message: "not now", say: "reading a" } },
		exit: 1,
	},
	{ run: "preview", faults: { "read a": { message: "not now" } }, options: { refresh: true }, exit: 1 },
	{
		run: "up",
		meanwhile: (world) => world.lose("b"),
		options: { refresh: true },
	},
	{
		run: "destroy",
		meanwhile: (world) => world.lose("b"),
		options: { refresh: true },
		see: ({ calls }) => assert.ok(!calls.some((call) => call.startsWith("delete b"))),
	},
]);

playScenarios("refresh");
