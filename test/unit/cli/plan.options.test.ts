import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readPlanOptions } from "../../../provider/cli/plan.options.ts";

describe("the command line of plan", () => {
	test("accepts a file and a hub, and everything else has a default", () => {
		assert.deepEqual(readPlanOptions(["plant.csv", "--sku", "S1"], {}), {
			file: "plant.csv",
			hub: { sku: "S1", units: 1 },
			withinMs: 600_000,
			latencyMs: 100,
			parallel: 100,
			registryOnly: false,
			format: "table",
		});
	});

	test("takes precedence over the environment, which may name the hub as well", () => {
		const env = { IOTHUB_SKU: "S2", IOTHUB_UNITS: "3" };
		assert.deepEqual(readPlanOptions(["f"], env).hub, { sku: "S2", units: 3 });
		assert.deepEqual(readPlanOptions(["f", "--sku=S3", "--units=2"], env).hub, { sku: "S3", units: 2 });
	});

	test("accepts a list of machines, which has no hub", () => {
		const options = readPlanOptions(["m.csv", "--autopilot", "--parallel", "8", "--format", "json"], {
			IOTHUB_SKU: "no matter",
		});
		assert.deepEqual([options.hub, options.parallel, options.format], [undefined, 8, "json"]);
	});

	const problems: readonly [args: readonly string[], problem: RegExp][] = [
		[[], /name one file/],
		[["a", "b", "--sku", "S1"], /name one file/],
		[["a"], /name the hub's edition \(--sku S1\)/],
		[["a", "--sku", "S1", "--parallel", "2"], /--parallel goes with --autopilot/],
		[["a", "--autopilot", "--sku", "S1"], /--sku goes without --autopilot/],
		[["a", "--autopilot", "--within", "5"], /--within goes without --autopilot/],
		[["a", "--sku", "S1", "--within", "5m"], /--within is "5m"; it takes a whole number of at least 1/],
		[["a", "--sku", "S1", "--format", "xml"], /--format is "xml"; it takes table or json/],
		[["a", "--verbose"], /--verbose/],
	];
	for (const [args, problem] of problems) {
		test(`is rejected as: ${args.join(" ") || "nothing"}`, () => {
			assert.throws(() => readPlanOptions(args, {}), { name: "UsageError", message: problem });
		});
	}

	test("is rejected with an unknown edition", () => {
		assert.throws(() => readPlanOptions(["a", "--sku", "S9"], {}), /iothub:sku is "S9"; it takes "F1" or/);
		assert.throws(() => readPlanOptions(["a", "--sku", "S1", "--units", "0"], {}), /iothub:units is "0"/);
	});
});
