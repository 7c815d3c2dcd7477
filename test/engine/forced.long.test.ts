import assert from "node:assert/strict";
import { addScenario, playScenarios } from "./play.ts";
import type { PlannedResource } from "./world.ts";

const urn = (name: string): string => `urn:pulumi:dev::world::pulumi-nodejs:dynamic/world:Thing::${name}`;

const thing = (name: string, inputs: object = {}, options: object = {}): PlannedResource => ({
	name,
	inputs: { ...inputs },
	options: { ...options },
});

/** The methods that the provider was called with for a resource, in order. */
const methodsFor = (calls: readonly string[], name: string): string[] =>
	calls.flatMap((call) => {
		const [method = "", about] = call.split(" ");
		return about === name ? [method] : [];
	});

/** Where in the run the provider was called: "create a" and the like, in order. */
const callsOf = (calls: readonly string[], ...methods: readonly string[]): string[] =>
	calls
		.map((call) => call.split(" ").slice(0, 2).join(" "))
		.filter((call) => methods.some((method) => call.startsWith(`${method} `)));

/** What can be replaced by force, with what depends on it. `trigger` is a replacement trigger of all of them. */
const everything = (trigger?: number): PlannedResource[] => {
	const replacementTrigger = trigger === undefined ? {} : { replacementTrigger: trigger };
	return [
		thing("plain", {}, replacementTrigger),
		thing("leaning", { from: { $ref: "plain.revision" } }),
		thing("said", { deleteFirst: true }, replacementTrigger),
		thing("first", {}, { deleteBeforeReplace: true, ...replacementTrigger }),
		thing("child", { key: { $ref: "first.id" } }),
		thing("grandchild", { key: { $ref: "child.id" } }),
		thing("sibling", { from: { $ref: "first.id" } }),
		thing("after", {}, { dependsOn: ["first"] }),
		thing("retained", {}, { retainOnDelete: true, ...replacementTrigger }),
		{ kind: "group", name: "group" },
		thing("inside", {}, { parent: "group" }),
	];
};

const FORCED = ["plain", "said", "first", "retained"].map(urn);

const assertForced = (calls: readonly string[], checks: readonly string[]): void => {
	assert.deepEqual(methodsFor(calls, "plain"), [...checks, "create", "delete"]);
	assert.deepEqual(methodsFor(calls, "said"), [...checks, "create", "delete"]);
	assert.deepEqual(methodsFor(calls, "first"), [...checks, "delete", "create"]);
	assert.deepEqual(methodsFor(calls, "retained"), [...checks, "create"]);
	assert.deepEqual(methodsFor(calls, "child"), ["diff", "delete", "check", "create"]);
	assert.deepEqual(methodsFor(calls, "sibling"), ["diff", "check", "diff"]);
	assert.deepEqual(methodsFor(calls, "after"), ["check", "diff"]);
	const deletes = callsOf(calls, "delete");
	assert.deepEqual(deletes.slice(0, 3), ["delete grandchild", "delete child", "delete first"]);
	assert.deepEqual(deletes.slice(3).sort(), ["delete plain", "delete said"]);
	const [last] = callsOf(calls, "check", "diff", "create", "update").slice(-1);
	const order = callsOf(calls, "check", "diff", "create", "update", "delete");
	assert.ok(order.lastIndexOf(last ?? "") < order.indexOf("delete plain"), order.join("\n"));
};

addScenario("replaces what it is told to, and asks only the dependents of what is deleted first", [
	{ run: "up", plan: { resources: everything() } },
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
	{ run: "up", options: { replace: [urn("absent")] }, exit: 1 },
]);

addScenario("replaces what is tainted, once, from inputs that were checked", [
	{ run: "up", plan: { resources: everything() } },
	{
		run: "preview",
		meanwhile: async (_, stack) => {
			await stack.taint(...FORCED);
			await assert.rejects(stack.taint(urn("absent")), /absent/u);
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

addScenario("replaces when a trigger changes, but not when there is one for the first time", [
	{ run: "up", plan: { resources: everything() } },
	{ run: "up", plan: { resources: everything(1) }, steps: [] },
	{ run: "preview", plan: { resources: everything(2) } },
	{ run: "up", see: ({ calls }) => assertForced(calls, ["check", "check"]) },
	{ run: "up", steps: [] },
]);

const pair = (...more: readonly PlannedResource[]): { readonly resources: readonly PlannedResource[] } => ({
	resources: [thing("a"), ...more],
});

addScenario("deletes the original in the next run when a run stops before that", [
	{ run: "up", plan: pair() },
	{
		run: "up",
		plan: pair(thing("b", { from: { $ref: "a.made" } })),
		faults: { "create b": { pause: 1500 } },
		options: (stop) => ({
			replace: [urn("a")],
			signal: stop.signal,
			onEvent: ({ resourcePreEvent }) => {
				if (resourcePreEvent?.metadata.urn === urn("b")) stop.abort();
			},
		}),
		exit: 1,
		steps: ["create b", "create-replacement a", "replace a"],
		see: ({ state }) => {
			assert.deepEqual(
				state.deployment.resources?.filter((resource) => resource.delete).map((resource) => resource.urn),
				[urn("a")],
			);
		},
	},
	{
		run: "preview",
		steps: ["delete-replaced a"],
		see: ({ calls }) => assert.deepEqual(callsOf(calls, "delete"), []),
	},
	{
		run: "up",
		plan: pair(thing("b", { from: { $ref: "a.made" }, size: 2 }), thing("c", { from: { $ref: "b.made" } })),
		steps: ["create c", "delete-replaced a", "update b"],
		see: ({ calls }) => assert.equal(callsOf(calls, "update", "create", "delete").at(-1), "delete a"),
	},
]);

addScenario("keeps a failed deletion of an original, and carries it out with all that is left of it", [
	{ run: "up", plan: pair(thing("b")) },
	{
		run: "up",
		options: { replace: [urn("a")] },
		faults: { "delete a": { message: "in use" } },
		exit: 1,
		steps: ["create-replacement a", "delete-replaced a failed", "replace a"],
	},
	{
		run: "up",
		options: { replace: [urn("a")] },
		faults: { "delete a": { message: "in use" } },
		exit: 1,
	},
	{ run: "destroy", options: { target: [urn("b")] }, steps: ["delete b"] },
	{ run: "refresh" },
	{
		run: "destroy",
		see: ({ calls }) => assert.deepEqual(callsOf(calls, "delete"), ["delete a", "delete a", "delete a"]),
	},
]);

const guarded = (protect: boolean): PlannedResource[] => [
	thing("root", {}, { deleteBeforeReplace: true }),
	thing("guarded", { key: { $ref: "root.id" } }, { protect }),
	thing("alone", {}, { protect, dependsOn: ["guarded"] }),
];

addScenario("does not replace by force what is protected, nor delete it for another's sake", [
	{ run: "up", plan: { resources: guarded(true) } },
	{ run: "preview", options: { replace: [urn("alone")] }, exit: 1 },
	{ run: "up", options: { replace: [urn("alone")] }, exit: 1, steps: [] },
	{ run: "up", options: { replace: [urn("root")] }, exit: 1, steps: [] },
	{ run: "up", plan: { resources: guarded(false) }, options: { replace: [urn("alone")] } },
	{ run: "up", options: { replace: [urn("root")] } },
]);

addScenario("works only on what is to be replaced, where the target is that", [
	{ run: "up", plan: { resources: everything() } },
	{
		run: "up",
		options: { targetReplace: [urn("plain")] },
		steps: ["create-replacement plain", "delete-replaced plain", "replace plain"],
		see: ({ calls }) => assert.deepEqual(callsOf(calls, "check", "diff"), ["check plain"]),
	},
	{ run: "up", options: { target: [urn("plain")], replace: [urn("said")] }, steps: [] },
	{ run: "up", options: { targetReplace: [urn("first")] } },
	{ run: "up", options: { targetReplace: [urn("first")], targetDependents: true } },
]);

const told: string[] = [];

addScenario("goes on to later resources while one is changed, and deletes when all of them are through", [
	{ run: "up", plan: { resources: [thing("slow"), thing("other"), thing("old")] } },
	{
		run: "up",
		plan: { resources: [thing("slow", { size: 2 }), thing("other", { size: 2 })] },
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
