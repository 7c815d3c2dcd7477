import assert from "node:assert/strict";
import {
	assertInStep,
	catchError,
	createMessagePattern,
	getView,
	recreateAfterUp,
	type Scenario,
} from "../scene.ts";

const ADOPT = { adopt: true };

/** Deletion and re-creation if the service gives each object a new id: the new object is another one, even if it looks the same. */
export const givenIds: readonly Scenario[] = [
	{
		title:
			"An object recreated under another id is reported as deleted, conflicts with a new one, and can be adopted",
		needs: { ids: "given" },
		async play(scene) {
			const { resource, sample, words } = scene;
			const before = await recreateAfterUp(scene);
			const plan = await resource.plan(sample.inputs);
			assert.equal(plan.step, "replace");
			assert.match(words.said.join("\n"), createMessagePattern(scene, "was deleted outside Pulumi"));
			const { message } = await catchError(plan.apply());
			assert.match(message, createMessagePattern(scene, "exists already"));
			assert.match(message, /`adopt: true`/);
			assert.deepEqual(getView(scene), before);
			assert.equal(resource.state, undefined);
			await resource.up({ ...sample.inputs, ...ADOPT });
			assert.equal(resource.known.id, before.id);
			assert.deepEqual(getView(scene), before);
			await assertInStep(scene, { ...sample.inputs, ...ADOPT });
		},
	},
	{
		title: "A refresh drops an object that was recreated under another id",
		needs: { ids: "given" },
		async play(scene) {
			const { resource } = scene;
			const before = await recreateAfterUp(scene);
			await resource.refresh();
			assert.equal(resource.state, undefined);
			assert.deepEqual(getView(scene), before);
		},
	},
	{
		title: "Another object with the same fields is not deleted",
		needs: { ids: "given" },
		async play(scene) {
			const { resource } = scene;
			const before = await recreateAfterUp(scene);
			await resource.destroy();
			assert.equal(resource.state, undefined);
			assert.deepEqual(getView(scene), before);
		},
	},
	{
		title: "A re-creation under another id between plan and update stops the update as a deletion does",
		needs: { ids: "given" },
		async play(scene) {
			const { resource, sample, elsewhere } = scene;
			await resource.up(sample.inputs);
			const plan = await resource.plan(sample.changed);
			elsewhere.recreate();
			const before = getView(scene);
			assert.match(
				(await catchError(plan.apply())).message,
				createMessagePattern(scene, "was deleted by somebody else"),
			);
			assert.deepEqual(getView(scene), before);
		},
	},
	{
		title: "A delete whose response is lost does not delete an object that somebody recreated meanwhile",
		needs: { ids: "given" },
		async play(scene) {
			const { resource, sample, elsewhere, faults, match } = scene;
			await resource.up(sample.inputs);
			faults.add({ match: match.delete, action: { kind: "run", run: elsewhere.make, when: "after" } });
			faults.add({ match: match.delete, action: { kind: "reset", when: "after" } });
			await resource.destroy();
			assert.equal(resource.state, undefined);
			assert.equal(elsewhere.count(), 1);
		},
	},
];
