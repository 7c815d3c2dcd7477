import { type Declared, type Move, scenario } from "./scenario.ts";
import { fixture } from "./site.ts";

/** A move of the program that declares resources of every type, and what it declares from then on. */
export interface OwnedMove extends Move {
	readonly resources?: Declared;
}

/** Declares a test of that program. */
export function owned(title: string, moves: readonly OwnedMove[]): void {
	const configured = moves.map(({ resources, ...move }) => ({
		...move,
		...(resources === undefined ? {} : { config: { resources: { secret: JSON.stringify(resources) } } }),
	}));
	scenario(title, configured, { root: fixture("owned") });
}
