import fc from "fast-check";
import { generateCommands, generateDeclaration, generateSetting } from "./arbitraries.ts";
import type { Place } from "./place.ts";
import { playHistory } from "./player.ts";
import { findShortestFailure, type Season } from "./seek.ts";
import { formatHistory, type History, type Mishap, type Outside, type Step } from "./step.ts";

/** Generates histories of six to twelve steps by the program, by others and by the network. */
export function generateHistories(place: Place): fc.Arbitrary<History> {
	const { knobs, lags, worlds = [] } = place;
	const few = fc.subarray(Object.keys(knobs), { minLength: 1, maxLength: 2 });
	const histories = few.chain((names) => generateFor(place, names));
	if (lags === undefined) return histories;
	const surroundings = fc.record({
		lag: fc.constantFrom(...lags),
		world: fc.constantFrom(undefined, ...worlds),
	});
	return histories.chain((history) => surroundings.map((chosen) => ({ ...history, ...chosen })));
}

/** Generates histories about a few properties only, so that changes of one of them add up. */
function generateFor(
	{ knobs, ignoredPaths, tenants }: Place,
	names: readonly string[],
): fc.Arbitrary<History> {
	const hasTenants = tenants !== undefined;
	const ignorable = names.filter((name) => Object.hasOwn(ignoredPaths, name));
	const knob = fc.constantFrom(...names);
	const setting = generateSetting(knobs, names);
	const outside: fc.Arbitrary<Outside> = fc.oneof(
		{ weight: 6, arbitrary: setting.map((change): Outside => ({ what: "change", ...change })) },
		...(["rewrite", "live", "remove", "recreate", "make"] as const).map((what) => ({
			weight: 1,
			arbitrary: fc.constant<Outside>({ what }),
		})),
	);
	const mishap: fc.Arbitrary<Mishap> = fc.record({
		kind: fc.constantFrom("dies before", "dies after", "request lost", "answer lost", "gateway error"),
		at: fc.integer({ min: 1, max: 5 }),
	});
	return fc.record({
		program: generateDeclaration(knobs, names),
		ignored: fc.oneof(
			{ weight: 2, arbitrary: fc.constant(undefined) },
			{ weight: 1, arbitrary: fc.subarray(ignorable) },
		),
		steps: fc.array(generateStep({ setting, knob, outside, mishap, hasTenants }), {
			minLength: 6,
			maxLength: 12,
			size: "max",
		}),
	});
}

interface Parts {
	readonly setting: fc.Arbitrary<{ knob: string; value: string }>;
	readonly knob: fc.Arbitrary<string>;
	readonly outside: fc.Arbitrary<Outside>;
	readonly mishap: fc.Arbitrary<Mishap>;
	readonly hasTenants: boolean;
}

function generateStep({ setting, knob, outside, mishap, hasTenants }: Parts): fc.Arbitrary<Step> {
	return fc.oneof(
		{ weight: 4, arbitrary: setting.map((change): Step => ({ do: "declare", ...change })) },
		{ weight: 1, arbitrary: knob.map((name): Step => ({ do: "declare", knob: name })) },
		...generateCommands({ outside, mishap, weights: { up: 7, refresh: 3 } }),
		{ weight: 1, arbitrary: fc.constant<Step>({ do: "wait" }) },
		...(hasTenants ? generateTenantSteps() : []),
	);
}

function generateTenantSteps(): fc.WeightedArbitrary<Step>[] {
	const commands = fc.constantFrom("preview", "up", "refresh", "destroy", "inspect");
	return [
		{ weight: 3, arbitrary: commands.map((command): Step => ({ do: "elsewhere", command })) },
		{ weight: 1, arbitrary: fc.boolean().map((areOpaque): Step => ({ do: "tokens", areOpaque })) },
	];
}

/** Plays histories at a place one after the other; fails with the shortest that breaks a promise. */
export function playMany(place: Place, season: Season): Promise<void> {
	const game = {
		histories: generateHistories(place),
		play: (history: History) => playOne(place, history),
		told: formatHistory,
	};
	return findShortestFailure(game, season);
}

/** Plays one history and leaves the place empty. */
export async function playOne(place: Place, history: History): Promise<void> {
	try {
		await playHistory(place, history);
	} finally {
		place.clear();
	}
}
