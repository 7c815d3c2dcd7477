import assert from "node:assert/strict";
import { assertInStep, catchError, createMessagePattern, getView, type Scenario } from "../scene.ts";

/** What somebody else does between the plan and the write. */
export const races: readonly Scenario[] = [
	{
		title:
			"A change between plan and write stops the write with a three-way report, and the next plan shows it",
		async play(scene) {
			const { resource, sample, elsewhere, words } = scene;
			await resource.up(sample.inputs);
			const plan = await resource.plan(sample.changed);
			elsewhere.change(sample.values.foreign);
			const before = getView(scene);
			const { message } = await catchError(plan.apply());
			assert.ok(message.includes(sample.label));
			assert.match(message, /nothing was written/);
			const { declared, foreign, changed } = sample.values;
			for (const value of [declared, foreign, changed]) assert.ok(message.includes(`"${value}"`));
			assert.deepEqual(getView(scene), before);
			assert.equal((await resource.plan(sample.changed)).step, "update");
			assert.ok(words.said.at(-1)?.includes(`"${foreign}" now`));
			await resource.up(sample.changed);
			await assertInStep(scene, sample.changed);
		},
	},
	{
		title: "A second change after the plan is not overwritten, even if the plan showed the first one",
		async play(scene) {
			const { resource, sample, elsewhere } = scene;
			await resource.up(sample.inputs);
			elsewhere.change(sample.values.foreign);
			const plan = await resource.plan(sample.inputs);
			elsewhere.change(`${sample.values.foreign} again`);
			const before = getView(scene);
			assert.match((await catchError(plan.apply())).message, /nothing was written/);
			assert.deepEqual(getView(scene), before);
			await resource.up(sample.inputs);
			await assertInStep(scene, sample.inputs);
		},
	},
	{
		title: "A write that changes no value between plan and update stops the update",
		needs: { etags: "revision" },
		async play(scene) {
			const { resource, sample, elsewhere } = scene;
			await resource.up(sample.inputs);
			const plan = await resource.plan(sample.changed);
			elsewhere.rewrite();
			const before = getView(scene);
			assert.match((await catchError(plan.apply())).message, /nothing was written/);
			assert.deepEqual(getView(scene), before);
			await resource.up(sample.changed);
			await assertInStep(scene, sample.changed);
		},
	},
	{
		title: "A deletion between plan and update stops the update, and the next run creates the object",
		async play(scene) {
			const { resource, sample, elsewhere } = scene;
			await resource.up(sample.inputs);
			const plan = await resource.plan(sample.changed);
			elsewhere.remove();
			const { message } = await catchError(plan.apply());
			assert.match(message, createMessagePattern(scene, "was deleted by somebody else"));
			assert.equal(elsewhere.getView(), undefined);
			assert.equal(await resource.up(sample.changed), "replace");
			await assertInStep(scene, sample.changed);
		},
	},
	{
		title: "A re-creation between plan and update stops the update",
		needs: { ids: "declared" },
		async play(scene) {
			const { resource, sample, elsewhere } = scene;
			await resource.up(sample.inputs);
			const plan = await resource.plan(sample.changed);
			elsewhere.recreate();
			const before = getView(scene);
			assert.ok((await catchError(plan.apply())).message.includes(sample.label));
			assert.deepEqual(getView(scene), before);
			await resource.up(sample.changed);
			await assertInStep(scene, sample.changed);
		},
	},
	{
		title: "An object that somebody creates just before Pulumi is not changed",
		async play(scene) {
			const { resource, sample, elsewhere } = scene;
			const plan = await resource.plan(sample.inputs);
			elsewhere.make();
			const before = getView(scene);
			assert.match((await catchError(plan.apply())).message, /exists already/);
			assert.deepEqual(getView(scene), before);
			assert.equal(resource.state, undefined);
		},
	},
];
