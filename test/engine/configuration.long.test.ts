import assert from "node:assert/strict";
import { addScenario, playScenarios, type Seen } from "./play.ts";
import type { PlannedResource } from "./world.ts";

const declareThing = (name: string, inputs: object = {}, options: object = {}): PlannedResource => ({
	name,
	inputs: { ...inputs },
	options: { ...options },
});

const makeThingUrn = (name: string): string =>
	`urn:pulumi:dev::world::pulumi-nodejs:dynamic/world:Thing::${name}`;

/** Lists each call with the configuration and the environment of the provider: "create a 1 new". */
const listTraces = ({ calls }: Seen): string[] =>
	calls
		.map((call) => {
			const [, method, name, trace, environment] =
				/^(\S+) (\S+).* \(configured (\S+), environment (\S+)\)$/u.exec(call) ?? [];
			return [method, name, trace, environment].join(" ");
		})
		.sort();

const createEnv = (value: string): { readonly env: Readonly<Record<string, string>> } => ({
	env: { WORLD_TRACE: value },
});

const both = { resources: [declareThing("a"), declareThing("b", { from: { $ref: "a.made" } })] };

addScenario("configures providers from state if the program does not register them, in today's environment", [
	{
		run: "up",
		plan: both,
		config: { trace: "1" },
		options: createEnv("first"),
		see: (seen) => {
			const calls = ["check a", "check b", "configure provider", "create a", "create b"];
			assert.deepEqual(
				listTraces(seen),
				calls.map((call) => `${call} 1 first`),
			);
		},
	},
	{
		run: "refresh",
		config: { trace: "2" },
		options: createEnv("second"),
		see: (seen) => {
			const calls = ["configure provider", "diff a", "diff b", "read a", "read b"];
			assert.deepEqual(
				listTraces(seen),
				calls.map((call) => `${call} 1 second`),
			);
		},
	},
	{
		run: "up",
		options: { refresh: true, ...createEnv("third") },
		see: (seen) => {
			const calls = ["configure provider", "diff a", "diff b", "read a", "read b"].map(
				(call) => `${call} 1 third`,
			);
			const later = ["check a", "check b", "configure provider", "diff a", "diff b"].map(
				(call) => `${call} 2 third`,
			);
			assert.deepEqual(listTraces(seen), [...calls, ...later].sort());
		},
	},
	{
		run: "up",
		config: { trace: "3" },
		plan: { resources: [declareThing("a")] },
		options: createEnv("fourth"),
		see: (seen) => {
			const calls = ["check a", "configure provider", "delete b", "diff a"];
			assert.deepEqual(
				listTraces(seen),
				calls.map((call) => `${call} 3 fourth`),
			);
		},
	},
	{ run: "preview", config: { trace: "4" }, plan: {}, options: createEnv("fifth") },
	{
		run: "up",
		options: createEnv("sixth"),
		see: (seen) => assert.deepEqual(listTraces(seen), ["configure provider 3 sixth", "delete a 3 sixth"]),
	},
	{ run: "up", plan: both, options: createEnv("seventh") },
	{
		run: "destroy",
		config: { trace: "5" },
		options: createEnv("eighth"),
		see: (seen) =>
			assert.deepEqual(listTraces(seen), [
				"configure provider 4 eighth",
				"delete a 4 eighth",
				"delete b 4 eighth",
			]),
	},
]);

const first: readonly PlannedResource[] = [
	{ kind: "group", name: "group" },
	declareThing("inside", { size: 1 }, { parent: "group" }),
	declareThing("a", { size: 1 }),
	declareThing("b", { from: { $ref: "a.made" } }, { protect: true }),
	declareThing("lost"),
	declareThing("old", { size: 1 }),
];

const second: readonly PlannedResource[] = [
	{ kind: "group", name: "group", inputs: { told: "more" } },
	declareThing("inside", { size: 2 }, { parent: "group" }),
	declareThing("a", { size: 2 }, { retainOnDelete: true }),
	declareThing("b", { from: { $ref: "a.made" }, size: 3 }),
	declareThing("lost"),
	declareThing("new"),
	declareThing("later", { from: { $ref: "new.made" } }, { dependsOn: ["new"] }),
];

addScenario("reads with today's configuration when the program runs, and changes nothing", [
	{ run: "up", plan: { resources: first }, config: { trace: "1" } },
	{
		run: "refresh",
		plan: { resources: second },
		config: { trace: "2" },
		meanwhile: async (world) => {
			await world.drift("a", { size: 7 });
			await world.lose("lost");
		},
		options: { runProgram: true, previewOnly: true },
	},
	{
		run: "refresh",
		options: { runProgram: true },
		see: (seen) => {
			assert.ok(
				listTraces(seen).every((call) => call.includes(" 2 ")),
				seen.calls.join("\n"),
			);
			const methods = new Set(listTraces(seen).map((call) => call.split(" ")[0]));
			assert.deepEqual([...methods].sort(), ["configure", "diff", "read"]);
		},
	},
	{
		run: "up",
		meanwhile: (world) => world.drift("a", { size: 8 }),
		config: { trace: "3" },
		options: { runProgram: true, refresh: true },
		see: (seen) =>
			assert.ok(
				listTraces(seen).every((call) => call.includes(" 3 ")),
				seen.calls.join("\n"),
			),
	},
	{ run: "refresh", options: { runProgram: true, target: [makeThingUrn("a")] } },
	{ run: "refresh", options: { runProgram: true }, faults: { "read a": { message: "not now" } }, exit: 1 },
]);

addScenario("deletes with today's configuration when the program runs, and sends no other call", [
	{ run: "up", plan: { resources: first }, config: { trace: "1" } },
	{
		run: "destroy",
		plan: { resources: second },
		config: { trace: "2" },
		options: { runProgram: true, previewOnly: true },
	},
	{
		run: "destroy",
		options: { runProgram: true, target: [makeThingUrn("old")] },
		see: (seen) =>
			assert.deepEqual(listTraces(seen), ["configure provider 2 undefined", "delete old 2 undefined"]),
	},
	{
		run: "destroy",
		options: { runProgram: true },
		faults: { "delete inside": { message: "in use" } },
		exit: 1,
	},
	{
		run: "destroy",
		options: { runProgram: true },
	},
]);

playScenarios("configuration of providers");
