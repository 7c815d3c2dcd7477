import fc from "fast-check";
import { type Season, seek } from "../seek.ts";
import { FleetPlace } from "./place.ts";
import { play } from "./player.ts";
import {
	type Device,
	type History,
	IDS,
	KNOBS,
	type Knob,
	type Mishap,
	type Outside,
	type Step,
} from "./step.ts";
import { told } from "./told.ts";

const id = fc.constantFrom(...IDS);

const setting = fc
	.constantFrom(...(Object.keys(KNOBS) as Knob[]))
	.chain((knob) => fc.record({ knob: fc.constant(knob), value: fc.constantFrom(...KNOBS[knob]) }));

const outside: fc.Arbitrary<Outside> = fc.oneof(
	{ weight: 6, arbitrary: fc.record({ what: fc.constant("change" as const), id }).chain(withSetting) },
	...(["rewrite", "live", "rotate", "remove", "recreate", "make"] as const).map((what) => ({
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
			knob: fc.constantFrom(...(Object.keys(KNOBS) as Knob[])),
		}),
	},
	{ weight: 2, arbitrary: fc.record({ do: fc.constantFrom("add" as const, "drop" as const), id }) },
	{
		weight: 1,
		arbitrary: fc.record({
			do: fc.constant("onDrift" as const),
			policy: fc.constantFrom("reconcile" as const, "fail" as const),
		}),
	},
	{ weight: 1, arbitrary: fc.constant<Step>({ do: "preview" }) },
	{
		weight: 8,
		arbitrary: fc.record({
			do: fc.constant("up" as const),
			refresh: seldom(fc.constant(true)),
			adopt: seldom(fc.constant(true)),
			between: seldom(outside),
			mishap: seldom(mishap),
		}),
	},
	{ weight: 2, arbitrary: fc.record({ do: fc.constant("refresh" as const), mishap: seldom(mishap) }) },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant("destroy" as const), mishap: seldom(mishap) }) },
	{ weight: 6, arbitrary: outside.map((what): Step => ({ do: "outside", outside: what })) },
	{
		weight: 1,
		arbitrary: fc.record({ do: fc.constant("wait" as const), hours: fc.constantFrom(1, 25) }),
	},
);

const device: fc.Arbitrary<Device> = fc.record(
	Object.fromEntries(
		Object.entries(KNOBS).map(([knob, values]) => [
			knob,
			fc.option(fc.constantFrom<string>(...values), { nil: undefined }),
		]),
	),
);

/** A plant to begin with in half of them: histories about gateways must not wait until chance makes one. */
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

/** Plays histories of a fleet, one after the other; the shortest that breaks a promise is the error. */
export function playFleets(season: Season): Promise<void> {
	return seek({ histories, play: playFleet, told }, season);
}

/** Plays one history on a hub of its own. */
export function playFleet(history: History): Promise<void> {
	return play(new FleetPlace(), history);
}

function withSetting<Base extends object>(base: Base): fc.Arbitrary<Base & { knob: Knob; value: string }> {
	return setting.map((change) => ({ ...base, ...change }));
}

/** Three times out of four nothing. */
function seldom<Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
	return fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}
