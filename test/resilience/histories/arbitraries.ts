import fc from "fast-check";
import type { Command, Mishap } from "./steps.ts";

/** What the steps of a kind of histories are made of, and how often two of them come; the others come as often everywhere. */
interface Parts<Outside, Trouble> {
	readonly outside: fc.Arbitrary<Outside>;
	readonly mishap: fc.Arbitrary<Trouble>;
	readonly weights: { readonly up: number; readonly refresh: number };
}

/** The steps that the histories of every kind of resource know. */
export function generateCommands<Outside, Trouble extends Mishap>({
	outside,
	mishap,
	weights,
}: Parts<Outside, Trouble>): fc.WeightedArbitrary<Command<Outside, Trouble>>[] {
	return [
		{
			weight: 1,
			arbitrary: fc
				.constantFrom("reconcile" as const, "fail" as const)
				.map((policy) => ({ do: "onDrift" as const, policy })),
		},
		{ weight: 1, arbitrary: fc.constant({ do: "preview" as const }) },
		{
			weight: weights.up,
			arbitrary: fc.record({
				do: fc.constant("up" as const),
				refresh: generateRarely(fc.constant(true)),
				adopt: generateRarely(fc.constant(true)),
				between: generateRarely(outside),
				mishap: generateRarely(mishap),
			}),
		},
		{
			weight: weights.refresh,
			arbitrary: fc.record({ do: fc.constant("refresh" as const), mishap: generateRarely(mishap) }),
		},
		{
			weight: 1,
			arbitrary: fc.record({ do: fc.constant("destroy" as const), mishap: generateRarely(mishap) }),
		},
		{ weight: 6, arbitrary: outside.map((what) => ({ do: "outside" as const, outside: what })) },
	];
}

/** A knob and a value for it. */
export function generateSetting<Knob extends string>(
	knobs: Readonly<Record<Knob, readonly string[]>>,
	names: readonly Knob[],
): fc.Arbitrary<{ knob: Knob; value: string }> {
	return fc
		.constantFrom(...names)
		.chain((knob) => fc.record({ knob: fc.constant(knob), value: fc.constantFrom(...knobs[knob]) }));
}

/** What a program declares of one object to begin with: of each of these knobs a value, or nothing. */
export function generateDeclaration<Knob extends string>(
	knobs: Readonly<Record<Knob, readonly string[]>>,
	names: readonly Knob[],
): fc.Arbitrary<{ readonly [Name in Knob]?: string | undefined }> {
	const values = names.map((name) => [name, fc.option(fc.constantFrom(...knobs[name]), { nil: undefined })]);
	return fc.record(Object.fromEntries(values));
}

/** Three times out of four nothing. */
function generateRarely<Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
	return fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}
