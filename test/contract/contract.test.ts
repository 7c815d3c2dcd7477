import { describe, test } from "node:test";
import { SCENARIOS } from "./scenarios/scenarios.ts";
import { perform, reasonAgainst } from "./scene.ts";
import { SUBJECTS } from "./subject/subjects.ts";

for (const subject of SUBJECTS) {
	describe(subject.title, () => {
		for (const scenario of SCENARIOS) {
			const skip = reasonAgainst(subject, scenario) ?? false;
			test(scenario.title, { skip }, () => perform(subject, scenario));
		}
	});
}
