import { describe, test } from "node:test";
import { adoption } from "./scenarios/adoption.ts";
import { drift } from "./scenarios/drift.ts";
import { givenIds } from "./scenarios/givenIds.ts";
import { ignoredFields } from "./scenarios/ignoredFields.ts";
import { life } from "./scenarios/life.ts";
import { lostAnswers } from "./scenarios/lostAnswers.ts";
import { races } from "./scenarios/races.ts";
import { removal } from "./scenarios/removal.ts";
import { trouble } from "./scenarios/trouble.ts";
import { describeMissingTraits, playScenario, type Scenario } from "./scene.ts";
import { SUBJECTS } from "./subject/subjects.ts";

/** The promises of every resource type. */
export const SCENARIOS: readonly Scenario[] = [
	...life,
	...drift,
	...ignoredFields,
	...givenIds,
	...races,
	...removal,
	...adoption,
	...lostAnswers,
	...trouble,
];

for (const subject of SUBJECTS) {
	describe(subject.title, () => {
		for (const scenario of SCENARIOS) {
			const skip = describeMissingTraits(subject, scenario) ?? false;
			test(scenario.title, { skip }, () => playScenario(subject, scenario));
		}
	});
}
