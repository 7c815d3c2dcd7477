import { describe, test } from "node:test";
import { SCENARIOS } from "./scenarios/scenarios.ts";
import { perform } from "./scene.ts";
import { SUBJECTS } from "./subject/subjects.ts";

for (const subject of SUBJECTS) {
	describe(subject.title, () => {
		for (const scenario of SCENARIOS) test(scenario.title, () => perform(subject, scenario));
	});
}
