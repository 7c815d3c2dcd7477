import assert from "node:assert/strict";
import { findLeaks, type MessageRecorder } from "./harness/messages.ts";
import { Resource } from "./harness/resource.ts";
import type { ConnectOptions, Sample, Stage, Subject, Traits, View } from "./subject/subject.ts";

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
	/** The traits that a subject must have for it; none where it holds for all. */
	readonly needs?: Partial<Traits>;
	play(scene: Scene): Promise<void>;
}

/** Why a subject without these traits can't play it, or undefined where it can. */
export function describeMissingTraits({ traits }: Subject, { needs = {} }: Scenario): string | undefined {
	const names = Object.keys(needs) as (keyof Traits)[];
	const missing = names.filter((name) => traits[name] !== needs[name]);
	if (missing.length === 0) return undefined;
	return missing.map((name) => `${name}: "${traits[name]}", and it is about "${needs[name]}"`).join("; ");
}

/** What is checked when everything is over, whatever the scenario was. */
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

/** No message holds a secret, every request is one that the service describes, and nothing is left over. */
export function checkAfterwards({ words, listSecrets, listProblems, listRemains }: Afterwards): void {
	const known = [...listSecrets()];
	assert.deepEqual(
		words.listTexts().flatMap((text) => findLeaks(text, known)),
		[],
	);
	assert.deepEqual(listProblems(), []);
	assert.deepEqual(listRemains(), []);
}

/** The error that a promise ends with; it is a failure of the test if there is none. */
export async function catchError(promise: Promise<unknown>): Promise<Error> {
	const outcome = await promise.then(
		() => "it succeeded",
		(error: unknown) => error,
	);
	assert.ok(outcome instanceof Error, `an error was due, but ${String(outcome)}`);
	return outcome;
}

/** The object as the service has it; it is a failure of the test if there is none. */
export function getView({ elsewhere, sample }: { elsewhere: Stage["elsewhere"]; sample: Sample }): View {
	const view = elsewhere.getView();
	assert.ok(view, `${sample.label} is not there`);
	return view;
}

/** What a message says of the sample's object; its id may stand between its label and the rest. */
export function createMessagePattern({ sample: { label } }: { sample: Sample }, rest: string): RegExp {
	return new RegExp(`\\b${label}(?: \\([-0-9a-f]{36}\\))? ${rest}`);
}

/** What was told of an object that was found where an answer was lost: its age and its looks are all that speaks for it. */
export function findClaimMessages({ sample, words }: Pick<Scene, "sample" | "words">): readonly string[] {
	const claimed =
		"exists just as it was to be created; taken for what the request made whose answer was lost";
	return words.listTexts().filter((text) => createMessagePattern({ sample }, claimed).test(text));
}

/** The latest write that matches was made upon this etag and no other. */
export function assertConditional(
	{ requests, match, listConditions }: Pick<Scene, "requests" | "match" | "listConditions">,
	verb: "update" | "delete",
	etag: string | undefined,
): void {
	const write = requests.list(match[verb]).at(-1);
	assert.ok(write, `no ${verb} was sent`);
	assert.deepEqual([...new Set(listConditions(write))], [etag]);
}

/** State and service tell of the same object, and the same program finds nothing to do, without a word. */
export async function assertInStep(scene: Scene, declared: Sample["inputs"]): Promise<void> {
	const { resource, sample, words } = scene;
	const { etag, uid, fields } = getView(scene);
	assert.equal(resource.getOutput("etag"), etag, "the etag in state is the object's");
	const { id, outputs } = resource.known;
	assert.ok([id, ...Object.values(outputs)].includes(uid), "state knows the incarnation");
	assert.equal(fields[sample.path], declared[sample.path], "the object is as declared");
	assert.equal(resource.getOutput(sample.path), declared[sample.path], "so is the state");
	const before = words.said.length;
	assert.equal((await resource.plan(declared)).step, "same");
	assert.deepEqual(words.said.slice(before), []);
}
