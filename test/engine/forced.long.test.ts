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

/** Lists the provider's methods that were called for a resource, in order. */
const listMethods = (calls: readonly string[], name: string): string[] =>
	calls.flatMap((call) => {
		const [method = "", about] = call.split(" ");
		return about === name ? [method] : [];
	});

/** Lists the calls of the provider during the run, in order: "create a" and similar. */
const listCalls = (calls: readonly string[], ...methods: readonly string[]): string[] =>
	calls
		.map((call) => call.split(" ").slice(0, 2).join(" "))
		.filter((call) => methods.some((method) => call.startsWith(`${method} `)));

/** Declares everything that can be replaced by force, with its dependents. `trigger` is a replacement trigger of all of them. */
const declareEverything = (trigger?: number): PlannedResource[] => {
	const replacementTrigger = trigger === undefined ? {} : { replacementTrigger: trigger };
	return [
		declareThing("plain", {}, replacementTrigger),
		declareThing("leaning", { from: { $ref: "plain.revision" } }),
		declareThing("said", { deleteFirst: true }, replacementTrigger),
		declareThing("first", {}, { deleteBeforeReplace: true, ...replacementTrigger }),
		declareThing("child", { key: { $ref: "first.id" } }),
		declareThing("grandchild", { key: { $ref: "child.id" } }),
		declareThing("sibling", { from: { $ref: "first.id" } }),
		declareThing("after", {}, { dependsOn: ["first"] }),
		declareThing("retained", {}, { retainOnDelete: true, ...replacementTrigger }),
		{ kind: "group", name: "group" },
		declareThing("inside", {}, { parent: "group" }),
	];
};

const FORCED = ["plain", "said", "first", "retained"].map(makeThingUrn);

const assertForced = (calls: readonly string[], checks: readonly string[]): void => {
	assert.deepEqual(listMethods(calls, "plain"), [...checks, "create", "delete"]);
	assert.deepEqual(listMethods(calls, "said"), [...checks, "create", "delete"]);
	assert.deepEqual(listMethods(calls, "first"), [...checks, "delete", "create"]);
	assert.deepEqual(listMethods(calls, "retained"), [...checks, "create"]);
	assert.deepEqual(listMethods(calls, "child"), ["diff", "delete", "check", "create"]);
	assert.deepEqual(listMethods(calls, "sibling"), ["diff", "check", "diff"]);
	assert.deepEqual(listMethods(calls, "after"), ["check", "diff"]);
	const deletes = listCalls(calls, "delete");
	assert.deepEqual(deletes.slice(0, 3), ["delete grandchild", "delete child", "delete first"]);
	assert.deepEqual(deletes.slice(3).sort(), ["delete plain", "delete said"]);
	const [last] = listCalls(calls, "check", "diff", "create", "update").slice(-1);
	const order = listCalls(calls, "check", "diff", "create", "update", "delete");
	assert.ok(order.lastIndexOf(last ?? "") < order.indexOf("delete plain"), order.join("\n"));
};

addScenario(
	"replaces what it is told to, and calls the provider only about the dependents of what is deleted first",
	[
		{ run: "up", plan: { resources: declareEverything() } },
		{ run: "preview", options: { replace: FORCED } },
		{
			run: "up",
			options: { replace: FORCED },
			see: ({ calls, outcome }) => {
				assertForced(calls, ["check"]);
				const replaced = outcome.operations.find(({ op, name }) => op === "replace" && name === "plain");
				assert.deepEqual(replaced?.replaceKeys, ["id"]);
				assert.match(calls.join("\n"), /^check plain \{\} /mu);
				assert.match(calls.join("\n"), /^diff child .*04da6b54/mu);
			},
		},
		{ run: "up", steps: [] },
		{ run: "up", options: { replace: [makeThingUrn("absent")] }, exit: 1 },
	],
);

addScenario("replaces tainted resources, once, from inputs that were checked", [
	{ run: "up", plan: { resources: declareEverything() } },
	{
		run: "preview",
		meanwhile: async (_, stack) => {
			await stack.taint(...FORCED);
			await assert.rejects(stack.taint(makeThingUrn("absent")), /absent/u);
		},
		see: ({ calls }) => assert.match(calls.join("\n"), /^check plain \{\} /mu),
	},
	{
		run: "up",
		see: ({ calls, state }) => {
			assertForced(calls, ["check"]);
			assert.match(calls.join("\n"), /^create plain .*"size":1/mu);
			assert.ok(!state.deployment.resources?.some(({ taint }) => taint));
		},
	},
	{ run: "up", steps: [] },
]);

addScenario("replaces if a trigger changes, but not if it is new", [
	{ run: "up", plan: { resources: declareEverything() } },
	{ run: "up", plan: { resources: declareEverything(1) }, steps: [] },
	{ run: "preview", plan: { resources: declareEverything(2) } },
	{ run: "up", see: ({ calls }) => assertForced(calls, ["check", "check"]) },
	{ run: "up", steps: [] },
]);

const declarePair = (
	...more: readonly PlannedResource[]
): { readonly resources: readonly PlannedResource[] } => ({
	resources: [declareThing("a"), ...more],
});

addScenario("deletes the original in the next run if a run stops before that", [
	{ run: "up", plan: declarePair() },
	{
		run: "up",
		plan: declarePair(declareThing("b", { from: { $ref: "a.made" } })),
		faults: { "create b": { pause: 1500 } },
		options: (stop) => ({
			replace: [makeThingUrn("a")],
			signal: stop.signal,
			onEvent: ({ resourcePreEvent }) => {
				if (resourcePreEvent?.metadata.urn === makeThingUrn("b")) stop.abort();
			},
		}),
		exit: 1,
		steps: ["create b", "create-replacement a", "replace a"],
		see: ({ state }) => {
			assert.deepEqual(
				state.deployment.resources?.filter((resource) => resource.delete).map((resource) => resource.urn),
				[makeThingUrn("a")],
			);
		},
	},
	{
		run: "preview",
		steps: ["delete-replaced a"],
		see: ({ calls }) => assert.deepEqual(listCalls(calls, "delete"), []),
	},
	{
		run: "up",
		plan: declarePair(
			declareThing("b", { from: { $ref: "a.made" }, size: 2 }),
			declareThing("c", { from: { $ref: "b.made" } }),
		),
		steps: ["create c", "delete-replaced a", "update b"],
		see: ({ calls }) => assert.equal(listCalls(calls, "update", "create", "delete").at(-1), "delete a"),
	},
]);

addScenario("keeps a failed deletion of an original, and completes it with the deletion of the rest", [
	{ run: "up", plan: declarePair(declareThing("b")) },
	{
		run: "up",
		options: { replace: [makeThingUrn("a")] },
		faults: { "delete a": { message: "in use" } },
		exit: 1,
		steps: ["create-replacement a", "delete-replaced a failed", "replace a"],
	},
	{
		run: "up",
		options: { replace: [makeThingUrn("a")] },
		faults: { "delete a": { message: "in use" } },
		exit: 1,
	},
	{ run: "destroy", options: { target: [makeThingUrn("b")] }, steps: ["delete b"] },
	{ run: "refresh" },
	{
		run: "destroy",
		see: ({ calls }) => assert.deepEqual(listCalls(calls, "delete"), ["delete a", "delete a", "delete a"]),
	},
]);

const declareGuarded = (protect: boolean): PlannedResource[] => [
	declareThing("root", {}, { deleteBeforeReplace: true }),
	declareThing("guarded", { key: { $ref: "root.id" } }, { protect }),
	declareThing("alone", {}, { protect, dependsOn: ["guarded"] }),
];

addScenario("does not replace a protected resource by force, nor delete it because of another one", [
	{ run: "up", plan: { resources: declareGuarded(true) } },
	{ run: "preview", options: { replace: [makeThingUrn("alone")] }, exit: 1 },
	{ run: "up", options: { replace: [makeThingUrn("alone")] }, exit: 1, steps: [] },
	{ run: "up", options: { replace: [makeThingUrn("root")] }, exit: 1, steps: [] },
	{ run: "up", plan: { resources: declareGuarded(false) }, options: { replace: [makeThingUrn("alone")] } },
	{ run: "up", options: { replace: [makeThingUrn("root")] } },
]);

addScenario("works only on the resource to replace if that is the target", [
	{ run: "up", plan: { resources: declareEverything() } },
	{
		run: "up",
		options: { targetReplace: [makeThingUrn("plain")] },
		steps: ["create-replacement plain", "delete-replaced plain", "replace plain"],
		see: ({ calls }) => assert.deepEqual(listCalls(calls, "check", "diff"), ["check plain"]),
	},
	{ run: "up", options: { target: [makeThingUrn("plain")], replace: [makeThingUrn("said")] }, steps: [] },
	{ run: "up", options: { targetReplace: [makeThingUrn("first")] } },
	{ run: "up", options: { targetReplace: [makeThingUrn("first")], targetDependents: true } },
]);

const told: string[] = [];

addScenario("continues with later resources during an update, and deletes when all of them are finished", [
	{ run: "up", plan: { resources: [declareThing("slow"), declareThing("other"), declareThing("old")] } },
	{
		run: "up",
		plan: { resources: [declareThing("slow", { size: 2 }), declareThing("other", { size: 2 })] },
		faults: { "update slow": { pause: 1500 } },
		options: () => {
			told.length = 0;
			return {
				onEvent: ({ resourcePreEvent: started, resOutputsEvent: ended }) => {
					const { op, urn: about = "" } = started?.metadata ?? ended?.metadata ?? {};
					told.push(`${started === undefined ? "ended" : "started"} ${op} ${about.split("::").at(-1)}`);
				},
			};
		},
		steps: ["delete old", "update other", "update slow"],
		see: () => {
			const ended = told.indexOf("ended update slow");
			assert.ok(told.indexOf("started update other") < ended, told.join("\n"));
			assert.ok(told.indexOf("started delete old") > ended, told.join("\n"));
		},
	},
]);

playScenarios("forced replacement");
