import { describe, test } from "node:test";
import { SCENARIOS } from "./scenarios/scenarios.ts";
import { playScenario, describeMissingTraits } from "./scene.ts";
import { SUBJECTS } from "./subject/subjects.ts";

for (const subject of SUBJECTS) {
	describe(subject.title, () => {
		for (const scenario of SCENARIOS) {
			const skip = describeMissingTraits(subject, scenario) ?? false;
			test(scenario.title, { skip }, () => playScenario(subject, scenario));
		}
	});
}
