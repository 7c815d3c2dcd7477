import fc from "fast-check";
import { generateCommands, generateDeclaration, generateSetting } from "../arbitraries.ts";
import { findShortestFailure, type Season } from "../seek.ts";
import type { Mishap } from "../steps.ts";
import { FleetPlace } from "./place.ts";
import { playFleetHistory } from "./player.ts";
import {
	type Device,
	formatFleetHistory,
	type History,
	IDS,
	KNOBS,
	type Knob,
	type Outside,
	type Step,
} from "./step.ts";

const id = fc.constantFrom(...IDS);

const NAMES = Object.keys(KNOBS) as Knob[];

const setting = generateSetting(KNOBS, NAMES);

const outside: fc.Arbitrary<Outside> = fc.oneof(
	{ weight: 6, arbitrary: fc.record({ what: fc.constant("change" as const), id }).chain(withSetting) },
	...(["rewrite", "live", "rotate", "remove", "recreate", "make", "imitate"] as const).map((what) => ({
		weight: 1,
		arbitrary: fc.record({ what: fc.constant(what), id }),
	})),
);

const mishap: fc.Arbitrary<Mishap> = fc.record({
	kind: fc.constantFrom(
		...(["dies before", "dies after", "request lost", "answer lost"] as const),
		...(["server error", "gateway error", "throttled", "refused"] as const),
	),
	at: fc.integer({ min: 1, max: 9 }),
	times: fc.constantFrom(1, 1, 1, 2, 3, 20),
});

const step: fc.Arbitrary<Step> = fc.oneof(
	{ weight: 5, arbitrary: fc.record({ do: fc.constant("declare" as const), id }).chain(withSetting) },
	{
		weight: 1,
		arbitrary: fc.record({
			...{ do: fc.constant("declare" as const), id },
			knob: fc.constantFrom(...NAMES),
		}),
	},
	{ weight: 2, arbitrary: fc.record({ do: fc.constantFrom("add" as const, "drop" as const), id }) },
	...generateCommands({ outside, mishap, weights: { up: 8, refresh: 2 } }),
	{
		weight: 1,
		arbitrary: fc.record({ do: fc.constant("wait" as const), hours: fc.constantFrom(1, 25) }),
	},
);

const device: fc.Arbitrary<Device> = generateDeclaration(KNOBS, NAMES);

/** Half of the histories start with a hierarchy, so that histories about gateways do not depend on chance. */
const program = fc.oneof(
	fc.dictionary(id, device, { maxKeys: IDS.length }),
	device.map((own): History["program"] => ({
		north: { edge: "true" },
		south: { edge: "true", parent: "north" },
		one: { ...own, parent: "south" },
		two: { parent: "north", status: "enabled" },
	})),
);

const histories: fc.Arbitrary<History> = fc.record({
	program,
	steps: fc.array(step, { minLength: 5, maxLength: 12, size: "max" }),
});

/** Plays histories of a fleet one after the other; fails with the shortest that breaks a promise. */
export function playFleets(season: Season): Promise<void> {
	return findShortestFailure({ histories, play: playFleet, told: formatFleetHistory }, season);
}

/** Plays one history on a hub of its own. */
export function playFleet(history: History): Promise<void> {
	return playFleetHistory(new FleetPlace(), history);
}

function withSetting<Base extends object>(base: Base): fc.Arbitrary<Base & { knob: Knob; value: string }> {
	return setting.map((change) => ({ ...base, ...change }));
}
