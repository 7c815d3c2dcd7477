import assert from "node:assert/strict";
import { addScenario, playScenarios } from "./play.ts";
import type { PlannedResource } from "./world.ts";

const thing = (name: string, inputs: object = {}, options: object = {}): PlannedResource => ({
	name,
	inputs: { ...inputs },
	options: { ...options },
});

/** Everything about replacement that does not need a failure: `key` is what makes one necessary. */
const everything = (key: string, deep: number): PlannedResource[] => [
	thing("first", { key }),
	thing("leaning", { from: { $ref: "first.id" } }),
	thing("root", { key, deleteFirst: true }),
	thing("child", { key: { $ref: "root.id" } }),
	thing("grandchild", { key: { $ref: "child.id" } }),
	thing("updated", { from: { $ref: "root.id" } }),
	thing("after", {}, { dependsOn: ["root"] }),
	thing("told", { key }, { deleteBeforeReplace: true }),
	thing("overruled", { key, deleteFirst: true }, { deleteBeforeReplace: false }),
	thing("host", { key }),
	thing("guest", {}, { deletedWith: "host" }),
	thing("friend", {}, { replaceWith: ["host"] }),
	{ kind: "bare", ...thing("bare", { size: 1, nested: { deep, wide: 1 } }) },
	{
		kind: "bare",
		...thing("named", { size: 1, nested: { deep, wide: 1 } }, { replaceOnChanges: ["nested.deep"] }),
	},
];

const acts = (calls: readonly string[], name: string): string[] =>
	calls
		.map((call) => call.split(" "))
		.filter(([act, about]) => about === name && act !== "check" && act !== "diff")
		.map(([act]) => act ?? "");

addScenario("replaces before or after, as the provider or the program says, with all that goes along", [
	{ run: "up", plan: { resources: everything("1", 1) } },
	{ run: "preview", plan: { resources: everything("2", 2) } },
	{
		run: "up",
		see: ({ outcome, calls }) => {
			assert.deepEqual(acts(calls, "first"), ["create", "delete"]);
			assert.deepEqual(acts(calls, "leaning"), ["update"]);
			assert.deepEqual(acts(calls, "root"), ["delete", "create"]);
			assert.deepEqual(acts(calls, "grandchild"), ["delete", "create"]);
			assert.deepEqual(acts(calls, "updated"), ["update"]);
			assert.deepEqual(acts(calls, "told"), ["delete", "create"]);
			assert.deepEqual(acts(calls, "overruled"), ["create", "delete"]);
			assert.deepEqual(acts(calls, "guest"), ["create"]);
			assert.deepEqual(acts(calls, "named"), ["create", "delete"]);
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

const fragile = (key: string): PlannedResource[] => [
	thing("again", { key, deleteFirst: true }),
	thing("stuck", { key }),
];

addScenario("remembers what was deleted but not made again, and what could not be deleted", [
	{ run: "up", plan: { resources: [...fragile("1"), thing("unwanted", { key: "1", deleteFirst: true })] } },
	{
		run: "up",
		plan: { resources: [...fragile("2"), thing("unwanted", { key: "2", deleteFirst: true })] },
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
		plan: { resources: fragile("2") },
		steps: ["create-replacement again", "delete-replaced stuck", "replace again"],
	},
	{
		run: "up",
		steps: ["create-replacement again", "delete-replaced stuck", "replace again"],
		see: ({ calls }) => assert.deepEqual(acts(calls, "unwanted"), []),
	},
]);

addScenario("keeps renamed resources and the children of renamed components", [
	{
		run: "up",
		plan: { resources: [thing("a"), { kind: "group", name: "g" }, thing("g-b", {}, { parent: "g" })] },
	},
	{
		run: "up",
		plan: {
			resources: [
				thing("a2", { name: "a" }, { aliases: [{ name: "a" }] }),
				{ kind: "group", name: "g2", options: { aliases: [{ name: "g" }] } },
				thing("g2-b", { name: "g-b" }, { parent: "g2" }),
			],
		},
		steps: [],
	},
]);

playScenarios("replacement");
