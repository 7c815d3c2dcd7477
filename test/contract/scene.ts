import assert from "node:assert/strict";
import { findLeaks, type MessageRecorder } from "./harness/messages.ts";
import { Resource } from "./harness/resource.ts";
import type { ConnectOptions, Sample, Stage, Subject, Traits, View } from "./subject/subject.ts";

/** A scenario's surroundings: an empty service, and one resource that is not deployed yet. */
export interface Scene extends Stage {
	readonly subject: Subject;
	/** A resource; each of its operations runs in a new process. */
	readonly resource: Resource;
	/** Sets the options of the processes that start from now on. */
	setUp(options: ConnectOptions): void;
}

/** One promise of every resource type. */
export interface Scenario {
	/** The promise, in a sentence. */
	readonly title: string;
	/** The traits that a subject must have for it. Default: none. */
	readonly needs?: Partial<Traits>;
	play(scene: Scene): Promise<void>;
}

/** Explains which traits a subject lacks for a scenario; undefined if it lacks none. */
export function describeMissingTraits({ traits }: Subject, { needs = {} }: Scenario): string | undefined {
	const names = Object.keys(needs) as (keyof Traits)[];
	const missing = names.filter((name) => traits[name] !== needs[name]);
	if (missing.length === 0) return undefined;
	return missing.map((name) => `${name}: "${traits[name]}", and it is about "${needs[name]}"`).join("; ");
}

/** What is checked after every scenario. */
interface Afterwards {
	readonly words: MessageRecorder;
	listSecrets(): Iterable<string>;
	listProblems(): readonly string[];
	listRemains(): readonly string[];
}

/** Plays a scenario against a subject. */
export async function playScenario(subject: Subject, { play }: Scenario): Promise<void> {
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

/** Asserts that no message holds a secret, every request conforms to the service's description, and nothing is left over. */
export function checkAfterwards({ words, listSecrets, listProblems, listRemains }: Afterwards): void {
	const known = [...listSecrets()];
	assert.deepEqual(
		words.listTexts().flatMap((text) => findLeaks(text, known)),
		[],
	);
	assert.deepEqual(listProblems(), []);
	assert.deepEqual(listRemains(), []);
}

/** Returns the error that a promise rejects with; fails the test if it resolves. */
export async function catchError(promise: Promise<unknown>): Promise<Error> {
	const outcome = await promise.then(
		() => "it succeeded",
		(error: unknown) => error,
	);
	assert.ok(outcome instanceof Error, `an error was due, but ${String(outcome)}`);
	return outcome;
}

/** Returns the object as the service has it; fails the test if it does not exist. */
export function getView({ elsewhere, sample }: { elsewhere: Stage["elsewhere"]; sample: Sample }): View {
	const view = elsewhere.getView();
	assert.ok(view, `${sample.label} is not there`);
	return view;
}

/** Deploys the sample, and lets somebody else delete its object and create an equal one, which is returned. */
export async function recreateAfterUp(scene: Scene): Promise<View> {
	await scene.resource.up(scene.sample.inputs);
	scene.elsewhere.recreate();
	return getView(scene);
}

/** Returns the pattern of a message about the sample's object; its id may stand between its label and the rest. */
export function createMessagePattern({ sample: { label } }: { sample: Sample }, rest: string): RegExp {
	return new RegExp(`\\b${label}(?: \\([-0-9a-f]{36}\\))? ${rest}`);
}

/** Returns the warnings that an object was claimed after a lost response, only because of its age and values. */
export function findClaimMessages({ sample, words }: Pick<Scene, "sample" | "words">): readonly string[] {
	const claimed = "exists exactly as declared; it counts as created by the request whose response was lost";
	return words.listTexts().filter((text) => createMessagePattern({ sample }, claimed).test(text));
}

/** Asserts that the latest matching write was conditional on this etag and no other. */
export function assertConditional(
	{ requests, match, listConditions }: Pick<Scene, "requests" | "match" | "listConditions">,
	verb: "update" | "delete",
	etag: string | undefined,
): void {
	const write = requests.list(match[verb]).at(-1);
	assert.ok(write, `no ${verb} was sent`);
	assert.deepEqual([...new Set(listConditions(write))], [etag]);
}

/** Asserts that state and service agree on the object, and that the same program plans no change and logs nothing. */
export async function assertInStep(scene: Scene, declared: Sample["inputs"]): Promise<void> {
	const { resource, sample, words } = scene;
	const { etag, uid, fields } = getView(scene);
	assert.equal(resource.getOutput("etag"), etag, "the etag in state is the object's");
	const { id, outputs } = resource.known;
	assert.ok([id, ...Object.values(outputs)].includes(uid), "state knows the uid");
	assert.equal(fields[sample.path], declared[sample.path], "the object is as declared");
	assert.equal(resource.getOutput(sample.path), declared[sample.path], "so is the state");
	const before = words.said.length;
	assert.equal((await resource.plan(declared)).step, "same");
	assert.deepEqual(words.said.slice(before), []);
}
