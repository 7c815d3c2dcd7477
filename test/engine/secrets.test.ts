import assert from "node:assert/strict";
import { playScenarios, scenario } from "./play.ts";

const keeper = {
	name: "a",
	inputs: {
		label: { $secret: "hidden label" },
		nested: { open: "seen", deep: { closed: { $secret: "hidden deep" } } },
		list: ["seen", { $secret: "hidden item" }],
	},
	options: { additionalSecretOutputs: ["token"] },
};

scenario("keeps secrets encrypted in state and gives them to the provider in plain", [
	{
		run: "up",
		plan: {
			resources: [keeper],
			outputs: { label: { $ref: "a.label" }, token: { $ref: "a.token" }, made: { $ref: "a.made" } },
		},
		steps: ["create a"],
		see: async ({ outcome, state, calls, stack }) => {
			assert.deepEqual(outcome.outputs, { label: "[secret]", token: "[secret]", made: "made a" });
			assert.doesNotMatch(JSON.stringify(state), /hidden|token nothing/u);
			assert.doesNotMatch(outcome.output, /hidden|token nothing/u);
			assert.match(calls.join("\n"), /create a .*"hidden label".*"closed":"hidden deep"/u);
			const told = await stack.outputs({ showSecrets: true });
			assert.equal(told["token"], "token undefined undefined");
			assert.equal((await stack.outputs())["token"], "[secret]");
		},
	},
	{ run: "preview", steps: [], options: { expectNoChanges: true } },
	{ run: "refresh", steps: [] },
	{ run: "up", steps: [], see: ({ state }) => assert.doesNotMatch(JSON.stringify(state), /hidden/u) },
]);

scenario("gives the program and the provider the stack's configuration", [
	{
		run: "up",
		config: { plain: "open", token: { secret: "closed" } },
		plan: {
			resources: [{ ...keeper, inputs: { config: { $config: "plain" }, label: { $secretConfig: "token" } } }],
		},
		steps: ["create a"],
		see: async ({ state, calls }) => {
			assert.match(calls.join("\n"), /"config":"open"/u);
			assert.match(calls.join("\n"), /"label":"closed"/u);
			assert.doesNotMatch(JSON.stringify(state), /closed/u);
		},
	},
	{
		run: "up",
		config: { plain: "other", token: undefined },
		plan: { resources: [{ ...keeper, inputs: { config: { $config: "plain" } } }] },
		steps: ["update a"],
	},
]);

scenario("does not know in a preview what only creation tells", [
	{
		run: "preview",
		plan: {
			resources: [
				{ name: "a", inputs: { size: 3 } },
				{ name: "b", inputs: { from: { $ref: "a.made" }, nested: { id: { $ref: "a.id" } } } },
			],
			outputs: { made: { $ref: "a.made" }, size: { $ref: "a.size" } },
		},
		steps: ["create a", "create b"],
		see: ({ calls, outcome }) => {
			const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
			assert.match(calls.join("\n"), new RegExp(`check b .*"from":"${unknown}".*"id":"${unknown}"`, "u"));
			assert.equal(outcome.outputs["made"], "[unknown]");
		},
	},
]);

playScenarios("secrets and unknowns");
