import { test } from "node:test";
import { playMany, playOne } from "./histories.ts";
import type { Place } from "./place.ts";
import type { History } from "./step.ts";

/** How many histories a test plays. */
const RUNS = 1_000;
/** Tests play the same ones each time; others are found by `npm run histories`. */
const SEED = 20_260_301;

/** Tests a kind of resource by histories that nobody thought of. */
export function testSeason(title: string, open: () => Place): void {
	test(`${title} keeps its promises in ${RUNS} histories (seed ${SEED})`, () =>
		playMany(open(), { runs: RUNS, seed: SEED }));
}

/** Tests a kind of resource by histories that broke a promise once, each named after what went wrong. */
export function testFoundHistories(open: () => Place, histories: Readonly<Record<string, History>>): void {
	for (const [title, history] of Object.entries(histories)) test(title, () => playOne(open(), history));
}
