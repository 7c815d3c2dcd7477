import type { Lifecycle } from "../../provider/lifecycle/lifecycle.ts";
import { presentable } from "../../provider/presentable.ts";
import { Resource } from "../contract/engine/resource.ts";
import type { Values } from "../contract/subject/subject.ts";
import { DEEDS, type Deed } from "./deeds.ts";
import { type Field, GROUNDS, type Ground } from "./ground.ts";
import { faultsOf, faultsOfMessage } from "./legible.ts";
import { TROUBLES, type Trouble } from "./troubles.ts";
import { Wire } from "./wire.ts";

/** One operation, one of its requests, and what happens to it. */
export interface Case {
	readonly ground: Ground;
	readonly deed: Deed;
	/** Which request, counted from 1. */
	readonly nth: number;
	readonly trouble: Trouble;
	/** Whether it goes on until the operation ends. */
	readonly lasts: boolean;
}

/** How a case names itself. */
export function titleOf({ ground, deed, nth, trouble, lasts }: Case): string {
	return `${ground.title}, ${deed.name}, request ${nth}${lasts ? " and all after it" : ""}: ${trouble.name}`;
}

/** All cases: each deed is done once without trouble, to see how many requests it makes. */
export async function* cases(grounds: readonly Ground[] = GROUNDS): AsyncGenerator<Case> {
	for (const ground of grounds) {
		for (const deed of DEEDS) {
			const count = await requestsOf(ground, deed);
			for (let nth = 1; nth <= count; nth++) {
				for (const trouble of TROUBLES) {
					yield { ground, deed, nth, trouble, lasts: false };
					if (!trouble.once) yield { ground, deed, nth, trouble, lasts: true };
				}
			}
		}
	}
}

async function requestsOf(ground: Ground, deed: Deed): Promise<number> {
	const scene = await opened(ground);
	try {
		await deed.prepare(scene.field, scene.resource);
		scene.wire.forget();
		const { message } = await outcomeOf(deed.run(scene.field, scene.resource));
		if (deed.refused === undefined ? message !== undefined : !deed.refused.test(message ?? "")) {
			throw new Error(`${ground.title}, ${deed.name} without any trouble: ${message ?? "it succeeded"}`);
		}
		return scene.wire.count;
	} finally {
		await scene.field.close();
	}
}

/** One service, the way to it, and a stack of one resource. */
interface Scene {
	readonly wire: Wire;
	readonly field: Field;
	readonly resource: Resource;
}

async function opened(ground: Ground): Promise<Scene> {
	const wire = new Wire();
	const field = await ground.start(wire);
	return { wire, field, resource: new Resource(() => asPresented(field.connect(), ground.title)) };
}

/** The same lifecycle, its errors as they leave the provider. */
function asPresented(life: Lifecycle, title: string): Lifecycle {
	const presented = async <Result>(work: Promise<Result>): Promise<Result> =>
		work.catch((error: unknown) => {
			throw presentable(error, { title, provider: "the stored text" });
		});
	return {
		check: (olds, news) => presented(life.check(olds, news)),
		diff: (id, olds, news) => presented(life.diff(id, olds, news)),
		create: (inputs) => presented(life.create(inputs)),
		read: (id, olds) => presented(life.read(id, olds)),
		update: (id, olds, news) => presented(life.update(id, olds, news)),
		delete: (id, olds) => presented(life.delete(id, olds)),
		inspect: (id, outputs, look) => presented(life.inspect(id, outputs, look)),
	};
}

/** What came of a case. */
export interface Verdict {
	/** What is wrong; empty where every promise was kept. */
	readonly faults: readonly string[];
	/** What the operation failed with; undefined where it succeeded. */
	readonly message: string | undefined;
}

/** Plays a case: the operation with its trouble, then what a person would do who runs the command again. */
export async function play(each: Case): Promise<Verdict> {
	const scene = await opened(each.ground);
	try {
		return await played(scene, each);
	} finally {
		await scene.field.close();
	}
}

async function played(scene: Scene, { deed, nth, trouble, lasts }: Case): Promise<Verdict> {
	const { wire, field, resource } = scene;
	await deed.prepare(field, resource);
	wire.lay({ happen: trouble.happen, from: nth, lasts, jump: (time) => field.clock.jump(time) });
	const { message } = await outcomeOf(deed.run(field, resource));
	wire.forget();
	const after = await outcomeOf(again(scene, deed, message));
	const known = [...field.secrets()];
	return {
		message,
		faults: [
			...(message === undefined ? [] : faultsOfMessage(message, field.labels, known)),
			...field.words.all().flatMap((text) => faultsOf(text, known)),
			...faultsOfEnd(deed, message, after.message),
			...(await faultsOfState(scene, deed, message)),
			...remaining(field),
			...field.problems(),
		],
	};
}

/** What a person does next: the same command, heeding what the error said. */
async function again({ field, resource }: Scene, deed: Deed, message: string | undefined): Promise<void> {
	const declared = heeding(deed, field, message);
	if (declared !== undefined) await resource.up(declared);
	else if (resource.state !== undefined) await resource.destroy();
}

function heeding(deed: Deed, { sample }: Field, message = ""): Values | undefined {
	const declared = deed.declared(sample);
	const isAdvised = deed.refused === undefined && message.includes("set `adopt: true`");
	return declared && isAdvised ? { ...declared, adopt: true } : declared;
}

function faultsOfEnd({ refused }: Deed, message: string | undefined, after: string | undefined): string[] {
	if (refused === undefined) return after === undefined ? [] : [`the run after it failed: ${after}`];
	return [
		...(message === undefined ? ["it was done, and should have been refused"] : []),
		...(refused.test(after ?? "") ? [] : [`the run after it was not refused: ${after ?? "it succeeded"}`]),
	];
}

/** Nothing is lost, nothing is there twice, nothing was overwritten, and state tells of what is there. */
async function faultsOfState(scene: Scene, deed: Deed, message: string | undefined): Promise<string[]> {
	const { elsewhere, sample, size } = scene.field;
	const there = elsewhere.view()?.fields[sample.path];
	return [
		...same("objects", elsewhere.count(), deed.count(size)),
		...same(sample.path, there, deed.ends(sample)),
		...(deed.refused === undefined ? await faultsOfStack(scene, heeding(deed, scene.field, message)) : []),
	];
}

async function faultsOfStack({ field, resource }: Scene, declared: Values | undefined): Promise<string[]> {
	if (declared === undefined) return resource.state === undefined ? [] : ["state still knows the object"];
	if (resource.state === undefined) return ["state knows nothing"];
	const said = field.words.said.length;
	const { step } = await resource.plan(declared);
	// An etag that moved without anything else is taken into state by the next write or refresh, not by a plan.
	if (field.contradictions(resource).length > 0) await resource.refresh();
	return [
		...field.contradictions(resource),
		...same("the next plan", step, "same"),
		...field.words.said.slice(said).map((text) => `the next plan says: ${text}`),
	];
}

function same(what: string, is: unknown, due: unknown): string[] {
	return is === due ? [] : [`${what}: ${String(is)} in the end, and ${String(due)} was due`];
}

/** What is left over must have been told. */
function remaining({ remains, words }: Field): string[] {
	const isTold = words.said.some((text) => text.includes("is left in Intune"));
	return isTold ? [] : remains().map((what) => `left over without a word: ${what}`);
}

async function outcomeOf(work: Promise<unknown>): Promise<{ readonly message?: string }> {
	return work.then(
		() => ({}),
		(error: unknown) => ({ message: error instanceof Error ? error.message : `no error: ${String(error)}` }),
	);
}
