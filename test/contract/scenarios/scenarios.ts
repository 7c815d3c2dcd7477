import type { Scenario } from "../scene.ts";
import { adoption } from "./adoption.ts";
import { drift } from "./drift.ts";
import { givenIds } from "./givenIds.ts";
import { life } from "./life.ts";
import { lostAnswers } from "./lostAnswers.ts";
import { races } from "./races.ts";
import { removal } from "./removal.ts";
import { trouble } from "./trouble.ts";

/** Everything that every kind of resource promises. */
export const SCENARIOS: readonly Scenario[] = [
	...life,
	...drift,
	...givenIds,
	...races,
	...removal,
	...adoption,
	...lostAnswers,
	...trouble,
];
