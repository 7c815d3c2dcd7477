import assert from "node:assert/strict";
import { addScenario, playScenarios } from "./play.ts";
import type { PlannedResource } from "./world.ts";

const urn = (name: string): string => `urn:pulumi:dev::world::pulumi-nodejs:dynamic/world:Thing::${name}`;

const thing = (name: string, inputs: object = {}, options: object = {}): PlannedResource => ({
	name,
	inputs: { ...inputs },
	options: { ...options },
});

/** The calls of the provider without what they were given: "create a". */
const shortCalls = (calls: readonly string[]): string[] =>
	calls.map((call) => call.split(" ").slice(0, 2).join(" ")).sort();

addScenario("makes a new resource that is a target, and refuses one that depends on another new one", [
	{ run: "up", plan: { resources: [thing("a"), thing("b")] } },
	{
		run: "up",
		plan: {
			resources: [thing("a", { size: 2 }), thing("b"), thing("c"), thing("d", { from: { $ref: "c.made" } })],
		},
		options: { target: [urn("c")] },
		steps: ["create c"],
		see: ({ calls }) => assert.deepEqual(shortCalls(calls), ["check c", "create c"]),
	},
	{
		run: "preview",
		plan: {
			resources: [
				...["a", "b", "c", "e"].map((name) => thing(name)),
				thing("f", {}, { dependsOn: ["a", "b", "c", "e"] }),
			],
		},
		options: { target: [urn("f")] },
		exit: 1,
	},
	{ run: "up", options: { target: [urn("f")] }, exit: 1, steps: [] },
	{
		run: "up",
		plan: {
			resources: [thing("a"), thing("b"), thing("c"), thing("e"), thing("g", { from: { $ref: "e.made" } })],
		},
		options: { target: [urn("g")] },
		// The SDK drops an output that is undefined, together with what it depends on.
		see: ({ calls }) => assert.ok(calls.every((call) => !call.includes("from"))),
	},
	{
		run: "up",
		plan: { resources: [thing("a"), thing("c", { size: 3 }), thing("g")] },
		options: { target: [urn("absent")] },
		exit: 1,
		steps: [],
	},
	{ run: "up", options: { target: [urn("absent")], refresh: true }, exit: 1, steps: [] },
	{ run: "destroy", options: { target: [urn("absent")] }, exit: 1, steps: [] },
	{ run: "refresh", options: { exclude: [urn("absent")] }, exit: 1, steps: [] },
]);

addScenario("keeps a removed target as long as an untargeted resource names it in state, and only once", [
	{
		run: "up",
		plan: {
			resources: [thing("a"), thing("b", { from: { $ref: "a.made" } }, { dependsOn: ["a"] }), thing("c")],
		},
	},
	{ run: "preview", plan: { resources: [thing("b"), thing("c")] }, options: { target: [urn("a")] } },
	{ run: "up", options: { target: [urn("a")] }, steps: [] },
	{
		run: "up",
		options: { target: [urn("a")], targetDependents: true },
		see: ({ state }) => {
			const urns = state.deployment.resources?.map((resource) => resource.urn) ?? [];
			assert.equal(new Set(urns).size, urns.length);
		},
	},
	{ run: "up" },
	{
		run: "destroy",
		see: ({ calls }) => assert.equal(new Set(shortCalls(calls)).size, calls.length),
	},
]);

const family = (size: number): readonly PlannedResource[] => [
	thing("alone", { size }),
	thing("a", { size }),
	thing("b", { key: { $ref: "a.id" } }),
	thing("c", { from: { $ref: "b.id" }, size }),
	thing("old", { size }),
];

addScenario("deletes targets without asking about anything else", [
	{ run: "up", plan: { resources: family(1) } },
	{
		run: "up",
		plan: { resources: family(2).slice(0, 4) },
		options: { target: [urn("old")] },
		steps: ["delete old"],
		see: ({ calls }) => assert.deepEqual(shortCalls(calls), ["delete old"]),
	},
	{
		run: "destroy",
		options: { target: [urn("alone")] },
		see: ({ calls }) => assert.deepEqual(shortCalls(calls), ["delete alone"]),
	},
	{ run: "destroy", options: { target: [urn("a")], previewOnly: true }, exit: 1 },
	{ run: "destroy", options: { target: [urn("a")] }, exit: 1, steps: [] },
	{
		run: "destroy",
		options: { target: [urn("b")], targetDependents: true },
		steps: ["delete b", "delete c"],
	},
	{ run: "up", plan: { resources: family(1) } },
	{
		run: "destroy",
		options: { exclude: [urn("b")] },
		steps: ["delete alone", "delete c", "delete old"],
		see: ({ calls }) => assert.deepEqual(shortCalls(calls), ["delete alone", "delete c", "delete old"]),
	},
]);

addScenario("leaves out what is excluded, with or without what depends on it", [
	{ run: "up", plan: { resources: family(1) } },
	{ run: "preview", plan: { resources: family(2) }, options: { exclude: [urn("a")] } },
	{
		run: "up",
		plan: { resources: [...family(2).slice(0, 4), thing("new")] },
		options: { exclude: [urn("a"), urn("new")], excludeDependents: true },
		steps: ["update alone"],
	},
	{ run: "up", plan: { resources: [thing("c")] }, options: { exclude: [urn("b")] } },
	{ run: "refresh", options: { exclude: [urn("a")] }, meanwhile: (world) => world.drift("a", { size: 9 }) },
	{ run: "refresh", options: { exclude: [urn("a")], excludeDependents: true } },
	{ run: "destroy", options: { exclude: [urn("a")] } },
]);

addScenario("replaces untargeted dependents of a target from the inputs that they had", [
	{
		run: "up",
		plan: {
			resources: [
				thing("root", { key: "1", deleteFirst: true }),
				thing("child", { key: { $ref: "root.id" } }),
			],
		},
	},
	{
		run: "up",
		plan: {
			resources: [
				thing("root", { key: "2", deleteFirst: true }),
				thing("child", { key: { $ref: "root.id" }, size: 5 }),
			],
		},
		options: { target: [urn("root")] },
	},
	{ run: "up" },
]);

playScenarios("targets");
