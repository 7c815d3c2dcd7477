import assert from "node:assert/strict";
import {
	assertConditional,
	assertInStep,
	catchError,
	createMessagePattern,
	getView,
	type Scenario,
	type Scene,
} from "../scene.ts";
import type { Sample } from "../subject/subject.ts";

/** What somebody else did to an object before the plan. */
export const drift: readonly Scenario[] = [
	{
		title: "Drift is reported field by field: last deployment, now, declared",
		async play(scene) {
			const { resource, sample, words } = scene;
			await causeDrift(scene);
			assert.equal((await resource.plan(sample.inputs)).step, "update");
			const { declared, foreign } = sample.values;
			assert.equal(words.said.length, 1);
			assert.match(words.said[0] ?? "", createMessagePattern(scene, "was changed outside Pulumi"));
			assert.ok(
				words.said[0]?.includes(createThreeWayPattern(scene, { last: declared, live: foreign, declared })),
			);
		},
	},
	{
		title: "A program that declares a third value gets a three-way report",
		async play(scene) {
			const { resource, sample, words } = scene;
			await causeDrift(scene);
			await resource.plan(sample.changed);
			const { declared: last, foreign: live, changed: declared } = sample.values;
			assert.ok(words.said[0]?.includes(createThreeWayPattern(scene, { last, live, declared })));
		},
	},
	{
		title: "Reconciling writes the declared value back, under the etag that the plan saw",
		async play(scene) {
			const { resource, sample, requests, subject } = scene;
			await causeDrift(scene);
			const plan = await resource.plan(sample.inputs);
			const { etag, revision } = getView(scene);
			requests.reset();
			await plan.apply();
			assert.equal(requests.count(), subject.costs.update);
			assertConditional(scene, "update", etag);
			assert.equal(getView(scene).revision, revision + 1);
			await assertInStep(scene, sample.inputs);
		},
	},
	{
		title: "A refresh records drift in state, as output and as input, and the next plan reverts it",
		needs: { refresh: "inputs" },
		async play(scene) {
			const { resource, sample } = scene;
			await causeDrift(scene);
			await resource.refresh();
			assert.equal(resource.getOutput(sample.path), sample.values.foreign);
			assert.equal(resource.known.inputs[sample.path], sample.values.foreign);
			assert.equal(resource.getOutput("etag"), getView(scene).etag);
			assert.equal(await resource.up(sample.inputs), "update");
			await assertInStep(scene, sample.inputs);
		},
	},
	{
		title: "A refresh records drift in state as output and reports it, and the next plan reverts it",
		needs: { refresh: "words" },
		async play(scene) {
			const { resource, sample, words } = scene;
			await causeDrift(scene);
			const { inputs } = resource.known;
			await resource.refresh();
			assert.equal(resource.getOutput(sample.path), sample.values.foreign);
			assert.deepEqual(resource.known.inputs, inputs);
			assert.equal(resource.getOutput("etag"), getView(scene).etag);
			assert.match(words.said.join("\n"), createMessagePattern(scene, "was changed outside Pulumi"));
			const { declared, foreign } = sample.values;
			assert.ok(
				words.said[0]?.includes(createThreeWayPattern(scene, { last: declared, live: foreign, declared })),
			);
			assert.equal(await resource.up(sample.inputs), "update");
			await assertInStep(scene, sample.inputs);
		},
	},
	{
		title: "A program that declares the drifted value after a refresh has nothing to update",
		async play(scene) {
			const { resource, sample } = scene;
			await causeDrift(scene);
			await resource.refresh();
			await assertInStep(scene, { ...sample.inputs, [sample.path]: sample.values.foreign });
		},
	},
	{
		title: "A refresh returns live values only for declared inputs",
		async play({ resource, sample, elsewhere }) {
			await resource.up(sample.inputs);
			elsewhere.changeUndeclared();
			const before = resource.known.inputs;
			await resource.refresh();
			assert.deepEqual(resource.known.inputs, before);
		},
	},
	{
		title: "Activity of a live object is not drift, and does not change the etag",
		async play(scene) {
			const { resource, sample, elsewhere, requests, subject, words } = scene;
			await resource.up(sample.inputs);
			const { etag } = getView(scene);
			elsewhere.simulateActivity();
			assert.equal(getView(scene).etag, etag);
			requests.reset();
			assert.equal((await resource.plan(sample.inputs)).step, "same");
			assert.equal(requests.count(), subject.costs.unchanged);
			const before = resource.state;
			await resource.refresh();
			assert.deepEqual(resource.state, before);
			assert.deepEqual(words.listTexts(), []);
		},
	},
	{
		title: "A new etag without a new value is accepted silently",
		needs: { etags: "revision" },
		async play(scene) {
			const { resource, sample, elsewhere, words } = scene;
			await resource.up(sample.inputs);
			elsewhere.rewrite();
			assert.equal(await resource.up(sample.inputs), "same");
			await resource.refresh();
			await assertInStep(scene, sample.inputs);
			assert.deepEqual(words.listTexts(), []);
		},
	},
	{
		title: "A change of an undeclared field is not drift",
		async play({ resource, sample, elsewhere, words }) {
			await resource.up(sample.inputs);
			elsewhere.changeUndeclared();
			assert.equal((await resource.plan(sample.inputs)).step, "same");
			assert.deepEqual(words.listTexts(), []);
		},
	},
	{
		title: "onDrift fail stops the plan with the same report, and writes nothing",
		async play(scene) {
			const { resource, sample } = scene;
			await causeDrift(scene);
			const before = getView(scene);
			const { message } = await catchError(resource.plan({ ...sample.inputs, onDrift: "fail" }));
			const { declared, foreign } = sample.values;
			assert.ok(message.includes(sample.label));
			assert.ok(message.includes(createThreeWayPattern(scene, { last: declared, live: foreign, declared })));
			assert.match(message, /onDrift is "fail"/);
			assert.deepEqual(getView(scene), before);
		},
	},
	{
		title: "onDrift fail allows the program's own changes",
		async play(scene) {
			const audited = { onDrift: "fail" };
			await scene.resource.up({ ...scene.sample.inputs, ...audited });
			assert.equal(await scene.resource.up({ ...scene.sample.changed, ...audited }), "update");
			await assertInStep(scene, { ...scene.sample.changed, ...audited });
		},
	},
	{
		title: "onDrift fail accepts the plan once drift was reverted by hand",
		async play(scene) {
			const { resource, sample, elsewhere } = scene;
			await causeDrift(scene);
			elsewhere.change(sample.values.declared);
			assert.equal((await resource.plan({ ...sample.inputs, onDrift: "fail" })).step, "same");
		},
	},
	{
		title: "A deleted object is reported, and its creation planned",
		async play(scene) {
			const { resource, sample, elsewhere, words } = scene;
			await resource.up(sample.inputs);
			elsewhere.remove();
			const plan = await resource.plan(sample.inputs);
			assert.equal(plan.step, "replace");
			assert.match(words.said.join("\n"), createMessagePattern(scene, "was deleted outside Pulumi"));
			await plan.apply();
			await assertInStep(scene, sample.inputs);
		},
	},
	{
		title: "onDrift fail does not recreate what somebody deleted",
		async play(scene) {
			const { resource, sample, elsewhere } = scene;
			await resource.up(sample.inputs);
			elsewhere.remove();
			const { message } = await catchError(resource.up({ ...sample.inputs, onDrift: "fail" }));
			assert.match(message, createMessagePattern(scene, "was deleted outside Pulumi"));
			assert.equal(elsewhere.getView(), undefined);
		},
	},
	{
		title: "A refresh drops a deleted object from state",
		async play(scene) {
			const { resource, sample, elsewhere } = scene;
			await resource.up(sample.inputs);
			elsewhere.remove();
			await resource.refresh();
			assert.equal(resource.state, undefined);
			assert.equal(await resource.up(sample.inputs), "create");
			await assertInStep(scene, sample.inputs);
		},
	},
	{
		title: "A plan reports an object that was recreated under its id, and updates it",
		needs: { ids: "declared" },
		async play(scene) {
			const { resource, sample, elsewhere, words } = scene;
			await resource.up(sample.inputs);
			elsewhere.recreate();
			assert.equal(await resource.up(sample.inputs), "update");
			assert.match(words.said.join("\n"), createMessagePattern(scene, "was deleted and created again"));
			await assertInStep(scene, sample.inputs);
		},
	},
	{
		title: "A refresh reports an object that was recreated under its id, and records it in state",
		needs: { ids: "declared" },
		async play(scene) {
			const { resource, sample, elsewhere, words } = scene;
			await resource.up(sample.inputs);
			elsewhere.recreate();
			await resource.refresh();
			assert.match(words.said.join("\n"), createMessagePattern(scene, "was deleted and created again"));
			await assertInStep(scene, sample.inputs);
		},
	},
	{
		title:
			"onDrift fail still applies after a refresh: the next plans are refused with the value of the last deployment",
		async play(scene) {
			const { resource, sample, elsewhere } = scene;
			const { declared, foreign, changed } = sample.values;
			await refreshDrift(scene);
			const before = getView(scene);
			const told = createThreeWayPattern(scene, { last: declared, live: foreign, declared });
			for (let plans = 0; plans < 2; plans++) {
				const { message } = await catchError(resource.plan(failOnDrift(sample.inputs)));
				assert.match(message, createMessagePattern(scene, "was changed outside Pulumi"));
				assert.ok(message.includes(told), message);
				assert.match(message, /onDrift is "fail"/);
				elsewhere.changeUndeclared();
				await resource.refresh();
			}
			const { message } = await catchError(resource.plan(failOnDrift(sample.changed)));
			assert.ok(
				message.includes(createThreeWayPattern(scene, { last: declared, live: foreign, declared: changed })),
				message,
			);
			assert.equal(getView(scene).fields[sample.path], before.fields[sample.path]);
		},
	},
	{
		title:
			"onDrift fail accepts a program that declares the drifted value after a refresh, and writes nothing",
		async play(scene) {
			const { resource, sample } = scene;
			await refreshDrift(scene);
			const { revision } = getView(scene);
			const taken = failOnDrift({ ...sample.inputs, [sample.path]: sample.values.foreign });
			await resource.up(taken);
			assert.equal(getView(scene).revision, revision);
			await assertInStep(scene, taken);
			assert.equal(await resource.up(failOnDrift(sample.changed)), "update");
			await assertInStep(scene, failOnDrift(sample.changed));
		},
	},
	{
		title: "onDrift fail accepts the plan once drift that a refresh recorded in state was reverted by hand",
		async play(scene) {
			const { resource, sample, elsewhere, words } = scene;
			await refreshDrift(scene);
			elsewhere.change(sample.values.declared);
			const { revision } = getView(scene);
			const before = words.said.length;
			await resource.up(failOnDrift(sample.inputs));
			assert.deepEqual(words.said.slice(before), []);
			assert.equal(getView(scene).revision, revision);
			await assertInStep(scene, failOnDrift(sample.inputs));
		},
	},
	{
		title: "Reconciling works after a refresh, even if onDrift fail refused before",
		async play(scene) {
			const { resource, sample } = scene;
			await refreshDrift(scene);
			await catchError(resource.plan(failOnDrift(sample.inputs)));
			assert.equal(await resource.up(sample.inputs), "update");
			await assertInStep(scene, sample.inputs);
			await assertInStep(scene, failOnDrift(sample.inputs));
		},
	},
	{
		title: "A second change after a refresh is reported with the value of the last deployment",
		async play(scene) {
			const { resource, sample, elsewhere, words } = scene;
			await refreshDrift(scene);
			const second = `${sample.values.foreign} again`;
			elsewhere.change(second);
			assert.equal((await resource.plan(sample.inputs)).step, "update");
			const { declared } = sample.values;
			assert.ok(
				words.said.at(-1)?.includes(createThreeWayPattern(scene, { last: declared, live: second, declared })),
			);
		},
	},
	{
		title: "A refresh of an unchanged object sends one request and changes nothing",
		async play({ resource, sample, requests, match, words }) {
			await resource.up(sample.inputs);
			const before = resource.state;
			requests.reset();
			await resource.refresh();
			assert.deepEqual([requests.count(), requests.count(match.read)], [1, 1]);
			assert.deepEqual(resource.state, before);
			assert.deepEqual(words.listTexts(), []);
		},
	},
	{
		title: "A refresh reports a deletion once, in a separate message",
		async play(scene) {
			const { resource, sample, elsewhere, words } = scene;
			await resource.up(sample.inputs);
			elsewhere.remove();
			await resource.refresh();
			assert.equal(words.said.length, 1);
			assert.match(
				words.said[0] ?? "",
				createMessagePattern(scene, "was deleted outside Pulumi since the last deployment$"),
			);
		},
	},
	{
		title: "Plan and refresh name the same machine under another id",
		needs: { ids: "given" },
		async play(scene) {
			const { resource, sample, elsewhere, words } = scene;
			await resource.up(sample.inputs);
			elsewhere.recreate();
			const again = createMessagePattern(
				scene,
				`was deleted outside Pulumi .*exists again as ${getView(scene).id}`,
			);
			await resource.plan(sample.inputs);
			await resource.refresh();
			assert.equal(words.said.length, 2);
			for (const text of words.said) assert.match(text, again);
			assert.equal(resource.state, undefined);
		},
	},
];

/** Deploys the sample and lets somebody else change its field. */
async function causeDrift({ resource, sample, elsewhere }: Scene): Promise<void> {
	await resource.up(sample.inputs);
	elsewhere.change(sample.values.foreign);
}

/** Lets somebody change the sample's field, and a refresh take that into state. */
async function refreshDrift(scene: Scene): Promise<void> {
	await causeDrift(scene);
	await scene.resource.refresh();
}

/** The same inputs, for a stack in which nothing is put back unasked. */
function failOnDrift(inputs: Sample["inputs"]): Sample["inputs"] {
	return { ...inputs, onDrift: "fail" };
}

function createThreeWayPattern(
	{ sample }: Scene,
	{ last, live, declared }: { last: string; live: string; declared: string },
): string {
	return `${sample.path}: "${last}" at the last deployment, "${live}" now, "${declared}" declared`;
}
