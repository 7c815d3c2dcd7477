import type { Values } from "../../../provider/lifecycle/plain.ts";
import fc from "fast-check";

const word = fc.stringMatching(/^[a-zA-Z]{1,6}$/);

/** Declarations of the gadget `a`, each with some of its properties; none is unknown. */
export const declarations: fc.Arbitrary<Values> = fc
	.record(
		{
			mode: fc.constantFrom("on", "off"),
			note: word,
			lamp: fc.record({ colour: word, level: word }, { requiredKeys: [] }),
			lock: fc.record({ pin: word, owner: word }, { requiredKeys: [] }),
			labels: fc.array(word, { maxLength: 2 }),
		},
		{ requiredKeys: [] },
	)
	.map((rest) => ({ ...rest, name: "a", place: "hall" }));
