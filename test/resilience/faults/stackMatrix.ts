import { findMessageFaults, findTextFaults } from "../../contract/harness/messages.ts";
import { type Entry, type Program, Stack } from "../../contract/harness/stack.ts";
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
import { STACK_DEEDS, type StackDeed, type StackScene } from "./stackDeeds.ts";
import { STACK_GROUNDS, type StackField, type StackGround } from "./stackGround.ts";
import { Wire } from "./wire.ts";

/** Yields all cases with several records. */
export async function* generateStackCases(): AsyncGenerator<Case> {
	for (const ground of STACK_GROUNDS) {
		for (const deed of STACK_DEEDS) {
			if (!isDone(deed, ground)) continue;
			const title = `${ground.title}, ${deed.name}`;
			const count = await countRequests(ground, deed, title);
			yield* generateCases(title, count, (incident) =>
				runOnStage(ground, deed, (scene) => playIncident(scene, deed, incident)),
			);
		}
	}
}

function isDone({ grounds }: StackDeed, { isThorough, disables }: StackGround): boolean {
	return grounds === "all" || (isThorough && (grounds === undefined || disables));
}

async function countRequests(ground: StackGround, deed: StackDeed, title: string): Promise<number> {
	return runOnStage(ground, deed, async (scene) => {
		await prepare(scene, deed);
		scene.wire.forget();
		const { message } = await awaitOutcome(run(scene, deed));
		if (!isAsDue(deed, message)) throw new Error(`${title} without a fault: ${message ?? "it succeeded"}`);
		return scene.wire.count;
	});
}

function isAsDue({ refused, refusedOnce, maybeRefused }: StackDeed, message: string | undefined): boolean {
	if (message === undefined) return refused === undefined && refusedOnce === undefined;
	return (refused ?? refusedOnce ?? maybeRefused)?.test(message) === true;
}

async function runOnStage<Result>(
	ground: StackGround,
	{ disables }: StackDeed,
	work: (scene: StackScene) => Promise<Result>,
): Promise<Result> {
	const wire = new Wire();
	const field = await ground.start(wire);
	const open = () =>
		Object.fromEntries(
			Object.entries(field.open({ disablesOnDelete: disables === true })).map(([type, life]) => [
				type,
				presentErrors(life, type),
			]),
		);
	try {
		return await work({ wire, field, stack: new Stack(open), due: new Map() });
	} finally {
		await field.close();
	}
}

/** Brings service and state to the starting point of the run, and records what must stay the same. */
async function prepare(scene: StackScene, deed: StackDeed): Promise<void> {
	const { field, stack, due } = scene;
	await stack.up(deed.before(field));
	const renewed = deed.renewed?.(field) ?? [];
	for (const [label, identity] of field.identities()) if (!renewed.includes(label)) due.set(label, identity);
	await deed.meanwhile?.(scene, deed.after(field));
}

/** Runs what the user calls: a preview, if one is expected, and the run. */
async function run(scene: StackScene, { after, options, isPreviewed }: StackDeed): Promise<void> {
	const { field, stack } = scene;
	if (isPreviewed) await stack.preview(after(field));
	await stack.up(after(field), options?.(scene));
}

async function playIncident(
	scene: StackScene,
	deed: StackDeed,
	{ nth, trouble, lasts }: Incident,
): Promise<Verdict> {
	const { wire, field } = scene;
	await prepare(scene, deed);
	const past = new Map(field.identities());
	wire.lay({
		happen: trouble.happen,
		from: nth,
		lasts,
		jump: (time) => field.clock.jump(time),
		now: () => field.clock.now(),
	});
	const { message, messages } = await awaitOutcome(run(scene, deed));
	wire.forget();
	wire.show();
	const lost = findIdentityFaults(scene, "after the run");
	const { program, after } = await followUp(scene, deed, message);
	const known = [...field.listSecrets()];
	return {
		message,
		faults: [
			...messages.flatMap((each) => findMessageFaults(each, field.labels, known)),
			...field.words.listTexts().flatMap((text) => findTextFaults(text, known)),
			...findEndFaults(deed, message, after),
			...lost,
			...findIdentityFaults(scene, "in the end"),
			...(deed.disables && message !== undefined ? [] : findRenewalFaults(scene, deed, past)),
			...(await findStateFaults(scene, deed, program)),
			...wire.listStorms(field.labels.length),
			...findUntoldRemains(field),
			...field.listProblems(),
		],
	};
}

/** Does what a user does next: runs the same command, and once more if only that run says what to do. */
async function followUp(
	{ field, stack }: StackScene,
	deed: StackDeed,
	message: string | undefined,
): Promise<{ readonly program: Program; readonly after: string | undefined }> {
	const program = followAdvice(deed, field, message);
	const { message: after } = await awaitOutcome(repeatDeed(stack, deed, { program, message }));
	const next = followAdvice(deed, field, after);
	if (next.every(({ inputs }, at) => inputs["adopt"] === program[at]?.inputs["adopt"]))
		return { program, after };
	const last = await awaitOutcome(repeatDeed(stack, deed, { program: next, message: after }));
	return { program: next, after: last.message };
}

/** Runs the same command. Nothing is replaced twice, unless the run that should have replaced it failed. */
async function repeatDeed(
	stack: Stack,
	deed: StackDeed,
	{ program, message }: { program: Program; message: string | undefined },
): Promise<void> {
	if (deed.isPreviewed) await stack.preview(program);
	const { replace = [], continueOnError = false } = deed.again ?? {};
	await stack.up(program, { continueOnError, replace: message === undefined ? [] : replace });
}

/** Follows the advice of the error. */
function followAdvice({ after, refused }: StackDeed, field: StackField, message = ""): Program {
	const program = after(field);
	if (refused !== undefined || !message.includes("set `adopt: true`")) return program;
	return program.map((each) => ({ ...each, inputs: { ...each.inputs, adopt: true } }));
}

function findEndFaults(
	{ refused }: StackDeed,
	message: string | undefined,
	after: string | undefined,
): string[] {
	if (refused === undefined) return after === undefined ? [] : [`the next run failed: ${after}`];
	return [
		...(message === undefined ? ["it succeeded, but should have been rejected"] : []),
		...(refused.test(after ?? "") ? [] : [`the next run was not rejected: ${after ?? "it succeeded"}`]),
	];
}

/** Finds objects of the program that were deleted, recreated or given other credentials. */
function findIdentityFaults({ field, due }: StackScene, when: string): string[] {
	const there = new Map(field.identities());
	return [...due].flatMap(([label, identity]) =>
		compareValues(`${label} ${when}`, there.get(label), identity),
	);
}

function findRenewalFaults(
	{ field, due }: StackScene,
	{ renewed }: StackDeed,
	past: ReadonlyMap<string, string>,
): string[] {
	const there = new Map(field.identities());
	return (renewed?.(field) ?? [])
		.filter((label) => !due.has(label) && there.get(label) === past.get(label))
		.map((label) => `${label} was not replaced`);
}

/** Finds objects that were lost or duplicated, and differences between state and service. */
async function findStateFaults(scene: StackScene, deed: StackDeed, program: Program): Promise<string[]> {
	const { field, stack } = scene;
	const declared = deed.before(field).flatMap(field.declared);
	const there = field.identities().map(([label]) => label);
	const objects = compareValues("objects", there.sort().join(), declared.sort().join());
	if (findContradictions(scene).length > 0) await stack.refresh();
	const records = [...objects, ...findContradictions(scene)];
	if (deed.refused !== undefined) return records;
	const said = field.words.said.length;
	const steps = await stack.preview(program);
	return [
		...records,
		...compareValues("records", listNames(stack.entries), listNames(program)),
		...compareValues("the next plan", steps.join(), ""),
		...field.words.said.slice(said).map((text) => `the next plan reports: ${text}`),
	];
}

function listNames(records: readonly Pick<Entry, "name" | "pending">[]): string {
	return records
		.map(({ name, pending }) => (pending === undefined ? name : `${name}, pending ${pending}`))
		.sort()
		.join();
}

function findContradictions({ field, stack }: StackScene): string[] {
	const live = new Map(field.live());
	const known = stack.entries.flatMap((entry) => [...field.known(entry)]);
	const labels = [...new Set([...live.keys(), ...known.map(([label]) => label)])];
	return labels.flatMap((label) =>
		compareValues(
			`${label} in state`,
			known
				.filter(([other]) => other === label)
				.map(([, fact]) => fact)
				.join(" and ") || undefined,
			live.get(label),
		),
	);
}
