import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { computeAgeMs, normalizeTimestamp } from "../../../provider/iothub/timestamps.ts";

const spellings: readonly [wire: unknown, time: string | undefined][] = [
	["0001-01-01T00:00:00", undefined],
	["0001-01-01T00:00:00Z", undefined],
	["0001-01-01T00:00:00.0000000Z", undefined],
	["", undefined],
	[null, undefined],
	[undefined, undefined],
	[0, undefined],
	["2026-03-01T08:05:30", "2026-03-01T08:05:30Z"],
	["2026-03-01T08:05:30Z", "2026-03-01T08:05:30Z"],
	["2026-03-01T08:05:30+00:00", "2026-03-01T08:05:30Z"],
	["2026-03-01T08:05:30.0000000Z", "2026-03-01T08:05:30Z"],
	["2026-03-01T08:05:30.4800000Z", "2026-03-01T08:05:30.48Z"],
	["2026-03-01T08:05:30.4812204", "2026-03-01T08:05:30.4812204Z"],
	["last week", "last week"],
];

for (const [wire, time] of spellings) {
	test(`${JSON.stringify(wire)} is ${time ?? "never"}`, () => assert.equal(normalizeTimestamp(wire), time));
}

test("normalizing a time twice changes nothing", () => {
	const times = fc
		.date({ min: new Date("1970-01-01"), max: new Date("2999-12-31"), noInvalidDate: true })
		.map((date) => date.toISOString());
	fc.assert(
		fc.property(times, (time) => {
			const read = normalizeTimestamp(time);
			assert.equal(normalizeTimestamp(read), read);
			assert.equal(Date.parse(read ?? ""), Date.parse(time));
		}),
	);
});

test("an age is computed from .NET ticks to the millisecond", () => {
	const now = Date.parse("2026-03-01T08:00:05.250Z");
	assert.equal(computeAgeMs("639079488000000000", now), 5_250);
	assert.equal(computeAgeMs("639079488052499999", now), 1);
	assert.equal(computeAgeMs("639079488100000000", now), -4_750);
});

test("ticks beyond the safe integers are exact", () => {
	fc.assert(
		fc.property(fc.integer({ min: 1_600_000_000_000, max: 4_000_000_000_000 }), (born) => {
			const ticks = String((BigInt(born) + 62_135_596_800_000n) * 10_000n);
			assert.equal(computeAgeMs(ticks, born + 1), 1);
		}),
	);
});

test("there is no age without the service's time, or for a generation id that is not a number of ticks", () => {
	assert.equal(computeAgeMs("639079488000000000", undefined), undefined);
	for (const generation of ["", "MA==", "63907948800000000x", "12", "-639079488000000000"]) {
		assert.equal(computeAgeMs(generation, 0), undefined);
	}
});
