import { findMessageFaults, findTextFaults } from "../../contract/harness/messages.ts";
import { Resource } from "../../contract/harness/resource.ts";
import type { ObjectKeys, Values } from "../../contract/subject/subject.ts";
import { DEEDS, type Deed } from "./deeds.ts";
import { type Field, GROUNDS, type Ground } from "./ground.ts";
import {
	awaitOutcome,
	type Case,
	compareValues,
	findUntoldRemains,
	generateCases,
	type Incident,
	presentErrors,
	type Verdict,
} from "./incidents.ts";
import { generateStackCases } from "./stackMatrix.ts";
import { FOREIGN_TENANT, TROUBLES, type Trouble } from "./troubles.ts";
import { Wire } from "./wire.ts";

/** Yields all cases. Each operation is played once without a fault to count its requests. */
export async function* generateFaultCases(grounds: readonly Ground[] = GROUNDS): AsyncGenerator<Case> {
	for (const ground of grounds) {
		for (const deed of DEEDS) {
			const { count, troubles } = await explore(ground, deed);
			if (count === 0) continue;
			yield* generateCases(
				`${ground.title}, ${deed.name}`,
				count,
				(incident) => play(ground, deed, incident),
				troubles,
			);
		}
	}
	yield* generateStackCases();
}

/** Plays an operation without a fault: how many requests it makes, and which faults they can meet. */
async function explore(ground: Ground, deed: Deed): Promise<{ count: number; troubles: readonly Trouble[] }> {
	const scene = await openScene(ground, "");
	try {
		const { keys, size } = scene.field;
		const isPossible = (!deed.needsKeys || keys !== undefined) && (!deed.isSingle || size === 1);
		if (!isPossible) return { count: 0, troubles: [] };
		await deed.prepare(scene.field, scene.resource);
		scene.wire.forget();
		const { message } = await awaitOutcome(deed.run(scene.field, scene.resource));
		if (deed.refused === undefined ? message !== undefined : !deed.refused.test(message ?? "")) {
			throw new Error(`${ground.title}, ${deed.name} without a fault: ${message ?? "it succeeded"}`);
		}
		const troubles = scene.field.otherTenant === undefined ? TROUBLES : [...TROUBLES, FOREIGN_TENANT];
		return { count: scene.wire.count, troubles };
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

async function openScene(ground: Ground, caseTitle: string): Promise<Scene> {
	const wire = new Wire();
	const field = await ground.start(wire, caseTitle);
	return { wire, field, resource: new Resource(() => presentErrors(field.connect(), ground.title)) };
}

async function play(ground: Ground, deed: Deed, incident: Incident): Promise<Verdict> {
	const { nth, lasts, trouble } = incident;
	const scene = await openScene(ground, `${ground.title}, ${deed.name}, ${nth} ${lasts} ${trouble.name}`);
	try {
		return await playIncident(scene, deed, incident);
	} finally {
		await scene.field.close();
	}
}

async function playIncident(scene: Scene, deed: Deed, incident: Incident): Promise<Verdict> {
	const { field, resource } = scene;
	await deed.prepare(field, resource);
	const keysBefore = field.keys?.read();
	const foreignFaults = incident.trouble.isForeign ? signInElsewhere(scene, incident) : undefined;
	if (foreignFaults === undefined) layTrap(scene, incident);
	const { message } = await awaitOutcome(deed.run(field, resource));
	scene.wire.forget();
	field.otherTenant?.signIn(undefined);
	const keysBetween = field.keys?.read();
	const after = await awaitOutcome(repeatDeed(scene, deed, message));
	const known = [...field.listSecrets()];
	// The tenant is that of all objects, so its error names none.
	const labels = incident.trouble.isForeign ? [...field.labels, "this stack"] : field.labels;
	return {
		message,
		faults: [
			...(message === undefined ? [] : findMessageFaults(message, labels, known)),
			...(foreignFaults?.(message) ?? []),
			...field.words.listTexts().flatMap((text) => findTextFaults(text, known)),
			...findEndFaults(deed, message, after.message),
			...(await findStateFaults(scene, deed, message)),
			...scene.wire.listStorms(field.size),
			...findUntoldRemains(field),
			...findChangedKeys(deed, [keysBefore, keysBetween, field.keys?.read()]),
			...field.listProblems(),
		],
	};
}

function layTrap({ wire, field }: Scene, { nth, trouble, lasts }: Incident): void {
	wire.lay({
		happen: trouble.happen,
		from: nth,
		lasts,
		jump: (time) => field.clock.jump(time),
		now: () => field.clock.now(),
	});
}

/**
 * Lets the sign-in lead to another tenant for the nth request, or from it on. Returns a function that finds what the operation then did
 * wrong. It must write nothing to that tenant, and fail if it began there, although later requests may be optional. A stack without state
 * has no tenant yet: that of its first request becomes its own.
 */
function signInElsewhere(
	{ field, resource }: Scene,
	{ nth, lasts }: Incident,
): (message: string | undefined) => string[] {
	const first = resource.state === undefined ? Math.max(2, nth) : nth;
	let requests = 0;
	field.otherTenant?.signIn(() => {
		requests += 1;
		return lasts ? requests >= first : requests === first;
	});
	return (message) => [
		...compareValues("objects of the other tenant", field.otherTenant?.count(), 0),
		...(first === 1 && lasts
			? compareValues("the tenant in the error", message?.includes("belong to the Entra tenant"), true)
			: []),
	];
}

/** Does what a user does next: runs the same command again and follows the advice of the error. */
async function repeatDeed(
	{ field, resource }: Scene,
	deed: Deed,
	message: string | undefined,
): Promise<void> {
	const declared = followAdvice(deed, field, message);
	if (declared !== undefined) await resource.up(declared);
	else if (resource.state !== undefined) await resource.destroy();
}

function followAdvice(deed: Deed, { sample, keys }: Field, message = ""): Values | undefined {
	const declared = deed.declared(sample, keys);
	const isAdvised = deed.refused === undefined && message.includes("set `adopt: true`");
	return declared && isAdvised ? { ...declared, adopt: true } : declared;
}

/**
 * Finds objects whose keys changed, although the deed changes none, and those whose keys a rotation did not change, or changed more than
 * once.
 *
 * @param readings the keys before the operation, after it, and after the run that follows
 */
function findChangedKeys(
	{ rotates, refused }: Deed,
	[before, between, after]: readonly (ReadonlyMap<string, ObjectKeys> | undefined)[],
): string[] {
	return [...(before ?? [])].flatMap(([id, first]) => {
		const [second, last] = [between?.get(id), after?.get(id)];
		// An object that the deed deletes or replaces has other keys.
		if (second?.uid !== first.uid || last?.uid !== first.uid) return [];
		const isPrimaryKept = [second, last].every(({ primary }) => primary === first.primary);
		const secondaryKeys = new Set([first, second, last].map(({ secondary }) => secondary)).size;
		const due = rotates && refused === undefined ? 2 : 1;
		return [
			...(isPrimaryKept ? [] : [`the primary key of ${id} changed`]),
			...compareValues(`secondary keys of ${id}`, secondaryKeys, due),
			...compareValues(`a new secondary key of ${id}`, last.secondary !== first.secondary, due === 2),
		];
	});
}

function findEndFaults({ refused }: Deed, message: string | undefined, after: string | undefined): string[] {
	if (refused === undefined) return after === undefined ? [] : [`the next run failed: ${after}`];
	return [
		...(message === undefined ? ["it succeeded, but should have been rejected"] : []),
		...(refused.test(after ?? "") ? [] : [`the next run was not rejected: ${after ?? "it succeeded"}`]),
	];
}

/** Finds objects that were lost, duplicated or overwritten, and differences between state and service. */
async function findStateFaults(scene: Scene, deed: Deed, message: string | undefined): Promise<string[]> {
	const { elsewhere, sample, size } = scene.field;
	const there = elsewhere.getView()?.fields[sample.path];
	return [
		...compareValues("objects", elsewhere.count(), deed.count(size)),
		...compareValues(sample.path, there, deed.ends(sample)),
		...(deed.refused === undefined
			? await findStackFaults(scene, followAdvice(deed, scene.field, message))
			: []),
	];
}

async function findStackFaults({ field, resource }: Scene, declared: Values | undefined): Promise<string[]> {
	if (declared === undefined) return resource.state === undefined ? [] : ["state still has the object"];
	if (resource.state === undefined) return ["state is empty"];
	const said = field.words.said.length;
	const { step } = await resource.plan(declared);
	// An etag that changed on its own is taken into state by the next write or refresh, not by a plan.
	if (field.findContradictions(resource).length > 0) await resource.refresh();
	return [
		...field.findContradictions(resource),
		...compareValues("the next plan", step, "same"),
		...field.words.said.slice(said).map((text) => `the next plan reports: ${text}`),
	];
}
