import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { join } from "node:path";
import { describe, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { findCli, findEngine } from "./cli/cli.ts";
import type { Engine, Stack } from "./engine.ts";
import { createStandIn } from "./standIn/standIn.ts";
import { World } from "./world.ts";

const getFixture = (name: string): string => join(__dirname, "fixtures", name);

async function findEngines(): Promise<Engine[]> {
	const real = await findCli();
	if (real === undefined) console.log("programs: no pulumi on PATH, so only the stand-in is tested.");
	return real === undefined ? [createStandIn()] : [createStandIn(), real];
}

async function withStack(engine: Engine, root: string, use: (stack: Stack, world: World) => Promise<void>) {
	const world = await World.make();
	const stack = await engine.open({ root, env: world.env });
	try {
		await use(stack, world);
	} finally {
		await stack.dispose();
		await world.dispose();
	}
}

describe("programs", async () => {
	const all = await findEngines();
	for (const engine of all) {
		test(`runs a TypeScript file in a folder of its own, and its provider there too (${engine.name})`, () =>
			withStack(engine, getFixture("typed"), async (stack) => {
				const outcome = await stack.up();
				assert.equal(outcome.exitCode, 0, outcome.output);
				assert.deepEqual(outcome.outputs, {
					programFolder: "program",
					providerFolder: "program",
					dryRun: false,
					names: ["typed", "dev", "organization"],
				});
			}));

		test(`creates many resources in parallel, with events for each (${engine.name})`, () =>
			withStack(engine, getFixture("world"), async (stack, world) => {
				const names = [...Array(100).keys()].map((index) => `thing-${index}`);
				await world.plan({ resources: names.map((name) => ({ name })) });
				const told = new Set<string>();
				const outcome = await stack.up({
					checkpoints: false,
					onEvent: ({ resOutputsEvent }) => told.add(resOutputsEvent?.metadata.urn.split("::").at(-1) ?? ""),
				});
				assert.equal(outcome.exitCode, 0, outcome.output);
				assert.ok(names.every((name) => told.has(name)));
				assert.equal(outcome.changes["create"], 101);
				assert.ok((outcome.providerPeakMemory ?? Number.POSITIVE_INFINITY) > 1e7);
			}));

		test(`keeps the finished and the pending steps of an operation that is cut off (${engine.name})`, () =>
			withStack(engine, getFixture("world"), async (stack, world) => {
				await world.plan({ resources: [{ name: "a" }, { name: "b", inputs: { from: { $ref: "a.made" } } }] });
				await world.fault({ "create b": { pause: 3000 } });
				const started = new EventEmitter();
				const running = stack.up({
					onEvent: ({ resourcePreEvent }) => {
						if (resourcePreEvent?.metadata.urn.endsWith("::b")) started.emit("b");
					},
				});
				await once(started, "b");
				await setTimeout(500);
				const cut = await stack.exportState();
				assert.equal((await running).exitCode, 0);
				const names = cut.deployment.resources?.map(({ urn }) => urn.split("::").at(-1));
				assert.deepEqual(names, ["world-dev", "default", "a"]);
				const pending = cut.deployment.pending_operations?.map(
					({ type, resource }) => `${type} ${resource.urn.split("::").at(-1)}`,
				);
				assert.deepEqual(pending, ["creating b"]);
				await stack.importState(cut);
				const outcome = await stack.up();
				assert.equal(outcome.exitCode, 0, outcome.output);
				assert.ok(outcome.operations.some(({ op, name }) => op === "create" && name === "b"));
			}));
	}

	test("each engine continues with the state of the other", async () => {
		const [ours, theirs] = all;
		if (ours === undefined || theirs === undefined) return; // said above
		await withStack(ours, getFixture("world"), async (stack, world) => {
			const plan = { resources: [{ name: "a", inputs: { label: { $secret: "closed" }, size: 1 } }] };
			await world.plan(plan);
			assert.equal((await stack.up()).exitCode, 0);
			const other = await theirs.open({ root: getFixture("world"), env: world.env });
			await other.importState(await stack.exportState());
			const kept = await other.up({ expectNoChanges: true, refresh: true });
			assert.equal(kept.exitCode, 0, kept.output);
			await stack.importState(await other.exportState());
			await other.dispose();
			const back = await stack.preview({ expectNoChanges: true });
			assert.equal(back.exitCode, 0, back.output);
		});
	});

	test("the stand-in is returned on request, and a missing real engine is an error", async () => {
		assert.equal((await findEngine("stand-in")).name, "stand-in");
		const path = process.env["PATH"];
		process.env["PATH"] = "/nowhere";
		try {
			await assert.rejects(findEngine("pulumi"), /no pulumi/u);
			assert.equal((await findEngine()).name, "stand-in");
		} finally {
			process.env["PATH"] = path;
		}
	});
});
