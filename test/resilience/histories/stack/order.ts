import { type Entry, type Held, listNamed } from "./records.ts";
import { findDeclarer, type Id, type Name, type Program } from "./step.ts";

/** A device that one resource holds and another one declares. */
interface Move {
	readonly id: Id;
	readonly from: Name;
	readonly to: Name;
}

/**
 * Returns whether devices move between resources, and whether each receiver is registered before the resource that
 * gives the device up.
 */
export function classifyMoves(
	program: Program,
	held: readonly Held[],
): { readonly hasMoves: boolean; readonly isOrdered: boolean } {
	const moves = listMoves(program, held);
	const at = (sought: Name): number => program.findIndex(({ name }) => name === sought);
	return { hasMoves: moves.length > 0, isOrdered: moves.every(({ from, to }) => at(to) < at(from)) };
}

/**
 * Sorts the program so that each receiver of a device is registered before the resource that gives it up, as far as
 * possible.
 *
 * @returns also the devices that move in a circle: they leave the program for one run
 */
export function splitCircularMoves({ program, entries }: { program: Program; entries: readonly Entry[] }): {
	readonly ordered: Program;
	readonly stuck: readonly Id[];
} {
	const moves = listMoves(program, listNamed(entries));
	const left = [...program];
	const ordered: Program[number][] = [];
	const stuck: Id[] = [];
	while (left.length > 0) {
		const listAwaited = (name: Name): readonly Id[] =>
			moves
				.filter(({ from, to }) => from === name && left.some((resource) => resource.name === to))
				.map(({ id }) => id);
		const at = Math.max(
			left.findIndex(({ name }) => listAwaited(name).length === 0),
			0,
		);
		for (const resource of left.splice(at, 1)) {
			stuck.push(...listAwaited(resource.name));
			ordered.push(resource);
		}
	}
	return { ordered, stuck };
}

/**
 * Returns the resource that continues a record of this name. The engine ignores an alias that another resource of the program has as
 * its name.
 */
export function findSuccessor(program: Program, recordName: Name): Program[number] | undefined {
	return program.find(({ name }) => name === recordName) ?? program.find(({ alias }) => alias === recordName);
}

/** Lists moves between resources of the program. Devices of a removed resource are deleted at the end. */
function listMoves(program: Program, held: readonly Held[]): readonly Move[] {
	return held.flatMap(({ id, name: holder }) => {
		const from = findSuccessor(program, holder);
		const to = findDeclarer(program, id);
		return from === undefined || to === undefined || from === to
			? []
			: [{ id, from: from.name, to: to.name }];
	});
}

/** Decides, by the bits of a number repeated endlessly, everything that is open in an engine that works in parallel. */
export class Pace {
	#findPlace = 0;
	readonly #bits: number;

	constructor(bits = 0) {
		this.#bits = bits;
	}

	/** Returns the next decision. */
	next(): boolean {
		const bit = (this.#bits >> this.#findPlace) & 1;
		this.#findPlace = (this.#findPlace + 1) % WIDTH;
		return bit === 1;
	}
}

/** The pace at which everything ends before the next thing begins, as if each resource depended on those before it. */
export const IN_TURN = 255;

/** The number of decisions before they repeat. */
const WIDTH = 8;
