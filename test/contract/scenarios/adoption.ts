import assert from "node:assert/strict";
import { assertConditional, assertInStep, failureOf, type Scenario, saying, viewOf } from "../scene.ts";

const ADOPT = { adopt: true };

/** Objects that exist before Pulumi hears of them. */
export const adoption: readonly Scenario[] = [
	{
		title: "An object that exists already is left as it is, and the error says how to take it over",
		async play(scene) {
			const { resource, sample, elsewhere } = scene;
			elsewhere.make();
			const before = viewOf(scene);
			const { message } = await failureOf(resource.up(sample.changed));
			assert.match(message, saying(scene, "exists already"));
			assert.match(message, /`adopt: true`/);
			assert.deepEqual(viewOf(scene), before);
			assert.equal(resource.state, undefined);
		},
	},
	{
		title: "An object that is just as declared is not taken over without being asked to",
		async play(scene) {
			scene.elsewhere.make();
			assert.match((await failureOf(scene.resource.up(scene.sample.inputs))).message, /exists already/);
		},
	},
	{
		title: "Adopting an object that is as declared writes nothing",
		async play(scene) {
			const { resource, sample, elsewhere } = scene;
			elsewhere.make();
			const before = viewOf(scene);
			await resource.up({ ...sample.inputs, ...ADOPT });
			assert.deepEqual(viewOf(scene), before);
			await assertInStep(scene, { ...sample.inputs, ...ADOPT });
		},
	},
	{
		title: "Adopting another one makes it as declared by one write under the etag that was read",
		async play(scene) {
			const { resource, sample, elsewhere } = scene;
			elsewhere.make();
			const before = viewOf(scene);
			await resource.up({ ...sample.changed, ...ADOPT });
			assertConditional(scene, "update", before.etag);
			const after = viewOf(scene);
			assert.equal(after.incarnation, before.incarnation);
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
			const { message } = await failureOf(resource.up({ ...sample.changed, ...ADOPT }));
			assert.match(message, saying(scene, "was changed by somebody else"));
			assert.equal(viewOf(scene).fields[sample.path], sample.values.foreign);
			assert.equal(resource.state, undefined);
			await resource.up({ ...sample.changed, ...ADOPT });
			await assertInStep(scene, { ...sample.changed, ...ADOPT });
		},
	},
	{
		title: "Adoption creates where there is nothing to adopt",
		async play(scene) {
			const declared = { ...scene.sample.inputs, ...ADOPT };
			assert.equal(await scene.resource.up(declared), "create");
			await assertInStep(scene, declared);
		},
	},
	{
		title: "`adopt` may come and go without a write",
		async play(scene) {
			const { resource, sample } = scene;
			await resource.up({ ...sample.inputs, ...ADOPT });
			const before = viewOf(scene);
			assert.equal(await resource.up(sample.inputs), "same");
			assert.deepEqual(viewOf(scene), before);
		},
	},
];
