import { describe, test } from "node:test";
import { playStack, playStacks } from "./histories.ts";
import type { History } from "./step.ts";

/** How many histories the test plays; `npm run histories` finds others. */
const RUNS = 100;
/** The fixed seed: each run of the test plays the same histories. */
const SEED = 20_261_130;

test(`Stacks keep their promises in ${RUNS} histories (seed ${SEED})`, () =>
	playStacks({ runs: RUNS, seed: SEED }));

const FLEET: History["program"] = { main: [{ edit: "give", id: "e", to: "plant" }], other: [] };

/** Each history is named after the fault that must not come back. */
const FOUND: Readonly<Record<string, History>> = {
	"The next run with `adopt` takes over what an interrupted replacement created": {
		program: FLEET,
		steps: [
			{ do: "up" },
			{ do: "up", replace: ["plant"], mishap: { kind: "engine dies", at: 2 } },
			{ do: "edit", edit: "set", name: "plant", adopt: true },
			{ do: "up" },
		],
	},
};

describe("Histories of stacks that once broke a promise", () => {
	for (const [title, history] of Object.entries(FOUND)) test(title, () => playStack(history));
});
