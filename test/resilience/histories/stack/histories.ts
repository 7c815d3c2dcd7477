import fc from "fast-check";
import { findShortestFailure, type Season } from "../seek.ts";
import type { Mishap } from "../steps.ts";
import { IN_TURN } from "./order.ts";
import { playStackHistory } from "./player.ts";
import {
	type Edit,
	formatStackHistory,
	type History,
	IDS,
	NAMES,
	type Name,
	type Options,
	type Outside,
	type Resource,
	type StackName,
	type Step,
	type Trouble,
} from "./step.ts";

const id = fc.constantFrom(...IDS);
const name = fc.constantFrom(...(Object.keys(NAMES) as Name[]));
const flag = fc.boolean();

type Saying = Pick<Resource, "adopt" | "reason" | "createFirst">;

const saying: fc.Arbitrary<Saying> = fc.constantFrom<Saying>(
	{ adopt: true },
	{ adopt: undefined },
	{ reason: "new" },
	{ reason: undefined },
	{ createFirst: true },
	{ createFirst: undefined },
);

const give: fc.Arbitrary<Edit> = fc.record({
	edit: fc.constant("give" as const),
	id,
	to: name,
	adopt: fc.constantFrom(undefined, true),
});

const edit: fc.Arbitrary<Edit> = fc.oneof(
	{ weight: 6, arbitrary: give },
	{ weight: 1, arbitrary: fc.record({ edit: fc.constant("take" as const), id }) },
	{ weight: 2, arbitrary: fc.record({ edit: fc.constant("drop" as const), name }) },
	{ weight: 2, arbitrary: fc.record({ edit: fc.constant("rename" as const), name, to: name, alias: flag }) },
	{ weight: 2, arbitrary: fc.record({ edit: fc.constantFrom("first" as const, "last" as const), name }) },
	{ weight: 3, arbitrary: fc.record({ edit: fc.constant("set" as const), name }).chain(withSaying) },
);

const outside: fc.Arbitrary<Outside> = fc.record({
	what: fc.constantFrom("make", "change", "rewrite", "rotate", "remove", "recreate"),
	id,
});

const mishap: fc.Arbitrary<Mishap> = fc.record({
	kind: fc.constantFrom(
		...(["dies before", "dies after", "request lost", "answer lost"] as const),
		...(["server error", "gateway error", "throttled", "refused"] as const),
	),
	at: fc.integer({ min: 1, max: 12 }),
	times: fc.constantFrom(1, 1, 2, 20),
});

const trouble: fc.Arbitrary<Trouble> = fc.oneof(
	{ weight: 3, arbitrary: mishap },
	{
		weight: 1,
		arbitrary: fc.record({ kind: fc.constant("engine dies" as const), at: fc.integer({ min: 1, max: 4 }) }),
	},
);

const names = fc.uniqueArray(name, { minLength: 1, maxLength: 3 });

const options: fc.Arbitrary<Options> = fc.record({
	refresh: generateRarely(fc.constant(true)),
	continueOnError: fc.constantFrom(undefined, undefined, true),
	targets: generateRarely(names),
	replace: generateRarely(names),
	fails: generateRarely(fc.nat(3)),
	between: generateRarely(fc.record({ at: fc.nat(4), outside })),
	mishap: generateRarely(trouble),
	pace: fc.oneof(fc.constant(IN_TURN), fc.nat(IN_TURN)),
});

const stack = fc.constantFrom<StackName | undefined>(undefined, undefined, undefined, undefined, "other");

const step: fc.Arbitrary<Step> = fc.oneof(
	{
		weight: 8,
		arbitrary: edit.chain((said) =>
			fc.record({ do: fc.constant("edit" as const), stack }).map((at) => ({ ...at, ...said })),
		),
	},
	{ weight: 6, arbitrary: generateCommand("up") },
	{
		weight: 4,
		arbitrary: fc.record({
			do: fc.constant("up" as const),
			stack,
			pace: fc.constantFrom(undefined, IN_TURN),
		}),
	},
	{ weight: 1, arbitrary: generateCommand("preview") },
	{ weight: 1, arbitrary: generateCommand("destroy") },
	{
		weight: 1,
		arbitrary: fc.record({ do: fc.constant("refresh" as const), stack, mishap: generateRarely(trouble) }),
	},
	{ weight: 1, arbitrary: fc.record({ do: fc.constant("age" as const), stack }) },
	{ weight: 2, arbitrary: fc.record({ do: fc.constant("outside" as const), outside }) },
);

const histories: fc.Arbitrary<History> = fc.record({
	program: fc.record({
		main: fc.array(give, { minLength: 2, maxLength: 5 }),
		other: fc.array(give, { maxLength: 2 }),
	}),
	steps: fc.array(step, { minLength: 4, maxLength: 12, size: "max" }),
});

/** Plays histories of whole stacks one after the other; fails with the shortest that breaks a promise. */
export function playStacks(season: Season): Promise<void> {
	return findShortestFailure({ histories, play: playStackHistory, told: formatStackHistory }, season);
}

/** Plays one history on a hub of its own. */
export const playStack = playStackHistory;

function generateCommand<Do extends "up" | "preview" | "destroy">(what: Do): fc.Arbitrary<Step> {
	return options.chain((said) =>
		fc.record({ do: fc.constant(what), stack }).map((at) => ({ ...at, ...said })),
	);
}

function withSaying<Base extends object>(base: Base): fc.Arbitrary<Base & Saying> {
	return saying.map((said) => ({ ...base, ...said }));
}

/** Generates undefined four times out of five. */
function generateRarely<Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
	return fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}
