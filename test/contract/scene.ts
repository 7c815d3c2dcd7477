import assert from "node:assert/strict";
import { Resource } from "./engine/resource.ts";
import { leaksIn } from "./engine/secrets.ts";
import type { Words } from "./engine/words.ts";
import type { ConnectOptions, Sample, Stage, Subject, View } from "./subject/subject.ts";

/** What a scenario plays with: a fresh service, and one resource that is not deployed yet. */
export interface Scene extends Stage {
	readonly subject: Subject;
	/** A resource each of whose operations runs in a process of its own. */
	readonly resource: Resource;
	/** Sets the processes up that start from now on. */
	setUp(options: ConnectOptions): void;
}

/** One thing that every kind of resource promises. */
export interface Scenario {
	/** The promise, in a sentence. */
	readonly title: string;
	play(scene: Scene): Promise<void>;
}

/** What is checked when everything is over, whatever the scenario was. */
interface Afterwards {
	readonly words: Words;
	secrets(): Iterable<string>;
	problems(): readonly string[];
}

/** Plays a scenario against a subject. */
export async function perform(subject: Subject, { play }: Scenario): Promise<void> {
	const stage = await subject.start();
	let options: ConnectOptions = {};
	const resource = new Resource(() => stage.connect(options));
	const setUp = (next: ConnectOptions) => {
		options = next;
	};
	try {
		await play(Object.assign(stage, { subject, resource, setUp }));
		checkAfterwards(stage);
	} finally {
		await stage.close();
	}
}

/** No message holds a secret, and every request is one that the service describes. */
export function checkAfterwards({ words, secrets, problems }: Afterwards): void {
	const known = [...secrets()];
	assert.deepEqual(
		words.all().flatMap((text) => leaksIn(text, known)),
		[],
	);
	assert.deepEqual(problems(), []);
}

/** The error that a promise ends with; it is a failure of the test if there is none. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
	const outcome = await promise.then(
		() => "it succeeded",
		(error: unknown) => error,
	);
	assert.ok(outcome instanceof Error, `an error was due, but ${String(outcome)}`);
	return outcome;
}

/** The object as the service has it; it is a failure of the test if there is none. */
export function viewOf({ elsewhere, sample }: { elsewhere: Stage["elsewhere"]; sample: Sample }): View {
	const view = elsewhere.view();
	assert.ok(view, `${sample.id} is not there`);
	return view;
}

/** State and service tell of the same object, and the same program finds nothing to do, without a word. */
export async function assertInStep(scene: Scene, declared: Sample["inputs"]): Promise<void> {
	const { resource, sample, words } = scene;
	const { etag, incarnation, fields } = viewOf(scene);
	assert.equal(resource.output("etag"), etag, "the etag in state is the object's");
	assert.ok(Object.values(resource.known.outputs).includes(incarnation), "state knows the incarnation");
	assert.equal(fields[sample.path], declared[sample.path], "the object is as declared");
	assert.equal(resource.output(sample.path), declared[sample.path], "so is the state");
	const before = words.said.length;
	assert.equal((await resource.plan(declared)).step, "same");
	assert.deepEqual(words.said.slice(before), []);
}
