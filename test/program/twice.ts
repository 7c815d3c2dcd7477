import { type Declared, type Move, testScenario } from "./scenario.ts";
import { locateProgram } from "./site.ts";

/** A move of the program that declares resources of every type, and what it declares from then on. */
export interface OwnedMove extends Move {
	readonly resources?: Declared;
}

/** Declares a test of that program. */
export function testOwnedScenario(title: string, moves: readonly OwnedMove[]): void {
	const configured = moves.map(({ resources, ...move }) => ({
		...move,
		...(resources === undefined ? {} : { config: { resources: { secret: JSON.stringify(resources) } } }),
	}));
	testScenario(title, configured, { root: locateProgram("owned") });
}
