import { describe, test } from "node:test";
import { playFleet, playFleets } from "./histories.ts";
import type { History } from "./step.ts";

/** How many histories the test plays; `npm run histories` finds others. */
const RUNS = 100;
/** The fixed seed: each run of the test plays the same histories. */
const SEED = 20_260_301;

test(`DeviceFleet keeps its promises in ${RUNS} histories (seed ${SEED})`, () =>
	playFleets({ runs: RUNS, seed: SEED }));

const PAIR = { north: { edge: "true" }, south: { edge: "true", parent: "north" } };

/** Each history is named after the fault that must not come back. */
const FOUND: Readonly<Record<string, History>> = {
	"A gateway that nobody touched keeps its keys when its parent is no longer declared": {
		program: PAIR,
		steps: [{ do: "up" }, { do: "declare", id: "south", knob: "parent" }],
	},
	"A gateway recreated between plan and write is not written as if it were the old one": {
		program: PAIR,
		steps: [
			{ do: "up" },
			{ do: "declare", id: "north", knob: "status", value: "disabled" },
			{ do: "up", refresh: true, between: { what: "recreate", id: "north" } },
		],
	},
	"Children follow the scope of a gateway whose capability a killed run restored": {
		program: { ...PAIR, one: { parent: "south" }, two: { parent: "north", status: "enabled" } },
		steps: [
			{ do: "up" },
			{ do: "outside", outside: { what: "change", id: "north", knob: "edge", value: "" } },
			{ do: "up", mishap: { kind: "dies before", at: 2, times: 1 } },
		],
	},
	"A former gateway's own scope is not reported as a parent from which somebody moved it": {
		program: { ...PAIR, two: { parent: "north" } },
		steps: [
			{ do: "up" },
			{ do: "declare", id: "south", knob: "edge", value: "" },
			{ do: "outside", outside: { what: "rotate", id: "south" } },
			{ do: "up" },
		],
	},
};

describe("Histories of fleets that once broke a promise", () => {
	for (const [title, history] of Object.entries(FOUND)) test(title, () => playFleet(history));
});
