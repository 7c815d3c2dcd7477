import fc from "fast-check";
import type { Command, Mishap } from "./steps.ts";

/**
 * The parts from which a type's steps are generated, and the weights of two of them. The other weights are the same
 * everywhere.
 */
interface Parts<Outside, Trouble> {
	readonly outside: fc.Arbitrary<Outside>;
	readonly mishap: fc.Arbitrary<Trouble>;
	readonly weights: { readonly up: number; readonly refresh: number };
}

/** Generates the steps that the histories of every resource type have. */
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

/** Generates a knob and a value for it. */
export function generateSetting<Knob extends string>(
	knobs: Readonly<Record<Knob, readonly string[]>>,
	names: readonly Knob[],
): fc.Arbitrary<{ knob: Knob; value: string }> {
	return fc
		.constantFrom(...names)
		.chain((knob) => fc.record({ knob: fc.constant(knob), value: fc.constantFrom(...knobs[knob]) }));
}

/** Generates the initial declaration of one object: a value or nothing for each of these knobs. */
export function generateDeclaration<Knob extends string>(
	knobs: Readonly<Record<Knob, readonly string[]>>,
	names: readonly Knob[],
): fc.Arbitrary<{ readonly [Name in Knob]?: string | undefined }> {
	const values = names.map((name) => [name, fc.option(fc.constantFrom(...knobs[name]), { nil: undefined })]);
	return fc.record(Object.fromEntries(values));
}

/** Generates undefined three times out of four. */
function generateRarely<Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
	return fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}
