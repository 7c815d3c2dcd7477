import assert from "node:assert/strict";
import { addScenario, playScenarios, type Seen } from "./play.ts";
import type { Plan } from "./world.ts";

const declare = (inputs: Readonly<Record<string, unknown>>, ...ignoreChanges: readonly string[]): Plan => ({
	resources: [{ name: "kept", inputs, options: { ignoreChanges } }],
});

/** The inputs in state, without those of the fixture. */
function readInputs({ state }: Seen): unknown {
	const found = state.deployment.resources?.find(({ urn }) => urn.endsWith("::kept"));
	const { __provider: _, made: __, token: ___, revision: ____, name: _____, ...inputs } = found?.inputs ?? {};
	return inputs;
}

const FIRST = {
	size: 1,
	label: "a",
	nested: { x: 1, y: 1, deep: { z: 1 }, "with.dot": 1 },
	list: [1, { k: 1, l: 1 }, [1, 2]],
	same: { a: 1, b: 1 },
};

addScenario("keeps the previous inputs at ignored paths", [
	{ run: "up", plan: declare(FIRST) },
	{
		run: "up",
		plan: declare(
			{
				size: 2,
				label: "b",
				nested: { x: 2, y: 2, deep: { z: 2, w: 2 }, "with.dot": 2, added: 2 },
				list: [2, { k: 2, l: 2 }, [2, 2]],
				same: { a: 2, b: 2, c: 2 },
				fresh: { inner: 2, other: 2 },
				late: { deep: { inner: 2 } },
			},
			"size",
			'["label"]',
			'nested["x"]',
			'nested["with.dot"]',
			"nested.deep.z",
			"nested.added",
			"list[0]",
			"list[1].k",
			"list[2][*]",
			"same.*",
			"fresh.inner",
			"late.deep.inner",
		),
		see: (it) =>
			assert.deepEqual(readInputs(it), {
				size: 1,
				label: "a",
				nested: { x: 1, y: 2, deep: { z: 1, w: 2 }, "with.dot": 1 },
				list: [1, { k: 1, l: 2 }, [1, 2]],
				same: { a: 1, b: 1 },
				fresh: { other: 2 },
				late: { deep: { inner: 2 } },
			}),
	},
	{
		run: "up",
		plan: declare(
			{ size: 3, list: [3], nested: 3, same: { a: 3 }, ".odd": 3 },
			"nested.x",
			"nested.deep.z",
			"list[1].k",
			"list[2]",
			"same.b",
			"missing.part",
			"size.part",
			".odd",
			"list[",
			"list[x]",
		),
		see: (it) =>
			assert.deepEqual(readInputs(it), { size: 3, list: [3], nested: 3, same: { a: 3, b: 1 }, ".odd": 3 }),
	},
	{ run: "destroy" },
]);

addScenario("keeps secrets at ignored paths", [
	{
		run: "up",
		plan: declare({ open: { key: { $secret: "one" } }, closed: { $secret: { key: "one", other: "one" } } }),
	},
	{
		run: "up",
		plan: declare(
			{ open: { key: "two", other: "two" }, closed: { key: "two", other: "two" } },
			"open.key",
			"closed.key",
		),
	},
	{
		run: "up",
		plan: declare(
			{ open: { $secret: { key: "three", other: "three" } }, closed: { key: "three" } },
			"open.key",
			"*",
		),
	},
	{ run: "destroy" },
]);

playScenarios("ignored changes");
