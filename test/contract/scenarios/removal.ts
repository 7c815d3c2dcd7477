import assert from "node:assert/strict";
import {
	assertConditional,
	catchError,
	createMessagePattern,
	getView,
	recreateAfterUp,
	type Scenario,
} from "../scene.ts";

/** Deletions of objects that are not as Pulumi left them. */
export const removal: readonly Scenario[] = [
	{
		title: "Deleting an object that is gone succeeds",
		async play({ resource, sample, elsewhere, words }) {
			await resource.up(sample.inputs);
			elsewhere.remove();
			await resource.destroy();
			assert.equal(resource.state, undefined);
			assert.deepEqual(words.listTexts(), []);
		},
	},
	{
		title: "Deleting twice has the effect of deleting once",
		async play({ resource, sample, elsewhere }) {
			await resource.up(sample.inputs);
			const { state } = resource;
			await resource.destroy();
			resource.state = state;
			await resource.destroy();
			assert.equal(elsewhere.getView(), undefined);
		},
	},
	{
		title: "Another object under the same id is not deleted",
		needs: { ids: "declared" },
		async play(scene) {
			const { resource, elsewhere } = scene;
			const before = await recreateAfterUp(scene);
			const { message } = await catchError(resource.destroy());
			assert.match(message, createMessagePattern(scene, "was not deleted"));
			assert.match(message, /pulumi refresh/);
			assert.deepEqual(getView(scene), before);
			assert.ok(resource.state);
			await resource.refresh();
			await resource.destroy();
			assert.equal(elsewhere.getView(), undefined);
		},
	},
	{
		title: "An object with a change that no plan showed is not deleted",
		async play(scene) {
			const { resource, sample, elsewhere } = scene;
			await resource.up(sample.inputs);
			elsewhere.change(sample.values.foreign);
			const before = getView(scene);
			const { message } = await catchError(resource.destroy());
			assert.match(message, createMessagePattern(scene, "was not deleted"));
			assert.ok(message.includes(`"${sample.values.foreign}" now`));
			assert.deepEqual(getView(scene), before);
			await resource.refresh();
			await resource.destroy();
			assert.equal(elsewhere.getView(), undefined);
		},
	},
	{
		title: "An object whose declared fields are unchanged is deleted under its new etag",
		async play(scene) {
			const { resource, sample, elsewhere } = scene;
			await resource.up(sample.inputs);
			elsewhere.changeUndeclared();
			const etag = elsewhere.getView()?.etag;
			await resource.destroy();
			assert.equal(elsewhere.getView(), undefined);
			assertConditional(scene, "delete", etag);
		},
	},
];
