import assert from "node:assert/strict";
import { addScenario, playScenarios } from "./play.ts";
import type { PlannedResource } from "./world.ts";

const declareThing = (name: string, inputs: object = {}, options: object = {}): PlannedResource => ({
	name,
	inputs: { ...inputs },
	options: { ...options },
});

/** Declares everything about replacement that does not need a failure; `key` is what requires one. */
const declareEverything = (key: string, deep: number): PlannedResource[] => [
	declareThing("first", { key }),
	declareThing("leaning", { from: { $ref: "first.id" } }),
	declareThing("root", { key, deleteFirst: true }),
	declareThing("child", { key: { $ref: "root.id" } }),
	declareThing("grandchild", { key: { $ref: "child.id" } }),
	declareThing("updated", { from: { $ref: "root.id" } }),
	declareThing("after", {}, { dependsOn: ["root"] }),
	declareThing("told", { key }, { deleteBeforeReplace: true }),
	declareThing("overruled", { key, deleteFirst: true }, { deleteBeforeReplace: false }),
	declareThing("host", { key }),
	declareThing("guest", {}, { deletedWith: "host" }),
	declareThing("friend", {}, { replaceWith: ["host"] }),
	{ kind: "bare", ...declareThing("bare", { size: 1, nested: { deep, wide: 1 } }) },
	{
		kind: "bare",
		...declareThing("named", { size: 1, nested: { deep, wide: 1 } }, { replaceOnChanges: ["nested.deep"] }),
	},
];

const listActs = (calls: readonly string[], name: string): string[] =>
	calls
		.map((call) => call.split(" "))
		.filter(([act, about]) => about === name && act !== "check" && act !== "diff")
		.map(([act]) => act ?? "");

addScenario("replaces before or after, as the provider or the program says, with all dependents", [
	{ run: "up", plan: { resources: declareEverything("1", 1) } },
	{ run: "preview", plan: { resources: declareEverything("2", 2) } },
	{
		run: "up",
		see: ({ outcome, calls }) => {
			assert.deepEqual(listActs(calls, "first"), ["create", "delete"]);
			assert.deepEqual(listActs(calls, "leaning"), ["update"]);
			assert.deepEqual(listActs(calls, "root"), ["delete", "create"]);
			assert.deepEqual(listActs(calls, "grandchild"), ["delete", "create"]);
			assert.deepEqual(listActs(calls, "updated"), ["update"]);
			assert.deepEqual(listActs(calls, "told"), ["delete", "create"]);
			assert.deepEqual(listActs(calls, "overruled"), ["create", "delete"]);
			assert.deepEqual(listActs(calls, "guest"), ["create"]);
			assert.deepEqual(listActs(calls, "named"), ["create", "delete"]);
			const deletes = calls.map((call) => call.split(" ").slice(0, 2).join(" "));
			const order = ["delete grandchild", "delete child", "delete root", "create root", "create child"];
			assert.deepEqual(
				deletes.filter((call) => order.includes(call)),
				order,
			);
			const replace = outcome.operations.find(({ op, name }) => op === "replace" && name === "first");
			assert.deepEqual([replace?.replaceKeys, replace?.diffs], [["key"], ["key"]]);
		},
	},
	{ run: "up", steps: [] },
	{
		run: "destroy",
		see: ({ calls }) => assert.ok(!calls.some((call) => call.startsWith("delete guest"))),
	},
]);

const declareFragile = (key: string): PlannedResource[] => [
	declareThing("again", { key, deleteFirst: true }),
	declareThing("stuck", { key }),
];

addScenario("records what was deleted but not created again, and what could not be deleted", [
	{
		run: "up",
		plan: { resources: [...declareFragile("1"), declareThing("unwanted", { key: "1", deleteFirst: true })] },
	},
	{
		run: "up",
		plan: { resources: [...declareFragile("2"), declareThing("unwanted", { key: "2", deleteFirst: true })] },
		options: { continueOnError: true },
		faults: {
			"create again": { message: "no room" },
			"create unwanted": { message: "no room" },
			"delete stuck": { message: "in use" },
		},
		exit: 1,
		see: ({ state }) => {
			const resources = state.deployment.resources ?? [];
			assert.equal(resources.filter((resource) => resource.pendingReplacement).length, 2);
			assert.equal(resources.filter((resource) => resource.delete).length, 1);
		},
	},
	{
		run: "preview",
		plan: { resources: declareFragile("2") },
		steps: ["create-replacement again", "delete-replaced stuck", "replace again"],
	},
	{
		run: "up",
		steps: ["create-replacement again", "delete-replaced stuck", "replace again"],
		see: ({ calls }) => assert.deepEqual(listActs(calls, "unwanted"), []),
	},
]);

addScenario("keeps renamed resources and the children of renamed components", [
	{
		run: "up",
		plan: {
			resources: [declareThing("a"), { kind: "group", name: "g" }, declareThing("g-b", {}, { parent: "g" })],
		},
	},
	{
		run: "up",
		plan: {
			resources: [
				declareThing("a2", { name: "a" }, { aliases: [{ name: "a" }] }),
				{ kind: "group", name: "g2", options: { aliases: [{ name: "g" }] } },
				declareThing("g2-b", { name: "g-b" }, { parent: "g2" }),
			],
		},
		steps: [],
	},
]);

playScenarios("replacement");
