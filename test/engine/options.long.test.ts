import assert from "node:assert/strict";
import { addScenario, playScenarios, type Seen } from "./play.ts";
import type { PlannedResource } from "./world.ts";

const find = ({ state }: Seen, name: string) =>
	state.deployment.resources?.find(({ urn }) => urn.endsWith(`::${name}`));

const listCalled = ({ calls }: Seen, act: string): string[] =>
	calls.filter((call) => call.startsWith(`${act} `)).map((call) => call.split(" ")[1] ?? "");

const declareIgnoring = (
	size: number,
	x: number,
	y: number,
	...paths: readonly string[]
): PlannedResource => ({
	name: "ignoring",
	inputs: { size, nested: { x, y } },
	options: { ignoreChanges: paths },
});

const tree: readonly PlannedResource[] = [
	{ kind: "group", name: "outer", inputs: { told: { $ref: "leaf.made" } } },
	{ kind: "group", name: "inner", options: { parent: "outer" } },
	{ name: "leaf", options: { parent: "inner", customTimeouts: { create: "5m", update: "90s" } } },
	{ name: "after", options: { dependsOn: ["outer"] } },
	{ name: "kept", options: { retainOnDelete: true } },
	{ name: "other", inputs: { size: 4 } },
];

const seen: PlannedResource = { kind: "get", name: "seen", id: "other", inputs: { name: "other" } };

addScenario("follows the options of resources", [
	{
		run: "up",
		plan: { resources: [declareIgnoring(1, 1, 1), ...tree] },
		see: (it) => {
			const leaf = find(it, "leaf");
			const type = "world:index:Group$world:index:Group$pulumi-nodejs:dynamic/world:Thing";
			assert.ok(leaf?.urn.includes(`::${type}::leaf`) === true, leaf?.urn);
			assert.deepEqual(leaf?.customTimeouts, { create: 300, update: 90 });
		},
	},
	{
		run: "preview",
		plan: {
			resources: [declareIgnoring(2, 2, 1, "size", "nested.x"), ...tree, seen],
			outputs: { made: { $ref: "seen.made" } },
		},
		steps: ["read seen"],
		see: ({ outcome }) => assert.equal(outcome.outputs["made"], "made other"),
	},
	{
		run: "up",
		plan: { resources: [declareIgnoring(2, 2, 2, "size", "nested.x"), ...tree, seen] },
		steps: ["read seen", "update ignoring"],
		see: ({ calls }) =>
			assert.match(calls.join("\n"), /update ignoring .*"nested":\{"x":1,"y":2\},"size":1\}$/mu),
	},
	{
		run: "up",
		meanwhile: (world) => world.drift("other", { label: "new" }),
		plan: {
			resources: [
				declareIgnoring(3, 1, 2, "*"),
				{ kind: "group", name: "outer", inputs: { told: "less" } },
				{ name: "other", inputs: { size: 4 } },
				seen,
			],
		},
		steps: ["delete after", "delete inner", "delete kept", "delete leaf", "read seen"],
		see: (it) => assert.deepEqual(listCalled(it, "delete").sort(), ["after", "leaf"]),
	},
	{
		run: "up",
		plan: {
			resources: [
				{ name: "other", inputs: { size: 4 } },
				{ ...seen, kind: "thing" },
			],
		},
		see: (it) => assert.deepEqual(listCalled(it, "delete"), ["ignoring"]),
	},
	{ run: "up", plan: { resources: [{ name: "other", inputs: { size: 4 } }, seen] } },
	{ run: "refresh" },
	{ run: "up", plan: { resources: [{ name: "other", inputs: { size: 4 } }] } },
	{ run: "destroy" },
]);

const declareGuarded = (key: string): PlannedResource => ({
	name: "guarded",
	inputs: { key },
	options: { protect: true },
});

addScenario("does not delete or replace protected resources", [
	{ run: "up", plan: { resources: [declareGuarded("1"), { name: "b" }] } },
	{ run: "preview", plan: { resources: [declareGuarded("2")] }, exit: 1 },
	{ run: "up", exit: 1 },
	{ run: "up", plan: {}, exit: 1 },
	{ run: "destroy", exit: 1 },
	{ run: "up", plan: { resources: [{ name: "guarded", inputs: { key: "1" } }] }, steps: [] },
]);

const makeThingUrn = (name: string): string =>
	`urn:pulumi:dev::world::pulumi-nodejs:dynamic/world:Thing::${name}`;

const declareSized = (size: number): { readonly resources: readonly PlannedResource[] } => ({
	resources: ["a", "b", "c"].map((name) => ({ name, inputs: { size } })),
});

addScenario("works on targets only", [
	{ run: "up", plan: declareSized(1) },
	{ run: "up", plan: declareSized(2), options: { target: [makeThingUrn("b")] }, steps: ["update b"] },
	{
		run: "refresh",
		options: { target: [makeThingUrn("a")] },
		meanwhile: (world) => world.drift("a", { size: 8 }),
	},
	{ run: "destroy", options: { target: [makeThingUrn("c")] }, steps: ["delete c"] },
]);

playScenarios("resource options");
