import assert from "node:assert/strict";
import { assertInStep, getView, type Scene } from "../scene.ts";

/** A write of each kind, cut where the service is about to be asked for it. */
export interface Act {
	readonly verb: "create" | "update" | "delete";
	/** The write as a title begins with it. */
	readonly name: string;
	/** Brings the resource to where the write is due; the function does the write. */
	prepare(scene: Scene): Promise<() => Promise<void>>;
	/** What a person does who simply runs the command again, heeding what the error said. */
	again(scene: Scene): Promise<void>;
	/** The write was carried out, once, and the state is the service's. */
	assertDone(scene: Scene): Promise<void>;
}

/** The three writes of a resource's life. */
export const ACTS: readonly Act[] = [
	{
		verb: "create",
		name: "A create",
		prepare: async ({ sample, resource }) => (await resource.plan(sample.inputs)).apply,
		async again({ resource, sample, words }) {
			const adopt = words.thrown.some((text) => text.includes("adopt")) ? { adopt: true } : {};
			await resource.up({ ...sample.inputs, ...adopt });
		},
		async assertDone(scene) {
			assert.equal(scene.elsewhere.count(), 1);
			await assertInStep(scene, scene.sample.inputs);
		},
	},
	{
		verb: "update",
		name: "An update",
		async prepare({ sample, resource }) {
			await resource.up(sample.inputs);
			return (await resource.plan(sample.changed)).apply;
		},
		async again({ resource, sample }) {
			await resource.up(sample.changed);
		},
		async assertDone(scene) {
			const { resource, sample } = scene;
			assert.equal(resource.known.id, getView(scene).id);
			await assertInStep(scene, sample.changed);
		},
	},
	{
		verb: "delete",
		name: "A delete",
		async prepare({ sample, resource }) {
			await resource.up(sample.inputs);
			return () => resource.destroy();
		},
		async again({ resource }) {
			if (resource.state !== undefined) await resource.destroy();
		},
		async assertDone({ elsewhere, resource }) {
			assert.equal(elsewhere.getView(), undefined);
			assert.equal(resource.state, undefined);
		},
	},
];
