import assert from "node:assert/strict";
import { playScenarios, scenario } from "./play.ts";

scenario("refuses invalid inputs before anything is made of them", [
	{
		run: "preview",
		plan: { resources: [{ name: "a", inputs: { invalid: "yes" } }] },
		exit: 1,
		see: ({ outcome }) => {
			const { message } = outcome.diagnostics.find(({ urn }) => urn?.endsWith("::a")) ?? { message: "" };
			assert.equal(
				message,
				"pulumi-nodejs:dynamic/world:Thing resource 'a': property invalid value {yes} has a problem: it may not be there",
			);
		},
	},
	{ run: "up", exit: 1, see: ({ calls }) => assert.deepEqual(calls.length, 1) },
]);

scenario("fails when a creation fails, and keeps what was made", [
	{
		run: "up",
		plan: { resources: [{ name: "a" }, { name: "b", inputs: { from: { $ref: "a.made" } } }] },
		faults: { "create b": { message: "no room", say: "trying b" } },
		exit: 1,
		steps: ["create a", "create b failed"],
		see: ({ outcome }) => {
			const said = outcome.diagnostics.map(({ severity, message }) => `${severity} ${message}`);
			assert.deepEqual(said.sort(), ["error no room", "error update failed", "info#err trying b"]);
		},
	},
	{ run: "up", steps: ["create b"] },
]);

scenario("lets what is under way end when something else fails", [
	{
		run: "up",
		plan: {
			resources: [
				{ name: "slow" },
				{ name: "bad" },
				{ name: "late", inputs: { from: { $ref: "slow.made" } } },
			],
		},
		faults: { "create slow": { pause: 1500 }, "create bad": { pause: 500, message: "broken" } },
		exit: 1,
		steps: ["create bad failed", "create slow"],
		see: ({ state }) => assert.ok(state.deployment.resources?.some(({ urn }) => urn.endsWith("::slow"))),
	},
	{
		run: "up",
		options: { continueOnError: true },
		faults: { "create bad": { message: "broken" } },
		exit: 1,
		steps: ["create bad failed", "create late"],
	},
	{ run: "up", steps: ["create bad"] },
]);

scenario("keeps a half-made object with what is wrong with it, and goes on with it", [
	{
		run: "up",
		plan: { resources: [{ name: "a", inputs: { label: { $secret: "s" } } }] },
		faults: { "create a": { message: "half", reasons: ["it has no roof", "nor a door"] } },
		exit: 1,
		see: ({ state }) => {
			const a = state.deployment.resources?.find(({ urn }) => urn.endsWith("::a"));
			assert.deepEqual(a?.initErrors, ["it has no roof", "nor a door"]);
			assert.equal(a?.outputs?.["half"], true);
			assert.doesNotMatch(JSON.stringify(a), /"s"/u);
		},
	},
	{ run: "preview", steps: ["update a"] },
	{
		run: "up",
		steps: ["update a"],
		see: ({ state }) => {
			const a = state.deployment.resources?.find(({ urn }) => urn.endsWith("::a"));
			assert.equal(a?.initErrors, undefined);
		},
	},
	{
		run: "up",
		plan: { resources: [{ name: "a", inputs: { size: 7 } }] },
		faults: { "update a": { message: "half", reasons: ["it leans"] } },
		exit: 1,
	},
	{ run: "up", steps: ["update a"] },
]);

scenario(
	"deletes nothing when the program fails",
	[
		{ run: "up", plan: { resources: [{ name: "a" }], print: "hello" } },
		{ run: "preview", plan: { throwFirst: "no plan today" }, exit: 1, steps: [] },
		{ run: "up", plan: { throwFirst: "no plan today" }, exit: 1, steps: [] },
		{ run: "up", plan: { resources: [{ name: "b" }], throwLast: "not today" }, exit: 1 },
		{ run: "up", plan: { resources: [{ name: "a" }], logged: "look at this" } },
	],
	"failing",
);

scenario("keeps what cannot be deleted, and all that it leans on", [
	{
		run: "up",
		plan: {
			resources: [
				{ name: "a" },
				{ name: "b", inputs: { from: { $ref: "a.made" } } },
				{ name: "c", options: { dependsOn: ["b"] } },
				{ name: "d" },
			],
		},
	},
	{ run: "destroy", faults: { "delete b": { message: "in use" } }, exit: 1 },
	{
		run: "destroy",
		options: { continueOnError: true },
		faults: { "delete b": { message: "in use" } },
		exit: 1,
	},
	{ run: "destroy", steps: ["delete a", "delete b"] },
]);

scenario("fails when a provider's comparison fails", [
	{ run: "up", plan: { resources: [{ name: "a" }] } },
	{
		run: "preview",
		plan: { resources: [{ name: "a", inputs: { size: 2 } }] },
		faults: { "diff a": { message: "cannot tell" } },
		exit: 1,
	},
	{ run: "up", faults: { "diff a": { message: "cannot tell" } }, exit: 1 },
	{ run: "up", faults: { "update a": { message: "cannot change" } }, exit: 1, steps: ["update a failed"] },
	{ run: "up", steps: ["update a"] },
]);

playScenarios("failures");
