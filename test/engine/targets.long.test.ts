import assert from "node:assert/strict";
import { addScenario, playScenarios } from "./play.ts";
import type { PlannedResource } from "./world.ts";

const makeThingUrn = (name: string): string =>
	`urn:pulumi:dev::world::pulumi-nodejs:dynamic/world:Thing::${name}`;

const declareThing = (name: string, inputs: object = {}, options: object = {}): PlannedResource => ({
	name,
	inputs: { ...inputs },
	options: { ...options },
});

/** Returns the provider's calls without their arguments: "create a". */
const shortenCalls = (calls: readonly string[]): string[] =>
	calls.map((call) => call.split(" ").slice(0, 2).join(" ")).sort();

addScenario("creates a new resource that is a target, and rejects one that depends on another new one", [
	{ run: "up", plan: { resources: [declareThing("a"), declareThing("b")] } },
	{
		run: "up",
		plan: {
			resources: [
				declareThing("a", { size: 2 }),
				declareThing("b"),
				declareThing("c"),
				declareThing("d", { from: { $ref: "c.made" } }),
			],
		},
		options: { target: [makeThingUrn("c")] },
		steps: ["create c"],
		see: ({ calls }) => assert.deepEqual(shortenCalls(calls), ["check c", "create c"]),
	},
	{
		run: "preview",
		plan: {
			resources: [
				...["a", "b", "c", "e"].map((name) => declareThing(name)),
				declareThing("f", {}, { dependsOn: ["a", "b", "c", "e"] }),
			],
		},
		options: { target: [makeThingUrn("f")] },
		exit: 1,
	},
	{ run: "up", options: { target: [makeThingUrn("f")] }, exit: 1, steps: [] },
	{
		run: "up",
		plan: {
			resources: [
				declareThing("a"),
				declareThing("b"),
				declareThing("c"),
				declareThing("e"),
				declareThing("g", { from: { $ref: "e.made" } }),
			],
		},
		options: { target: [makeThingUrn("g")] },
		// The SDK drops an output that is undefined, together with its dependencies.
		see: ({ calls }) => assert.ok(calls.every((call) => !call.includes("from"))),
	},
	{
		run: "up",
		plan: { resources: [declareThing("a"), declareThing("c", { size: 3 }), declareThing("g")] },
		options: { target: [makeThingUrn("absent")] },
		exit: 1,
		steps: [],
	},
	{ run: "up", options: { target: [makeThingUrn("absent")], refresh: true }, exit: 1, steps: [] },
	{ run: "destroy", options: { target: [makeThingUrn("absent")] }, exit: 1, steps: [] },
	{ run: "refresh", options: { exclude: [makeThingUrn("absent")] }, exit: 1, steps: [] },
]);

addScenario("keeps a removed target as long as an untargeted resource names it in state, and only once", [
	{
		run: "up",
		plan: {
			resources: [
				declareThing("a"),
				declareThing("b", { from: { $ref: "a.made" } }, { dependsOn: ["a"] }),
				declareThing("c"),
			],
		},
	},
	{
		run: "preview",
		plan: { resources: [declareThing("b"), declareThing("c")] },
		options: { target: [makeThingUrn("a")] },
	},
	{ run: "up", options: { target: [makeThingUrn("a")] }, steps: [] },
	{
		run: "up",
		options: { target: [makeThingUrn("a")], targetDependents: true },
		see: ({ state }) => {
			const urns = state.deployment.resources?.map((resource) => resource.urn) ?? [];
			assert.equal(new Set(urns).size, urns.length);
		},
	},
	{ run: "up" },
	{
		run: "destroy",
		see: ({ calls }) => assert.equal(new Set(shortenCalls(calls)).size, calls.length),
	},
]);

const declareFamily = (size: number): readonly PlannedResource[] => [
	declareThing("alone", { size }),
	declareThing("a", { size }),
	declareThing("b", { key: { $ref: "a.id" } }),
	declareThing("c", { from: { $ref: "b.id" }, size }),
	declareThing("old", { size }),
];

addScenario("deletes targets without calls about anything else", [
	{ run: "up", plan: { resources: declareFamily(1) } },
	{
		run: "up",
		plan: { resources: declareFamily(2).slice(0, 4) },
		options: { target: [makeThingUrn("old")] },
		steps: ["delete old"],
		see: ({ calls }) => assert.deepEqual(shortenCalls(calls), ["delete old"]),
	},
	{
		run: "destroy",
		options: { target: [makeThingUrn("alone")] },
		see: ({ calls }) => assert.deepEqual(shortenCalls(calls), ["delete alone"]),
	},
	{ run: "destroy", options: { target: [makeThingUrn("a")], previewOnly: true }, exit: 1 },
	{ run: "destroy", options: { target: [makeThingUrn("a")] }, exit: 1, steps: [] },
	{
		run: "destroy",
		options: { target: [makeThingUrn("b")], targetDependents: true },
		steps: ["delete b", "delete c"],
	},
	{ run: "up", plan: { resources: declareFamily(1) } },
	{
		run: "destroy",
		options: { exclude: [makeThingUrn("b")] },
		steps: ["delete alone", "delete c", "delete old"],
		see: ({ calls }) => assert.deepEqual(shortenCalls(calls), ["delete alone", "delete c", "delete old"]),
	},
]);

addScenario("leaves out what is excluded, with or without its dependents", [
	{ run: "up", plan: { resources: declareFamily(1) } },
	{ run: "preview", plan: { resources: declareFamily(2) }, options: { exclude: [makeThingUrn("a")] } },
	{
		run: "up",
		plan: { resources: [...declareFamily(2).slice(0, 4), declareThing("new")] },
		options: { exclude: [makeThingUrn("a"), makeThingUrn("new")], excludeDependents: true },
		steps: ["update alone"],
	},
	{ run: "up", plan: { resources: [declareThing("c")] }, options: { exclude: [makeThingUrn("b")] } },
	{
		run: "refresh",
		options: { exclude: [makeThingUrn("a")] },
		meanwhile: (world) => world.drift("a", { size: 9 }),
	},
	{ run: "refresh", options: { exclude: [makeThingUrn("a")], excludeDependents: true } },
	{ run: "destroy", options: { exclude: [makeThingUrn("a")] } },
]);

addScenario("replaces untargeted dependents of a target from the inputs that they had", [
	{
		run: "up",
		plan: {
			resources: [
				declareThing("root", { key: "1", deleteFirst: true }),
				declareThing("child", { key: { $ref: "root.id" } }),
			],
		},
	},
	{
		run: "up",
		plan: {
			resources: [
				declareThing("root", { key: "2", deleteFirst: true }),
				declareThing("child", { key: { $ref: "root.id" }, size: 5 }),
			],
		},
		options: { target: [makeThingUrn("root")] },
	},
	{ run: "up" },
]);

playScenarios("targets");
