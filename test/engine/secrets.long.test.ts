import assert from "node:assert/strict";
import { addScenario, playScenarios } from "./play.ts";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const declareKeeper = (config: object) => ({
	name: "a",
	inputs: {
		config,
		label: { $secretConfig: "token" },
		nested: { open: "seen", deep: { closed: { $secret: "hidden deep" } } },
		list: ["seen", { $secret: "hidden item" }],
	},
	options: { additionalSecretOutputs: ["token"] },
});

const plan = {
	resources: [
		declareKeeper({ $config: "plain" }),
		{
			name: "b",
			inputs: { from: { $ref: "a.made" }, nested: { id: { $ref: "a.id" } } },
			options: { additionalSecretOutputs: ["token"] },
		},
	],
	outputs: { label: { $ref: "a.label" }, token: { $ref: "a.token" }, made: { $ref: "a.made" } },
};

addScenario("keeps secrets encrypted in state and passes them to the provider in plain text", [
	{
		run: "preview",
		config: { plain: "open", token: { secret: "hidden token" } },
		plan,
		steps: ["create a", "create b"],
		see: ({ calls, outcome }) => {
			assert.match(calls.join("\n"), new RegExp(`check b .*"from":"${UNKNOWN}".*"id":"${UNKNOWN}"`, "u"));
			assert.equal(outcome.outputs["made"], "[unknown]");
		},
	},
	{
		run: "up",
		steps: ["create a", "create b"],
		see: async ({ outcome, state, calls, stack }) => {
			assert.deepEqual(outcome.outputs, { label: "[secret]", token: "[secret]", made: "made a" });
			assert.doesNotMatch(JSON.stringify(state), /hidden/u);
			assert.doesNotMatch(outcome.output, /hidden/u);
			assert.match(calls.join("\n"), /create a .*"config":"open","label":"hidden token"/u);
			assert.match(calls.join("\n"), /create a .*"closed":"hidden deep"/u);
			const told = await stack.outputs({ showSecrets: true });
			assert.equal(told["label"], "hidden token");
			assert.match(String(told["token"]), /^token /u);
			assert.equal((await stack.outputs())["token"], "[secret]");
		},
	},
	{ run: "refresh", steps: [] },
	{
		run: "up",
		config: { plain: "other", token: undefined },
		steps: ["update a"],
		see: ({ state }) => assert.doesNotMatch(JSON.stringify(state), /hidden/u),
	},
]);

playScenarios("secrets and unknowns");
