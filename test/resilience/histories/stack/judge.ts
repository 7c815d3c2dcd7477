import assert from "node:assert/strict";
import type { Operation } from "../operation.ts";
import type { Ending } from "./engine.ts";
import { classifyMoves, IN_TURN } from "./order.ts";
import { formatReason, type Hub, type Sight } from "./place.ts";
import { type Entry, type Held, listHeld } from "./records.ts";
import {
	findDeclarer,
	type Id,
	NAMES,
	type Name,
	type Options,
	type Program,
	type Resource,
	type StackName,
} from "./step.ts";

/** One operation on a stack, from before it to its end. */
export interface Scene {
	readonly stack: StackName;
	readonly kind: "up" | "destroy" | "refresh" | "preview";
	readonly program: Program;
	readonly options: Options;
	readonly operation: Operation<Sight>;
	/** What the stack's records held before, and once they were refreshed. */
	readonly held: readonly Held[];
	/** Whether no record waited for the end of a replacement before. */
	readonly isWhole: boolean;
	/** The hub before. */
	readonly before: ReadonlyMap<string, Sight>;
	/** Devices that somebody else did something to meanwhile. */
	readonly touched: ReadonlySet<string>;
	/** Undefined where the process or the engine died. */
	readonly ending: Ending | undefined;
	/** The records afterwards. */
	readonly entries: readonly Entry[];
}

type Maker = StackName | "outside";

const CODED = ["ResourceOperationError", "FleetError", "PartialError"];

/** Holds what the runs of both stacks do to the hub against their promises. */
export class Judge {
	readonly #hub: Hub;
	/** Who made each device, by its generation. */
	readonly #makers = new Map<string, Maker>();

	constructor(hub: Hub) {
		this.#hub = hub;
	}

	/** Takes note of devices that somebody made. */
	noteOutside(before: ReadonlyMap<string, Sight>): void {
		for (const [id, { incarnation }] of this.#hub.view())
			if (before.get(id)?.incarnation !== incarnation) this.#makers.set(incarnation, "outside");
	}

	/** Nothing is lost that is declared, nothing done to what others made, and what fails says why. */
	judge(scene: Scene): void {
		this.#judgeWrites(scene);
		this.#judgeKept(scene);
		this.#judgeTaken(scene);
		this.#judgeErrors(scene);
		if (scene.ending !== undefined && this.#isEasy(scene))
			assert.deepEqual(scene.ending.errors.map(String), [], "nothing stood in the way, and it failed");
	}

	/** Whether nothing and nobody stands in the way of a run. */
	#isEasy(scene: Scene): boolean {
		const { kind, isWhole, program, options, operation, held, before } = scene;
		const isQuiet = !operation.struck && options.between === undefined && options.targets === undefined;
		if (!isQuiet || (kind !== "up" && kind !== "preview")) return false;
		if (!isWhole || program.some(({ createFirst }) => createFirst)) return false;
		const isSeen = held.every(
			({ id, incarnation, etag }) =>
				before.get(id)?.incarnation === incarnation && before.get(id)?.etag === etag,
		);
		const { isOrdered, hasMoves } = classifyMoves(program, held);
		// What moves without a dependency between the two resources may be given up before it is taken over.
		const isInTurn = isOrdered && (!hasMoves || options.pace === IN_TURN);
		return (
			!isReplacedUntold(scene) &&
			isSeen &&
			isInTurn &&
			program.every((resource) => isFree(resource, { held, before }))
		);
	}

	/** State and hub are as declared. */
	assertDone(stack: StackName, program: Program, entries: readonly Entry[]): void {
		const held = listHeld(entries);
		const declared = program.flatMap(({ name, ids }) => ids.map((id) => `${name} ${id}`));
		assert.deepEqual(
			held.map(({ name, id }) => `${name} ${id}`).sort(),
			declared.sort(),
			`records of ${stack} are as declared`,
		);
		for (const { id, incarnation, name } of held) {
			const sight = this.#hub.see(id);
			const resource = findDeclarer(program, id);
			assert.equal(sight?.incarnation, incarnation, `${name} of ${stack} holds the ${id} that there is`);
			assert.equal(sight?.reason, resource && formatReason(stack, resource), `${id} is as declared`);
		}
		for (const { name, initErrors, isDoomed, isDeleted } of entries)
			assert.ok(initErrors.length === 0 && !isDoomed && !isDeleted, `the record of ${name} is whole`);
	}

	#judgeWrites(scene: Scene): void {
		const { stack, kind, program, operation, held } = scene;
		if (kind === "preview" || kind === "refresh")
			assert.deepEqual(operation.writes, [], `a ${kind} writes nothing`);
		const own = new Set(held.map(({ incarnation }) => incarnation));
		const known = new Set<string>(held.map(({ id }) => id));
		for (const { id, before, after } of operation.writes) {
			const declarer = findDeclarer(program, id);
			if (after !== undefined && after.incarnation !== before?.incarnation) {
				assert.ok(kind === "up" && declarer, `${id} was created, and ${stack} does not declare it`);
				this.#makers.set(after.incarnation, stack);
				own.add(after.incarnation);
			}
			if (before === undefined) continue;
			const { incarnation } = before;
			if (after?.incarnation === incarnation) {
				const mayTake = declarer?.adopt === true || known.has(id);
				assert.ok(own.has(incarnation) || mayTake, `${id} was changed, which ${stack} does not have`);
			} else this.#judgeDeletion(scene, { id, isOwn: own.has(incarnation) });
		}
	}

	#judgeDeletion(scene: Scene, { id, isOwn }: { id: string; isOwn: boolean }): void {
		const { stack, kind, program } = scene;
		assert.ok(isOwn, `${id} was deleted, which ${stack} does not have`);
		const declarer = kind === "up" ? findDeclarer(program, id) : undefined;
		if (declarer !== undefined)
			assert.ok(mayDelete(scene, id, declarer), `${id} was deleted, and ${declarer.name} declares it`);
	}

	/** A device that a record held and that is declared is the same one after the run. */
	#judgeKept(scene: Scene): void {
		const { stack, kind, program, held, before, touched } = scene;
		if (kind === "destroy") return;
		for (const { id, incarnation } of held) {
			const declarer = findDeclarer(program, id);
			const was = before.get(id);
			if (declarer === undefined || was?.incarnation !== incarnation || touched.has(id)) continue;
			if (kind === "up" && mayDelete(scene, id, declarer)) continue;
			const now = this.#hub.see(id);
			assert.equal(now?.incarnation, incarnation, `${id} of ${stack} is the same device`);
			assert.equal(now?.keys, was.keys, `${id} of ${stack} has the same keys`);
		}
	}

	/** Nothing that others made gets into state without `adopt`, unless a record of the id was there before. */
	#judgeTaken({ stack, program, held, entries }: Scene): void {
		const known = new Set<string>(held.map(({ id }) => id));
		for (const { id, incarnation } of listHeld(entries)) {
			const maker = this.#makers.get(incarnation);
			const mayTake = findDeclarer(program, id)?.adopt === true || known.has(id);
			assert.ok(maker === stack || mayTake, `${id} was taken over from ${maker} without adopt`);
		}
	}

	#judgeErrors({ operation, ending, program, held }: Scene): void {
		for (const error of ending?.errors ?? []) {
			if (operation.struck) continue;
			const { message, name } = error;
			const isRefused = name === "CheckFailed" && /\[[A-Z]\w+\]$/.test(message);
			assert.ok(isRefused || CODED.includes(name), `an error without a code: ${error.stack}`);
			const ids = [...program.flatMap(({ ids }) => ids), ...held.map(({ id }) => id)];
			assert.ok(
				ids.some((id) => new RegExp(`\\b${id}\\b`).test(message)),
				`an error that names no device: ${message}`,
			);
		}
	}
}

/**
 * Whether a run may delete a device that it declares: it was asked to replace the device's resource, or leaves out the resource
 * that declares it. One that moves away from a resource that is replaced goes where the new one comes later in the program:
 * nobody knows of it by then.
 */
function mayDelete({ program, options, held }: Scene, id: string, declarer: Resource): boolean {
	if (!isTargeted(options, declarer.name)) return true;
	return held.some((each) => {
		if (each.id !== id || each.isDoomed) return false;
		const at = program.findIndex(({ name, alias }) => name === each.name || alias === each.name);
		const resource = program[at];
		const isForced = resource !== undefined && options.replace?.includes(resource.name) === true;
		return isForced && at <= program.indexOf(declarer);
	});
}

/**
 * Whether a run replaces a resource by force that has another name in state, or no mark there: nobody can tell it from another
 * resource, so nothing is deleted.
 */
function isReplacedUntold({ program, options, held }: Scene): boolean {
	return program.some(
		({ name, alias }) =>
			options.replace?.includes(name) &&
			held.some((each) => each.name === alias || (each.name === name && !each.isMarked)),
	);
}

/** Whether a resource may have all that it declares: it has it, or nobody does, or it says `adopt`. */
function isFree({ name, ids, adopt }: Resource, { held, before }: Pick<Scene, "held" | "before">): boolean {
	const has = (id: Id): boolean => held.some((each) => each.id === id && each.name === name);
	return adopt === true || ids.every((id) => has(id) || !before.has(id));
}

/** Whether a run deals with the resources of this name. */
export function isTargeted({ targets }: Pick<Options, "targets">, name: Name): boolean {
	return targets === undefined || targets.includes(name);
}

/** How messages name a resource. */
export function formatLabel(name: Name): string {
	return `${NAMES[name]} ${name}`;
}
