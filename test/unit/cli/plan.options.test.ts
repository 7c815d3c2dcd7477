import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readPlanOptions } from "../../../provider/cli/plan.options.ts";

describe("the command line of plan", () => {
	test("accepts a file and a hub, and everything else has a default", () => {
		assert.deepEqual(readPlanOptions(["plant.csv", "--sku", "S1"], {}), {
			file: "plant.csv",
			fileOptions: { ignoreColumns: [], columns: {} },
			onSerialNumberMismatch: "fail",
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

	test("can ignore columns and map others, whose titles may contain an equals sign", () => {
		const args = [
			"--ignore-column",
			"site",
			"--ignore-column=",
			"--column",
			"a=b=deviceId",
			"--column=x=status",
		];
		assert.deepEqual(readPlanOptions(["f", "--sku=S1", ...args], {}).fileOptions, {
			ignoreColumns: ["site", ""],
			columns: { "a=b": "deviceId", x: "status" },
		});
	});

	const problems: readonly [args: readonly string[], problem: RegExp][] = [
		[[], /^the file to plan is missing$/],
		[["a", "b", "--sku", "S1"], /^only one file can be planned at a time$/],
		[["a"], /^the hub's edition is missing: add --sku S1, or set the environment variable IOTHUB_SKU$/],
		[["a", "--sku", "S1", "--parallel", "2"], /^--parallel can only be used with --autopilot$/],
		[["a", "--autopilot", "--sku", "S1"], /^--sku cannot be used with --autopilot$/],
		[["a", "--autopilot", "--within", "5"], /^--within cannot be used with --autopilot$/],
		[["a", "--sku", "S1", "--within", "5m"], /^--within must be a whole number of at least 1, got "5m"$/],
		[["a", "--sku", "S1", "--latency", "0"], /^--latency must be a whole number of at least 1, got "0"$/],
		[["a", "--sku", "S1", "--within", "10000000"], /^--within must be a whole number .*, got "10000000"$/],
		[["a", "--autopilot", "--parallel", "1.5"], /^--parallel must be a whole number .*, got "1\.5"$/],
		[["a", "--sku", "S1", "--format", "xml"], /^--format must be table or json, got "xml"$/],
		[
			["a", "--autopilot", "--column", "Name"],
			/^--column must be TITLE=NAME, for example --column "Device Name=deviceId", got "Name"$/,
		],
		[["a", "--autopilot", "--column=a=b", "--column=a=c"], /^--column maps the column "a" twice$/],
		[
			["a", "--autopilot", "--column=Serial=serialNumbr"],
			/^the column "Serial" is mapped to "serialNumbr", which is not a known column; did you mean "serialNumber"\?$/,
		],
		[["a", "--sku", "S1", "--column=Serial=serialNumber"], /"serialNumber", which is not a known column/],
		[["a", "--verbose"], /^--verbose is not an option of this command$/],
	];
	for (const [args, problem] of problems) {
		test(`is rejected as: ${args.join(" ") || "nothing"}`, () => {
			assert.throws(() => readPlanOptions(args, {}), { name: "UsageError", message: problem });
		});
	}

	test("is rejected with an unknown edition, named as the option or the variable that has it", () => {
		const usageError = (message: RegExp) => ({ name: "UsageError", message });
		assert.throws(() => readPlanOptions(["a", "--sku", "S9"], {}), usageError(/^--sku is "S9"/));
		assert.throws(
			() => readPlanOptions(["a", "--sku", "S1", "--units", "0"], {}),
			usageError(/^--units is "0"/),
		);
		assert.throws(
			() => readPlanOptions(["a"], { IOTHUB_SKU: "S9" }),
			/^ConfigurationError: iothub:sku is "S9" in the environment variable IOTHUB_SKU/,
		);
	});
});
