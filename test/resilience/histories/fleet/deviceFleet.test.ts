import { describe, test } from "node:test";
import { playFleet, playFleets } from "./histories.ts";
import type { History } from "./step.ts";

/** How many histories a test plays; others are found by `npm run histories`. */
const RUNS = 100;
/** Tests play the same ones each time. */
const SEED = 20_260_301;

test(`DeviceFleet keeps its promises in ${RUNS} histories (seed ${SEED})`, () =>
	playFleets({ runs: RUNS, seed: SEED }));

const PAIR = { north: { edge: "true" }, south: { edge: "true", parent: "north" } };

/** Each is named after what must not go wrong again. */
const FOUND: Readonly<Record<string, History>> = {
	"A gateway that nobody touched keeps its keys when its parent is left out": {
		program: PAIR,
		steps: [{ do: "up" }, { do: "declare", id: "south", knob: "parent" }],
	},
	"A gateway made again between plan and write is not written as if it were the old one": {
		program: PAIR,
		steps: [
			{ do: "up" },
			{ do: "declare", id: "north", knob: "status", value: "disabled" },
			{ do: "up", refresh: true, between: { what: "recreate", id: "north" } },
		],
	},
	"Children follow the scope of a gateway that a run gave back its capability before it died": {
		program: { ...PAIR, one: { parent: "south" }, two: { parent: "north", status: "enabled" } },
		steps: [
			{ do: "up" },
			{ do: "outside", outside: { what: "change", id: "north", knob: "edge", value: "" } },
			{ do: "up", mishap: { kind: "dies before", at: 2, times: 1 } },
		],
	},
	"The scope that a former gateway had of its own is not told as the parent from which somebody moved it": {
		program: { ...PAIR, two: { parent: "north" } },
		steps: [
			{ do: "up" },
			{ do: "declare", id: "south", knob: "edge", value: "" },
			{ do: "outside", outside: { what: "rotate", id: "south" } },
			{ do: "up" },
		],
	},
};

describe("Histories of fleets that broke a promise once", () => {
	for (const [title, history] of Object.entries(FOUND)) test(title, () => playFleet(history));
});
