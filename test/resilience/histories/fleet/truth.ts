import assert from "node:assert/strict";
import type { State } from "../../../contract/harness/resource.ts";
import type { Report } from "../reports.ts";
import type { Deployed } from "./deployed.ts";
import {
	formatValue,
	getParent,
	isParent,
	type Kept,
	type Leaves,
	readDeclared,
	readMembers,
} from "./leaves.ts";
import type { FleetPlace, Sight, View } from "./place.ts";
import type { Program } from "./step.ts";

/** A device that is in state and declared. */
export interface Member {
	readonly id: string;
	readonly kept: Kept;
	readonly declared: Leaves;
	readonly sight: Sight | undefined;
}

/** The facts by hub, state and deployments; checks that messages match them. */
export class Truth {
	readonly #place: FleetPlace;
	readonly #deployed: Deployed;

	constructor(place: FleetPlace, deployed: Deployed) {
		this.#place = place;
		this.#deployed = deployed;
	}

	/** Lists the devices that are in state and still declared. */
	members(state: State, program: Program): Member[] {
		const view = this.#place.view();
		return [...readMembers(state)].flatMap(([id, kept]) => {
			const declared = readDeclared(program, id, view);
			return declared === undefined ? [] : [{ id, kept, declared, sight: view.get(id) }];
		});
	}

	/**
	 * Asserts that the messages about a device are true.
	 *
	 * @param about all messages, for the text of assertions
	 * @param isComplete whether every difference must be reported
	 */
	assertReport(
		{ id, kept, sight }: Omit<Member, "declared">,
		report: Report,
		{ about, isComplete }: { about: string; isComplete: boolean },
	): void {
		const isAnother = sight !== undefined && sight.incarnation !== kept.incarnation;
		if (isComplete || report.isGone)
			assert.equal(report.isGone, sight === undefined, `report whether ${id} was deleted: ${about}`);
		if (isComplete || report.isAnother)
			assert.equal(report.isAnother, isAnother, `report whether ${id} was created again: ${about}`);
		for (const { path, last, now } of report.lines) {
			// A gateway has its own scope in the property in which a leaf has its parent's.
			const isOwn = path === "deviceScope" && now === formatValue(path, sight?.scope ?? "");
			if (!isOwn)
				assert.equal(now, formatValue(path, sight?.leaves[path] ?? ""), `${id}, ${path} now: ${about}`);
			const bases = [...this.#deployed.bases(id, path, kept)].map((value) => formatValue(path, value));
			assert.ok(bases.includes(last), `${id}, ${path} was ${bases.join(" or ")}: ${about}`);
			assert.notEqual(last, now, `no difference of ${id}: ${about}`);
		}
		if (sight === undefined || !isComplete) return;
		const untold = this.#changed(id, kept, sight).filter(
			(path) => !report.lines.some((line) => line.path === path),
		);
		assert.deepEqual(untold, [], `the change of ${id} is not reported: ${about}`);
	}

	/** Lists declared paths whose value differs from both state and deployment. */
	#changed(id: string, kept: Kept, { leaves }: Sight): string[] {
		return Object.keys(kept.leaves).filter((path) => {
			const now = leaves[path] ?? "";
			return kept.leaves[path] !== now && !this.#deployed.bases(id, path, kept).has(now);
		});
	}

	/** Asserts that state and hub have the same values of the device. */
	assertKept(id: string, kept: Kept | undefined, { incarnation, etag, leaves }: Sight): void {
		assert.ok(kept, `${id} is in state`);
		assert.equal(kept.incarnation, incarnation, `state has the generation of ${id}`);
		assert.equal(kept.etag, etag, `state has the etag of ${id}`);
		for (const [path, value] of Object.entries(kept.leaves))
			assert.equal(value, leaves[path], `state has ${path} of ${id}`);
	}

	/** Asserts that the device is as declared; the parent may be as planned or as it is now. */
	assertDeclared(
		id: string,
		{
			program,
			sight,
			was,
			planned,
		}: { program: Program; sight: Sight; was?: Kept | undefined; planned?: View },
	): void {
		const view = this.#place.view();
		const declared = readDeclared(program, id, view) ?? {};
		for (const [path, value] of Object.entries(declared)) {
			if (!isParent(path)) assert.equal(sight.leaves[path], value, `${path} of ${id} is as declared`);
			else {
				// The next plan sees what happened to the parent since this one.
				const scopes = [value, readDeclared(program, id, planned ?? view)?.[path]];
				assert.ok(scopes.includes(getParent(sight.leaves)), `the parent of ${id} is as declared`);
			}
		}
		const hadParent = Object.keys(was?.leaves ?? {}).some(isParent);
		const isOwn = was?.incarnation === sight.incarnation;
		if (hadParent && isOwn && !Object.keys(declared).some(isParent))
			assert.equal(getParent(sight.leaves), "", `${id} does not have a parent any more`);
	}
}
