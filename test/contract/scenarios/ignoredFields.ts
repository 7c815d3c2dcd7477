import assert from "node:assert/strict";
import { assertConditional, assertInStep, getView, type Scenario, type Scene } from "../scene.ts";

/** The value of the sample's field in the service. */
const getLive = (scene: Scene): unknown => getView(scene).fields[scene.sample.path];

/** Asserts that a plan has no changes and prints nothing. */
async function assertQuiet({ resource, sample, words }: Scene): Promise<void> {
	const before = words.said.length;
	assert.equal((await resource.plan(sample.inputs)).step, "same");
	assert.deepEqual(words.said.slice(before), []);
}

/** Deploys the sample with its field ignored, and lets somebody else change the field. */
async function driftIgnored(scene: Scene): Promise<void> {
	const { resource, sample, elsewhere } = scene;
	resource.ignoring = [sample.path];
	await resource.up(sample.inputs);
	assert.equal(getLive(scene), sample.values.declared, "a creation writes the declared value");
	elsewhere.change(sample.values.foreign);
}

/** What the resource option `ignoreChanges` means for a field. */
export const ignoredFields: readonly Scenario[] = [
	{
		title: "Drift of an ignored field is neither shown nor put back",
		async play(scene) {
			await driftIgnored(scene);
			await assertQuiet(scene);
			assert.equal(await scene.resource.up(scene.sample.inputs), "same");
			assert.equal(getLive(scene), scene.sample.values.foreign);
		},
	},
	{
		title:
			"A refresh does not show the drift of an ignored field, keeps its input, and the next plan is quiet",
		async play(scene) {
			const { resource, sample, words } = scene;
			await driftIgnored(scene);
			const { inputs } = resource.known;
			assert.equal(await resource.refreshAndCompare(), false);
			assert.deepEqual(words.said, []);
			assert.deepEqual(resource.known.inputs, inputs);
			assert.equal(resource.getOutput(sample.path), sample.values.foreign);
			assert.equal(resource.getOutput("etag"), getView(scene).etag);
			await assertQuiet(scene);
		},
	},
	{
		title: "An ignored field is not reported by an inspection",
		async play(scene) {
			const { resource } = scene;
			await driftIgnored(scene);
			const { id, outputs } = resource.known;
			const { status, differences } = await scene
				.connect()
				.inspectResource(id, outputs, { consistency: "strong" });
			assert.deepEqual([status, differences], ["unchanged", []]);
		},
	},
	{
		title: "A change of the declaration of an ignored field changes nothing, not even with onDrift fail",
		async play(scene) {
			const { resource, sample } = scene;
			resource.ignoring = [sample.path, "onDrift"];
			await resource.up({ ...sample.inputs, onDrift: "fail" });
			scene.elsewhere.change(sample.values.foreign);
			assert.equal(await resource.up(sample.changed), "same");
			assert.equal(getLive(scene), sample.values.foreign);
		},
	},
	{
		title:
			"A field that is ignored from now on is neither released nor reset, and is enforced again afterwards",
		async play(scene) {
			const { resource, sample, words } = scene;
			await resource.up(sample.inputs);
			scene.elsewhere.change(sample.values.foreign);
			resource.ignoring = [sample.path];
			const { [sample.path]: _, ...without } = sample.inputs;
			assert.equal(await resource.up(without), "update");
			assert.deepEqual(words.said, []);
			assert.equal(getLive(scene), sample.values.foreign);
			assert.equal(await resource.up(without), "same");
			resource.ignoring = [];
			assert.equal(await resource.up(sample.inputs), "update");
			const { declared, foreign } = sample.values;
			const told = `${sample.path}: "${declared}" at the last deployment, "${foreign}" now, "${declared}" declared`;
			assert.ok(words.said.join("\n").includes(told), words.said.join("\n"));
			await assertInStep(scene, sample.inputs);
		},
	},
	{
		title: "Drift of a field while it was ignored is refused afterwards, with onDrift fail",
		async play(scene) {
			const { resource, sample } = scene;
			const inputs = { ...sample.inputs, onDrift: "fail" };
			resource.ignoring = [sample.path];
			await resource.up(inputs);
			scene.elsewhere.change(sample.values.foreign);
			await resource.refresh();
			resource.ignoring = [];
			await assert.rejects(resource.plan(inputs), { code: "DriftRefused" });
		},
	},
	{
		title:
			"An update of another field carries the live value of an ignored one, under the etag that the plan saw",
		async play(scene) {
			const { resource, sample } = scene;
			await driftIgnored(scene);
			const { etag } = getView(scene);
			const { name, value, inputs } = sample.other;
			assert.equal(await resource.up(inputs), "update");
			assertConditional(scene, "update", etag);
			assert.equal(getView(scene).fields[name], value);
			assert.equal(getLive(scene), sample.values.foreign);
			assert.equal(resource.getOutput(sample.path), sample.values.foreign);
			const quiet = { ...scene, sample: { ...sample, inputs } };
			await assertQuiet(quiet);
			await resource.refresh();
			await assertQuiet(quiet);
		},
	},
	{
		title: "An object that is created again gets the declared value of an ignored field",
		async play(scene) {
			const { resource, sample } = scene;
			await driftIgnored(scene);
			await resource.refresh();
			scene.elsewhere.remove();
			assert.equal(await resource.up(sample.inputs), "replace");
			assert.equal(getLive(scene), sample.values.declared);
		},
	},
	{
		title: "An adoption keeps the live value of an ignored field",
		async play(scene) {
			const { resource, sample } = scene;
			scene.elsewhere.make();
			scene.elsewhere.change(sample.values.foreign);
			resource.ignoring = [sample.path];
			const inputs = { ...sample.inputs, adopt: true };
			assert.equal(await resource.up(inputs), "create");
			assert.equal(getLive(scene), sample.values.foreign);
			assert.equal((await resource.plan(inputs)).step, "same");
		},
	},
	{
		title: "A resource that ignores everything follows neither the program nor the service",
		async play(scene) {
			const { resource, sample } = scene;
			resource.ignoring = ["*"];
			await resource.up(sample.inputs);
			scene.elsewhere.change(sample.values.foreign);
			assert.equal(await resource.up(sample.moved.inputs), "same");
			assert.equal(await resource.up(sample.other.inputs), "same");
			assert.equal(getLive(scene), sample.values.foreign);
		},
	},
	{
		title: "An object whose ignored field was changed is deleted without a refresh",
		async play(scene) {
			await driftIgnored(scene);
			await scene.resource.destroy();
			assert.equal(scene.elsewhere.getView(), undefined);
		},
	},
];
