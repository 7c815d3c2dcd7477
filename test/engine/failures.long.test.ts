import assert from "node:assert/strict";
import { addScenario, playScenarios, type Seen } from "./play.ts";
import type { PlannedResource } from "./world.ts";

const listMessages = ({ outcome }: Seen, name: string): string[] =>
	outcome.diagnostics
		.filter(({ urn }) => urn?.endsWith(`::${name}`))
		.map(({ severity, message }) => `${severity} ${message}`);

const findResource = ({ state }: Seen, name: string) =>
	state.deployment.resources?.find(({ urn }) => urn.endsWith(`::${name}`));

const resources: readonly PlannedResource[] = [
	{ name: "slow" },
	{ name: "bad" },
	{ name: "half", inputs: { label: { $secret: "closed" } }, options: { dependsOn: ["slow"] } },
	{ name: "late", inputs: { from: { $ref: "slow.made" } } },
];

/** Declares a failing resource last, because a failure ends the run whatever has not been processed yet. */
function declareAfterHalf(inputs: PlannedResource["inputs"] & object): PlannedResource {
	return { name: "late", inputs, options: { dependsOn: ["half"] } };
}

addScenario("keeps created resources when another one fails, and partially created ones with their errors", [
	{
		run: "preview",
		plan: { resources: [{ name: "bad", inputs: { invalid: "yes" } }] },
		exit: 1,
		see: (seen) =>
			assert.deepEqual(listMessages(seen, "bad"), [
				"error pulumi-nodejs:dynamic/world:Thing resource 'bad': property invalid value {yes} has a problem: " +
					"it may not be there",
			]),
	},
	{
		run: "up",
		plan: { resources },
		faults: {
			"create slow": { pause: 1500 },
			"create bad": { pause: 500, message: "broken", say: "trying" },
		},
		exit: 1,
		steps: ["create bad failed", "create slow"],
		see: (seen) => {
			assert.ok(findResource(seen, "slow"));
			assert.deepEqual(listMessages(seen, "bad"), ["error broken"]);
			const other = seen.outcome.diagnostics.filter(({ urn }) => urn === undefined);
			assert.deepEqual(other.map(({ message }) => message).sort(), ["trying", "update failed"]);
		},
	},
	{
		run: "up",
		options: { continueOnError: true },
		faults: {
			"create bad": { message: "broken" },
			"create half": { message: "half", reasons: ["it has no roof", "nor a door"] },
		},
		exit: 1,
		steps: ["create bad failed", "create half failed", "create late"],
		see: (seen) => {
			assert.deepEqual(findResource(seen, "half")?.initErrors, ["it has no roof", "nor a door"]);
			assert.equal(findResource(seen, "half")?.outputs?.["half"], true);
			assert.doesNotMatch(JSON.stringify(seen.state), /closed/u);
		},
	},
	{
		run: "preview",
		plan: { resources: [...resources.slice(0, 3), declareAfterHalf({ from: { $ref: "slow.made" } })] },
		faults: { "diff late": { message: "cannot tell" } },
		exit: 1,
	},
	{
		run: "up",
		plan: { resources: [...resources.slice(0, 3), { name: "late", inputs: { size: 7 } }] },
		faults: { "update late": { message: "half", reasons: ["it leans"] } },
		options: { continueOnError: true },
		exit: 1,
		steps: ["create bad", "update half", "update late failed"],
		see: (seen) => {
			assert.equal(findResource(seen, "half")?.initErrors, undefined);
			assert.deepEqual(findResource(seen, "late")?.initErrors, ["it leans"]);
		},
	},
	{
		run: "up",
		plan: { resources: [...resources.slice(0, 3), declareAfterHalf({ size: 7 })] },
		steps: ["update late failed"],
		faults: { "update late": { message: "cannot" } },
		exit: 1,
	},
	{ run: "up", steps: ["update late"] },
	{
		run: "destroy",
		options: { continueOnError: true },
		faults: { "delete half": { message: "in use" } },
		exit: 1,
		steps: ["delete bad", "delete half failed", "delete late"],
	},
	{
		run: "destroy",
		faults: { "delete half": { message: "in use" } },
		exit: 1,
		steps: ["delete half failed"],
	},
	{ run: "destroy", steps: ["delete half", "delete slow"] },
]);

addScenario(
	"deletes nothing when the program fails",
	[
		{ run: "up", plan: { resources: [{ name: "a" }], print: "hello" } },
		{ run: "up", plan: { throwFirst: "no plan today" }, exit: 1, steps: [] },
		{ run: "preview", plan: { resources: [{ name: "b" }], throwLast: "not today" }, exit: 1 },
		{ run: "up", plan: { resources: [{ name: "a" }], logged: "look at this" }, steps: [] },
	],
	"failing",
);

addScenario("ends early when it is cancelled, and keeps what was done", [
	{
		run: "up",
		plan: { resources: [{ name: "a" }, { name: "b", inputs: { from: { $ref: "a.made" } } }] },
		faults: { "create a": { pause: 1500 } },
		options: (stop) => ({
			signal: stop.signal,
			onEvent: ({ resourcePreEvent }) => {
				if (resourcePreEvent?.metadata.urn.endsWith("::a")) stop.abort();
			},
		}),
		exit: 1,
		steps: ["create a"],
		see: (seen) => {
			assert.ok(findResource(seen, "a"));
			assert.equal(seen.state.deployment.pending_operations, undefined);
		},
	},
	{ run: "up", steps: ["create b"] },
]);

playScenarios("failures");
