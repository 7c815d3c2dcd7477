import assert from "node:assert/strict";
import { addScenario, playScenarios } from "./play.ts";

const two = [
	{ name: "a", inputs: { size: 1 } },
	{ name: "b", kind: "dynamic" as const, inputs: { from: { $ref: "a.made" } } },
];

addScenario("creates, keeps, updates and deletes", [
	{
		run: "preview",
		plan: { resources: two, outputs: { told: { $ref: "b.made" } } },
		steps: ["create a", "create b"],
		see: ({ calls }) => assert.ok(calls.every((call) => call.startsWith("check"))),
	},
	{
		run: "up",
		steps: ["create a", "create b"],
		see: ({ outcome, calls }) => {
			assert.deepEqual(outcome.outputs, { told: "made b" });
			assert.deepEqual(outcome.changes, { create: 3 });
			assert.equal(calls.filter((call) => call.startsWith("create")).length, 2);
		},
	},
	{ run: "preview", steps: [], options: { expectNoChanges: true } },
	{
		run: "preview",
		plan: { resources: [{ name: "a", inputs: { size: 2 } }, ...two.slice(1)] },
		steps: ["update a", "update b"],
		options: { expectNoChanges: true },
		exit: 7,
		see: ({ outcome }) => {
			const diffs = outcome.operations.flatMap(({ name, diffs: names }) => (names ? [[name, ...names]] : []));
			assert.deepEqual(diffs.sort(), [
				["a", "size"],
				["b", "from"],
			]);
		},
	},
	{
		run: "up",
		plan: { resources: [{ name: "a", inputs: { size: 2 } }] },
		options: { skipPreview: false },
		steps: ["delete b", "update a"],
	},
	{ run: "destroy", steps: ["delete a"], options: { previewOnly: true } },
	{
		run: "destroy",
		steps: ["delete a"],
		see: ({ state }) => assert.equal(state.deployment.resources, undefined),
	},
]);

playScenarios("lifecycle");
