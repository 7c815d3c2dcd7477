import assert from "node:assert/strict";
import type { Operation } from "../operation.ts";
import type { Ending } from "./engine.ts";
import { classifyMoves, findSuccessor, IN_TURN } from "./order.ts";
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

/** One operation on a stack, from its start to its end. */
export interface Scene {
	readonly stack: StackName;
	readonly kind: "up" | "destroy" | "refresh" | "preview";
	readonly program: Program;
	readonly options: Options;
	readonly operation: Operation<Sight>;
	/** The devices that the stack's records held before, and after a refresh. */
	readonly held: readonly Held[];
	/** Whether no record was in the middle of a replacement before. */
	readonly isWhole: boolean;
	/** The hub before. */
	readonly before: ReadonlyMap<string, Sight>;
	/** Devices that somebody else changed during the operation. */
	readonly touched: ReadonlySet<string>;
	/** Undefined if the process or the engine died. */
	readonly ending: Ending | undefined;
	/** The records afterwards. */
	readonly entries: readonly Entry[];
}

type Maker = StackName | "outside";

const CODED = ["ResourceOperationError", "FleetError", "PartialError"];

/** Compares what the runs of both stacks do to the hub with their promises. */
export class Judge {
	readonly #hub: Hub;
	/** The creator of each device, by generation. */
	readonly #makers = new Map<string, Maker>();

	constructor(hub: Hub) {
		this.#hub = hub;
	}

	/** Records devices that somebody else created. */
	noteOutside(before: ReadonlyMap<string, Sight>): void {
		for (const [id, { incarnation }] of this.#hub.view())
			if (before.get(id)?.incarnation !== incarnation) this.#makers.set(incarnation, "outside");
	}

	/** Asserts that no declared device is lost, no device of others is touched, and failures give reasons. */
	judge(scene: Scene): void {
		this.#judgeWrites(scene);
		this.#judgeKept(scene);
		this.#judgeTaken(scene);
		this.#judgeErrors(scene);
		if (scene.ending !== undefined && this.#isEasy(scene))
			assert.deepEqual(scene.ending.errors.map(String), [], "the run failed, although nothing prevented it");
	}

	/** Returns whether nothing and nobody prevents a run. */
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
		// A device that moves between resources without a dependency may be given up before it is taken over.
		const isInTurn = isOrdered && (!hasMoves || options.pace === IN_TURN);
		return (
			!isReplacedUntold(scene) &&
			isSeen &&
			isInTurn &&
			program.every((resource) => isFree(resource, { held, before }))
		);
	}

	/** Asserts that state and hub are as declared. */
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
			assert.equal(sight?.incarnation, incarnation, `${name} of ${stack} holds the current ${id}`);
			assert.equal(sight?.reason, resource && formatReason(stack, resource), `${id} is as declared`);
		}
		for (const { name, initErrors, isDoomed, isDeleted } of entries)
			assert.ok(initErrors.length === 0 && !isDoomed && !isDeleted, `the record of ${name} is complete`);
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
				assert.ok(kind === "up" && declarer, `${id} was created, although ${stack} does not declare it`);
				this.#makers.set(after.incarnation, stack);
				own.add(after.incarnation);
			}
			if (before === undefined) continue;
			const { incarnation } = before;
			if (after?.incarnation === incarnation) {
				const mayTake = declarer?.adopt === true || known.has(id);
				assert.ok(own.has(incarnation) || mayTake, `${id} was changed, although ${stack} does not hold it`);
			} else this.#judgeDeletion(scene, { id, isOwn: own.has(incarnation) });
		}
	}

	#judgeDeletion(scene: Scene, { id, isOwn }: { id: string; isOwn: boolean }): void {
		const { stack, kind, program } = scene;
		assert.ok(isOwn, `${id} was deleted, although ${stack} does not hold it`);
		const declarer = kind === "up" ? findDeclarer(program, id) : undefined;
		if (declarer !== undefined)
			assert.ok(mayDelete(scene, id, declarer), `${id} was deleted, although ${declarer.name} declares it`);
	}

	/** Asserts that a declared device that a record held is the same one after the run. */
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

	/** Asserts that no device of others gets into state without `adopt`, unless a record had its id before. */
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
			assert.ok(isRefused || CODED.includes(name), `an error has no code: ${error.stack}`);
			const ids = [...program.flatMap(({ ids }) => ids), ...held.map(({ id }) => id)];
			assert.ok(
				ids.some((id) => new RegExp(`\\b${id}\\b`).test(message)),
				`an error names no device: ${message}`,
			);
		}
	}
}

/**
 * Returns whether a run may delete a device that it declares: it must replace the device's resource, or `--target`
 * leaves out the resource that declares it. A device that moves away from a replaced resource is deleted if its new
 * resource comes later in the program, because the provider does not know that one yet.
 */
function mayDelete({ program, options, held }: Scene, id: string, declarer: Resource): boolean {
	if (!isTargeted(options, declarer.name)) return true;
	return held.some((each) => {
		if (each.id !== id || each.isDoomed) return false;
		const resource = findSuccessor(program, each.name);
		if (resource === undefined || options.replace?.includes(resource.name) !== true) return false;
		return program.indexOf(resource) <= program.indexOf(declarer);
	});
}

/**
 * Returns whether a run replaces a resource with `--replace` whose record has another name or no mark: it cannot be
 * told from another resource, so nothing is deleted.
 */
function isReplacedUntold({ program, options, held }: Scene): boolean {
	return held.some(({ name, isMarked }) => {
		const resource = findSuccessor(program, name);
		if (resource === undefined || options.replace?.includes(resource.name) !== true) return false;
		return resource.name !== name || !isMarked;
	});
}

/** Returns whether a resource may have all that it declares: it holds it, nobody does, or it has `adopt`. */
function isFree({ name, ids, adopt }: Resource, { held, before }: Pick<Scene, "held" | "before">): boolean {
	const has = (id: Id): boolean => held.some((each) => each.id === id && each.name === name);
	return adopt === true || ids.every((id) => has(id) || !before.has(id));
}

/** Returns whether a run includes the resources of this name. */
export function isTargeted({ targets }: Pick<Options, "targets">, name: Name): boolean {
	return targets === undefined || targets.includes(name);
}

/** Returns the name of a resource in messages. */
export function formatLabel(name: Name): string {
	return `${NAMES[name]} ${name}`;
}
