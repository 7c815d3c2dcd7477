import assert from "node:assert/strict";
import { assertConditional, assertInStep, getView, type Scenario } from "../scene.ts";

/** An object that only Pulumi touches. */
export const life: readonly Scenario[] = [
	{
		title: "Creating creates the object as declared, and records it in state",
		async play(scene) {
			const { resource, sample, requests, subject, words, elsewhere } = scene;
			const plan = await resource.plan(sample.inputs);
			assert.equal(plan.step, "create");
			assert.equal(requests.count(), 0, "a plan for a new object asks nothing");
			await plan.apply();
			assert.equal(requests.count(), subject.costs.create);
			assert.equal(resource.known.id, getView(scene).id);
			assert.equal(elsewhere.count(), 1);
			assert.deepEqual(words.listTexts(), []);
			await assertInStep(scene, sample.inputs);
		},
	},
	{
		title: "An unchanged object is recognized by one cheap read, and nothing is written",
		async play({ resource, sample, requests, subject, words, elsewhere }) {
			await resource.up(sample.inputs);
			const before = elsewhere.getView();
			requests.reset();
			assert.equal(await resource.up(sample.inputs), "same");
			assert.equal(requests.count(), subject.costs.unchanged);
			assert.deepEqual(elsewhere.getView(), before);
			assert.deepEqual(words.listTexts(), []);
		},
	},
	{
		title: "A changed declaration updates the object in place by one write under the etag of the plan",
		async play(scene) {
			const { resource, sample, requests, subject } = scene;
			await resource.up(sample.inputs);
			const before = getView(scene);
			const plan = await resource.plan(sample.changed);
			assert.equal(plan.step, "update");
			assert.deepEqual(getView(scene), before, "a plan writes nothing");
			requests.reset();
			await plan.apply();
			assert.equal(requests.count(), subject.costs.update);
			assertConditional(scene, "update", before.etag);
			const after = getView(scene);
			assert.equal(after.uid, before.uid);
			assert.equal(after.revision, before.revision + 1);
			await assertInStep(scene, sample.changed);
		},
	},
	{
		title: "An update does not change undeclared fields",
		async play(scene) {
			const { resource, sample, elsewhere, words } = scene;
			await resource.up(sample.inputs);
			elsewhere.changeUndeclared();
			const { fields } = getView(scene);
			await resource.up(sample.changed);
			assert.deepEqual(getView(scene).fields, { ...fields, [sample.path]: sample.values.changed });
			assert.deepEqual(words.listTexts(), []);
			await assertInStep(scene, sample.changed);
		},
	},
	{
		title: "Another identity replaces the object: the old one is deleted before the new one is created",
		async play({ resource, sample, elsewhere }) {
			await resource.up(sample.inputs);
			const plan = await resource.plan(sample.moved.inputs);
			assert.equal(plan.step, "replace");
			assert.deepEqual(plan.replaces, sample.moved.replaces);
			await plan.apply();
			assert.equal(elsewhere.getView(), undefined);
			assert.equal(elsewhere.count(), 1);
		},
	},
	{
		title: "A refresh of an unchanged object changes nothing in state",
		async play(scene) {
			const { resource, sample, words } = scene;
			await resource.up(sample.inputs);
			const before = resource.state;
			await resource.refresh();
			assert.deepEqual(resource.state, before);
			assert.deepEqual(words.listTexts(), []);
			await assertInStep(scene, sample.inputs);
		},
	},
	{
		title: "Deleting removes the object by one request under its etag",
		async play(scene) {
			const { resource, sample, elsewhere, requests, subject } = scene;
			await resource.up(sample.inputs);
			const { etag } = getView(scene);
			requests.reset();
			await resource.destroy();
			assert.equal(elsewhere.getView(), undefined);
			assert.equal(requests.count(), subject.costs.delete);
			assertConditional(scene, "delete", etag);
		},
	},
	{
		title: "A deleted object can be created again",
		async play(scene) {
			await scene.resource.up(scene.sample.inputs);
			await scene.resource.destroy();
			assert.equal(await scene.resource.up(scene.sample.inputs), "create");
			await assertInStep(scene, scene.sample.inputs);
		},
	},
];
