import assert from "node:assert/strict";
import { playScenarios, scenario } from "./play.ts";

scenario("ignores the changes that it is told to ignore", [
	{ run: "up", plan: { resources: [{ name: "a", inputs: { size: 1, nested: { x: 1, y: 1 } } }] } },
	{
		run: "up",
		plan: {
			resources: [
				{
					name: "a",
					inputs: { size: 2, nested: { x: 2, y: 1 } },
					options: { ignoreChanges: ["size", "nested.x"] },
				},
			],
		},
		steps: [],
	},
	{
		run: "up",
		plan: {
			resources: [
				{
					name: "a",
					inputs: { size: 2, nested: { x: 2, y: 2 } },
					options: { ignoreChanges: ["size", "nested.x"] },
				},
			],
		},
		steps: ["update a"],
		see: ({ calls }) => assert.match(calls.join("\n"), /update a .*"nested":\{"x":1,"y":2\},"size":1\}$/mu),
	},
	{
		run: "up",
		plan: {
			resources: [
				{ name: "a", inputs: { size: 3, nested: { x: 1, y: 2 } }, options: { ignoreChanges: ["*"] } },
			],
		},
		steps: [],
	},
]);

scenario("does not delete or replace what is protected", [
	{
		run: "up",
		plan: { resources: [{ name: "a", inputs: { key: "1" }, options: { protect: true } }, { name: "b" }] },
	},
	{
		run: "preview",
		plan: { resources: [{ name: "a", inputs: { key: "2" }, options: { protect: true } }] },
		exit: 1,
	},
	{ run: "up", exit: 1 },
	{ run: "preview", plan: {}, exit: 1 },
	{ run: "up", plan: {}, exit: 1 },
	{ run: "destroy", exit: 1 },
	{ run: "up", plan: { resources: [{ name: "a", inputs: { key: "1" } }] }, steps: [] },
	{ run: "destroy", steps: ["delete a"] },
]);

scenario("leaves alone what it is told to retain", [
	{ run: "up", plan: { resources: [{ name: "a", options: { retainOnDelete: true } }] } },
	{ run: "up", plan: {}, steps: ["delete a"], see: ({ calls }) => assert.deepEqual(calls, []) },
]);

scenario("makes components and their children, and deletes them from the leaves", [
	{
		run: "up",
		plan: {
			resources: [
				{
					kind: "group",
					name: "outer",
					inputs: { told: { $ref: "leaf.made" } },
					options: { protect: false },
				},
				{ kind: "group", name: "inner", options: { parent: "outer" } },
				{ name: "leaf", options: { parent: "inner", customTimeouts: { create: "5m", update: "90s" } } },
				{ name: "after", options: { dependsOn: ["outer"] } },
			],
		},
		steps: ["create after", "create inner", "create leaf", "create outer"],
		see: ({ state }) => {
			const leaf = state.deployment.resources?.find(({ urn }) => urn.endsWith("::leaf"));
			assert.match(
				leaf?.urn ?? "",
				/world:index:Group\$world:index:Group\$pulumi-nodejs:dynamic\/world:Thing::leaf/u,
			);
			assert.deepEqual(leaf?.customTimeouts, { create: 300, update: 90 });
		},
	},
	{ run: "up", steps: [] },
	{
		run: "up",
		plan: { resources: [{ kind: "group", name: "outer", inputs: { told: "less" } }] },
		steps: ["delete after", "delete inner", "delete leaf"],
	},
	{ run: "destroy" },
]);

const external = { kind: "get" as const, name: "seen", id: "other", inputs: { name: "other" } };

scenario("looks up what somebody else owns, and never deletes it", [
	{ run: "up", plan: { resources: [{ name: "other", inputs: { size: 4 } }] } },
	{
		run: "preview",
		plan: {
			resources: [{ name: "other", inputs: { size: 4 } }, external],
			outputs: { made: { $ref: "seen.made" } },
		},
		steps: ["read seen"],
		see: ({ outcome }) => assert.equal(outcome.outputs["made"], "made other"),
	},
	{ run: "up", steps: ["read seen"] },
	{ run: "up", meanwhile: (world) => world.drift("other", { label: "new" }) },
	{ run: "refresh" },
	{ run: "up", plan: { resources: [{ name: "other", inputs: { size: 4 } }] } },
	{
		run: "up",
		plan: {
			resources: [
				{ name: "other", inputs: { size: 4 } },
				{ ...external, kind: "thing" },
			],
		},
		see: ({ calls }) => assert.ok(!calls.some((call) => call.startsWith("delete"))),
	},
	{
		run: "up",
		plan: {
			resources: [
				{ name: "other", inputs: { size: 4 } },
				{ ...external, id: "other" },
			],
		},
	},
	{
		run: "destroy",
		see: ({ calls }) => assert.equal(calls.filter((call) => call.startsWith("delete")).length, 1),
	},
]);

const urn = (name: string): string => `urn:pulumi:dev::world::pulumi-nodejs:dynamic/world:Thing::${name}`;

const sized = (size: number) => ({
	resources: ["a", "b", "c"].map((name) => ({ name, inputs: { size } })),
});

scenario("works on targets only", [
	{ run: "up", plan: sized(1) },
	{ run: "preview", plan: sized(2), options: { target: [urn("b")] }, steps: ["update b"] },
	{ run: "up", options: { target: [urn("b")] }, steps: ["update b"] },
	{ run: "refresh", options: { target: [urn("a")] }, meanwhile: (world) => world.drift("a", { size: 8 }) },
	{ run: "destroy", options: { target: [urn("c")] }, steps: ["delete c"] },
	{ run: "up" },
]);

playScenarios("resource options");
