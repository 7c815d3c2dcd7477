import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../engine/index.ts";
import { testOnEngines } from "./engines.ts";
import { locateProgram, runAtSite, type Site } from "./site.ts";

const ROOT = locateProgram("typed");
const SOURCE = readFileSync(join(ROOT, "index.ts"), "utf8");
/** ts-node checks no types, since the package is not installed below the program. */
const env = () => ({ PULUMI_NODEJS_TRANSPILE_ONLY: "true" });

function runTyped<Result>(
	engine: Engine,
	config: Record<string, string>,
	work: (site: Site) => Promise<Result>,
): Promise<Result> {
	return runAtSite(engine, { root: ROOT, env, config }, work);
}

/** Returns the first error that a failing preview prints, and the functions and lines of the program below it. */
async function previewFailure(engine: Engine, config: Record<string, string>): Promise<string[]> {
	return runTyped(engine, config, async ({ stack }) => {
		const { exitCode, output } = await stack.preview();
		assert.notEqual(exitCode, 0, output);
		const [message] = /\b\w*Error: .+/.exec(output) ?? [output];
		const frames = output.matchAll(/at (\S+) \(\S*typed\/(index\.ts:\d+):\d+\)/g);
		return [message, ...Array.from(frames, ([, name, line]) => `${name} ${line}`)];
	});
}

/** Returns the line in the program with the text, as a frame names it. */
function findLine(text: string): string {
	return `index.ts:${SOURCE.slice(0, SOURCE.indexOf(text)).split("\n").length}`;
}

for (const [fault, message, innermost] of [
	[
		"transformation",
		"Error: the transformation fails",
		`failInTransformation ${findLine("throw new Error")}`,
	],
	["parent", "Error: Resource parent is not a valid Resource: [object Promise]", undefined],
] as const)
	testOnEngines(`a bad ${fault} shows the same error and positions as with any resource`, async (engine) => {
		const ours = await previewFailure(engine, { fault });
		const plain = await previewFailure(engine, { fault, plain: "true" });
		assert.deepEqual(
			ours,
			plain.filter((frame) => !frame.includes("Plain")),
		);
		assert.equal(ours[0], message);
		if (innermost !== undefined) assert.equal(ours[1], innermost);
		assert.ok(ours.includes(`declare ${findLine("config.getBoolean")}`), ours.join("\n"));
	});

testOnEngines("state has the position of a device in a TypeScript program", async (engine) => {
	await runTyped(engine, { fault: "none" }, async ({ stack }) => {
		const { exitCode, output } = await stack.up();
		assert.equal(exitCode, 0, output);
		const { resources = [] } = (await stack.exportState()).deployment;
		const { sourcePosition } = resources.find(({ urn }) => urn.endsWith("::pump")) ?? {};
		assert.match(
			sourcePosition ?? "",
			new RegExp(`/${findLine("config.getBoolean").replace(":", "#")},\\d+$`),
		);
	});
});
