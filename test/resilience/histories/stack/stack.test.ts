import { describe, test } from "node:test";
import { playStack, playStacks } from "./histories.ts";
import type { History } from "./step.ts";

/** How many histories a test plays; others are found by `npm run histories`. */
const RUNS = 100;
/** Tests play the same ones each time. */
const SEED = 20_261_130;

test(`Stacks keep their promises in ${RUNS} histories (seed ${SEED})`, () =>
	playStacks({ runs: RUNS, seed: SEED }));

const FLEET: History["program"] = { main: [{ edit: "give", id: "e", to: "plant" }], other: [] };

/** Each is named after what must not go wrong again. */
const FOUND: Readonly<Record<string, History>> = {
	"What an interrupted replacement made is taken over by the next run that says `adopt`": {
		program: FLEET,
		steps: [
			{ do: "up" },
			{ do: "up", replace: ["plant"], mishap: { kind: "engine dies", at: 2 } },
			{ do: "edit", edit: "set", name: "plant", adopt: true },
			{ do: "up" },
		],
	},
};

describe("Histories of stacks that broke a promise once", () => {
	for (const [title, history] of Object.entries(FOUND)) test(title, () => playStack(history));
});
