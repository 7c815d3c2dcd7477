import assert from "node:assert/strict";
import {
	assertConditional,
	assertInStep,
	catchError,
	createMessagePattern,
	getView,
	type Scenario,
} from "../scene.ts";

const ADOPT = { adopt: true };

/** Objects that exist before Pulumi hears of them. */
export const adoption: readonly Scenario[] = [
	{
		title: "An existing object is left unchanged, and the error says how to adopt it",
		async play(scene) {
			const { resource, sample, elsewhere } = scene;
			elsewhere.make();
			const before = getView(scene);
			const { message } = await catchError(resource.up(sample.changed));
			assert.match(message, createMessagePattern(scene, "exists already"));
			assert.match(message, /`adopt: true`/);
			assert.deepEqual(getView(scene), before);
			assert.equal(resource.state, undefined);
		},
	},
	{
		title: "An existing object that equals the declaration is not adopted without `adopt`",
		async play(scene) {
			scene.elsewhere.make();
			assert.match((await catchError(scene.resource.up(scene.sample.inputs))).message, /exists already/);
		},
	},
	{
		title: "Adopting an object that equals the declaration writes nothing",
		async play(scene) {
			const { resource, sample, elsewhere } = scene;
			elsewhere.make();
			const before = getView(scene);
			await resource.up({ ...sample.inputs, ...ADOPT });
			assert.deepEqual(getView(scene), before);
			await assertInStep(scene, { ...sample.inputs, ...ADOPT });
		},
	},
	{
		title: "Adopting a different object updates it in one write, under the etag that was read",
		async play(scene) {
			const { resource, sample, elsewhere } = scene;
			elsewhere.make();
			const before = getView(scene);
			await resource.up({ ...sample.changed, ...ADOPT });
			assertConditional(scene, "update", before.etag);
			const after = getView(scene);
			assert.equal(after.uid, before.uid);
			assert.equal(after.revision, before.revision + 1);
			await assertInStep(scene, { ...sample.changed, ...ADOPT });
		},
	},
	{
		title: "A change that arrives while an object is being adopted is not overwritten",
		async play(scene) {
			const { resource, sample, elsewhere, faults, adoptionRace } = scene;
			elsewhere.make();
			faults.add({
				...adoptionRace,
				action: { kind: "run", run: () => elsewhere.change(sample.values.foreign) },
			});
			const { message } = await catchError(resource.up({ ...sample.changed, ...ADOPT }));
			assert.match(message, createMessagePattern(scene, "was changed by somebody else"));
			assert.equal(getView(scene).fields[sample.path], sample.values.foreign);
			assert.equal(resource.state, undefined);
			await resource.up({ ...sample.changed, ...ADOPT });
			await assertInStep(scene, { ...sample.changed, ...ADOPT });
		},
	},
	{
		title: "Adoption creates the object if none exists",
		async play(scene) {
			const declared = { ...scene.sample.inputs, ...ADOPT };
			assert.equal(await scene.resource.up(declared), "create");
			await assertInStep(scene, declared);
		},
	},
	{
		title: "Setting or unsetting `adopt` writes nothing",
		async play(scene) {
			const { resource, sample } = scene;
			await resource.up({ ...sample.inputs, ...ADOPT });
			const before = getView(scene);
			assert.equal(await resource.up(sample.inputs), "same");
			assert.deepEqual(getView(scene), before);
		},
	},
];
