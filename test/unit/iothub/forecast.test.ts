import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
	estimateFleetOperations,
	type FleetOperation,
	type ForecastOptions,
	findFastEnoughHubs,
	type HubSize,
	readConfiguredHubSize,
} from "../../../provider/iothub/forecast.ts";

const ASKING: ForecastOptions = { latencyMs: 1, registryOnly: false };
const S1: HubSize = { sku: "S1", units: 1 };

const costs = (devices: number, size = S1, asking = ASKING) =>
	Object.fromEntries(estimateFleetOperations(devices, size, asking).map((found) => [found.operation, found]));

describe("a fleet of ten thousand on the smallest hub", () => {
	test("needs one registry operation per device to be created or deleted", () => {
		const { create, destroy } = costs(10_000);
		for (const operation of [create, destroy]) {
			assert.deepEqual(operation?.requests, { registry: 10_000 });
			assert.equal(operation?.meter, "registry");
			assert.equal(Math.round((operation?.milliseconds ?? 0) / 60_000), 100);
		}
	});

	test("is compared by a list, and by twin reads of some devices", () => {
		const { preview } = costs(10_000);
		assert.deepEqual(preview?.requests, { query: 10, twin: 190 });
		assert.equal(preview?.meter, "query");
	});

	test("needs one twin read per device to be refreshed", () => {
		assert.deepEqual(costs(10_000)["refresh"]?.requests, { twin: 10_000 });
	});

	test("needs two registry operations per device to be changed, after the preview", () => {
		assert.deepEqual(costs(10_000)["change"]?.requests, { query: 10, twin: 190, registry: 20_000 });
	});
});

test("a few devices are read one by one, without a list", () => {
	assert.deepEqual(costs(19)["preview"]?.requests, { twin: 19 });
	assert.deepEqual(costs(0)["preview"]?.requests, {});
	assert.equal(costs(0)["preview"]?.milliseconds, 0);
});

test("a list that takes too long is abandoned, and the other devices are read one by one", () => {
	const { query = 0, twin = 0 } = costs(100_000)["preview"]?.requests ?? {};
	assert.equal(query, 60);
	assert.equal(twin, 60 * 19 + 40_000);
});

test("everything is read from the registry if twins are refused", () => {
	for (const found of [
		costs(50, S1, { ...ASKING, registryOnly: true }),
		costs(50, { sku: "B2", units: 1 }),
	]) {
		assert.deepEqual(found["preview"]?.requests, { registry: 50 });
		assert.deepEqual(found["refresh"]?.requests, { registry: 50 });
		assert.deepEqual(found["change"]?.requests, { registry: 150 });
	}
});

test("the number of requests in flight determines the duration on a large hub", () => {
	const { create } = costs(8_000, { sku: "S3", units: 10 }, { ...ASKING, latencyMs: 200 });
	assert.deepEqual([create?.meter, create?.rate, create?.milliseconds], [undefined, undefined, 25_000]);
});

describe("the smallest hubs that are fast enough", () => {
	const hubs = (operation: FleetOperation, devices: number, size = S1, asking = ASKING) =>
		findFastEnoughHubs(operation, 600_000, { devices, size, options: asking }).map(
			({ sku, units }) => `${sku} ${units}`,
		);

	test("have the same edition with more units, or the largest edition", () => {
		assert.deepEqual(hubs("create", 10_000), ["S1 10", "S3 1"]);
		assert.deepEqual(hubs("create", 10_000, { sku: "B2", units: 2 }), ["B2 10", "B3 1"]);
		assert.deepEqual(hubs("create", 500_000, { sku: "S3", units: 1 }), ["S3 10"]);
	});

	test("are fast enough, and smaller ones are not", () => {
		const at = (units: number) => costs(10_000, { sku: "S1", units })["create"]?.milliseconds ?? 0;
		assert.ok(at(10) <= 600_000 && at(9) > 600_000);
	});

	test("are never free hubs, which have one unit", () => {
		assert.deepEqual(hubs("create", 10_000, { sku: "F1", units: 1 }), ["S1 10", "S3 1"]);
	});

	test("do not exist if responses take too long", () => {
		assert.deepEqual(hubs("create", 1_000_000, S1, { ...ASKING, latencyMs: 100 }), []);
	});
});

test("the size is read from the settings, or the error says how to set it", () => {
	const size = (set: Readonly<Record<string, string>>) =>
		readConfiguredHubSize({ config: (key) => set[key], env: {} });
	assert.deepEqual(size({ "iothub:sku": "S2" }), { sku: "S2", units: 1 });
	assert.deepEqual(size({ "iothub:sku": "S3", "iothub:units": "4" }), { sku: "S3", units: 4 });
	assert.throws(
		() => size({}),
		/^ConfigurationError: iothub:sku is not set, so the rate limits of the hub are not known/,
	);
	assert.throws(() => size({ "iothub:sku": "S9" }), /iothub:sku is "S9"/);
});
