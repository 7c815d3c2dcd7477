import assert from "node:assert/strict";
import { playScenarios, scenario } from "./play.ts";
import type { PlannedResource } from "./world.ts";

const thing = (name: string, inputs: object = {}, options: object = {}): PlannedResource => ({
	name,
	inputs: { ...inputs },
	options: { ...options },
});

scenario("makes the replacement first and deletes the old one at the end", [
	{ run: "up", plan: { resources: [thing("a", { key: "1" }), thing("b", { from: { $ref: "a.made" } })] } },
	{
		run: "preview",
		plan: { resources: [thing("a", { key: "2" }), thing("b", { from: { $ref: "a.id" } })] },
		steps: ["create-replacement a", "delete-replaced a", "replace a", "update b"],
	},
	{
		run: "up",
		steps: ["create-replacement a", "delete-replaced a", "replace a", "update b"],
		see: ({ outcome, calls }) => {
			assert.deepEqual(
				calls
					.map((call) => call.split(" ").slice(0, 2).join(" "))
					.filter((call) => !/check|diff/u.test(call)),
				["create a", "update b", "delete a"],
			);
			assert.deepEqual(outcome.changes, { replace: 1, same: 1, update: 1 });
			const replace = outcome.operations.find(({ op }) => op === "replace");
			assert.deepEqual(replace?.replaceKeys, ["key"]);
			assert.deepEqual(replace?.diffs, ["key"]);
		},
	},
	{ run: "destroy" },
]);

const chain = (key: string): PlannedResource[] => [
	thing("a", { key, deleteFirst: true }),
	thing("b", { key: { $ref: "a.id" } }),
	thing("c", { key: { $ref: "b.id" } }),
	thing("d", { from: { $ref: "a.id" } }),
	thing("e", {}, { dependsOn: ["a"] }),
];

scenario("deletes first, with all that must be replaced after it, where the provider says so", [
	{ run: "up", plan: { resources: chain("1") } },
	{
		run: "preview",
		plan: { resources: chain("2") },
	},
	{
		run: "up",
		see: ({ calls }) => {
			const acts = calls.map((call) => call.split(" ").slice(0, 2).join(" "));
			const deletes = acts.filter((call) => call.startsWith("delete"));
			assert.deepEqual(deletes, ["delete c", "delete b", "delete a"]);
		},
	},
	{ run: "up", steps: [] },
]);

scenario("lets the program decide which comes first", [
	{ run: "up", plan: { resources: [thing("a", { key: "1" }, { deleteBeforeReplace: true })] } },
	{
		run: "up",
		plan: { resources: [thing("a", { key: "2" }, { deleteBeforeReplace: true })] },
		steps: ["create-replacement a", "delete-replaced a", "replace a"],
		see: ({ calls }) => {
			const acts = calls.map((call) => call.split(" ")[0]).filter((act) => !/check|diff/u.test(act ?? ""));
			assert.deepEqual(acts, ["delete", "create"]);
		},
	},
	{
		run: "up",
		plan: { resources: [thing("a", { key: "3", deleteFirst: true }, { deleteBeforeReplace: false })] },
		see: ({ calls }) => {
			const acts = calls.map((call) => call.split(" ")[0]).filter((act) => !/check|diff/u.test(act ?? ""));
			assert.deepEqual(acts, ["create", "delete"]);
		},
	},
]);

scenario("remembers a resource that was deleted but not made again", [
	{ run: "up", plan: { resources: [thing("a", { key: "1", deleteFirst: true })] } },
	{
		run: "up",
		plan: { resources: [thing("a", { key: "2", deleteFirst: true })] },
		faults: { "create a": { message: "no room" } },
		exit: 1,
		see: ({ state }) =>
			assert.ok(state.deployment.resources?.some((resource) => resource.pendingReplacement)),
	},
	{ run: "preview", steps: ["create-replacement a", "replace a"] },
	{ run: "up", steps: ["create-replacement a", "replace a"] },
]);

scenario("forgets a resource that was deleted to be made again, when it is wanted no more", [
	{ run: "up", plan: { resources: [thing("a", { key: "1", deleteFirst: true })] } },
	{
		run: "up",
		plan: { resources: [thing("a", { key: "2", deleteFirst: true })] },
		faults: { "create a": { message: "no room" } },
		exit: 1,
	},
	{
		run: "up",
		plan: {},
		see: ({ state, calls }) => {
			assert.deepEqual(calls, []);
			assert.ok(!state.deployment.resources?.some(({ urn }) => urn.endsWith("::a")));
		},
	},
]);

scenario("tries again to delete what was replaced", [
	{ run: "up", plan: { resources: [thing("a", { key: "1" })] } },
	{
		run: "up",
		plan: { resources: [thing("a", { key: "2" })] },
		faults: { "delete a": { message: "in use" } },
		exit: 1,
		see: ({ state }) => assert.ok(state.deployment.resources?.some((resource) => resource.delete)),
	},
	{ run: "preview", steps: ["delete-replaced a"] },
	{ run: "up", steps: ["delete-replaced a"] },
]);

scenario("compares inputs itself where the provider does not, and replaces on the named changes", [
	{ run: "up", plan: { resources: [{ kind: "bare", ...thing("a", { size: 1, nested: { deep: 1 } }) }] } },
	{
		run: "preview",
		plan: { resources: [{ kind: "bare", ...thing("a", { size: 1, nested: { deep: 2 } }) }] },
		steps: ["update a"],
	},
	{
		run: "up",
		plan: {
			resources: [
				{
					kind: "bare",
					...thing("a", { size: 1, nested: { deep: 2 } }, { replaceOnChanges: ["nested.deep"] }),
				},
			],
		},
	},
	{ run: "up", steps: [] },
	{
		run: "up",
		plan: {
			resources: [
				{ kind: "bare", ...thing("a", { size: 2, nested: { deep: 2 } }, { replaceOnChanges: ["*"] }) },
			],
		},
	},
]);

scenario("keeps a renamed resource", [
	{
		run: "up",
		plan: { resources: [thing("a"), { kind: "group", name: "g" }, thing("g-b", {}, { parent: "g" })] },
	},
	{
		run: "up",
		plan: {
			resources: [
				{ ...thing("a2", {}, { aliases: [{ name: "a" }] }), inputs: { name: "a" } },
				{ kind: "group", name: "g2", options: { aliases: [{ name: "g" }] } },
				{ ...thing("g2-b", {}, { parent: "g2" }), inputs: { name: "g-b" } },
			],
		},
		steps: [],
	},
	{ run: "up", steps: [] },
]);

scenario("does not delete what goes with another, and replaces it with it", [
	{
		run: "up",
		plan: {
			resources: [
				thing("a", { key: "1" }),
				thing("b", {}, { deletedWith: "a" }),
				thing("c", {}, { replaceWith: ["a"] }),
			],
		},
	},
	{
		run: "up",
		plan: {
			resources: [
				thing("a", { key: "2" }),
				thing("b", {}, { deletedWith: "a" }),
				thing("c", {}, { replaceWith: ["a"] }),
			],
		},
	},
	{
		run: "destroy",
		see: ({ calls }) => assert.ok(!calls.some((call) => call.startsWith("delete b"))),
	},
]);

playScenarios("replacement");
