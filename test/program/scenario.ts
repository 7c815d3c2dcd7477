import assert from "node:assert/strict";
import { test } from "node:test";
import {
	type ConfigValue,
	createStandIn,
	type Deployment,
	type Engine,
	findCli,
	type OperationOptions,
	type Outcome,
} from "../engine/index.ts";
import { locateProgram, runAtSite, type Site, type SiteOptions } from "./site.ts";

/** The arguments of devices or of machines, by resource name, as the test programs read them. */
export type Declared = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The data to examine after a move. */
export interface Seen extends Site {
	readonly outcome: Outcome;
	readonly state: Deployment;
	/** Requests by route during this move. */
	readonly requests: Readonly<Record<string, number>>;
}

/** One operation of a scenario, and its expected results on every engine. */
export interface Move {
	readonly run: "preview" | "up" | "refresh" | "destroy";
	/** The devices from now on; configured as a secret, because Pulumi stores the configuration in state too. */
	readonly declare?: Declared;
	/** The machines from now on, in the same way. */
	readonly machines?: Declared;
	/** Sets configuration; undefined removes a key. */
	readonly config?: Readonly<Record<string, ConfigValue | undefined>>;
	/** The changes by somebody else before the operation. */
	readonly meanwhile?: (site: Site) => void | Promise<void>;
	readonly options?: OperationOptions | ((stop: AbortController, site: Site) => OperationOptions);
	/** The exit code. Default: 0. */
	readonly exit?: number;
	/** Every step except those that change nothing, sorted: "create gw", "update leaf". */
	readonly steps?: readonly string[];
	/** The expected messages of the operation. */
	readonly says?: readonly RegExp[];
	readonly see?: (seen: Seen) => void | Promise<void>;
}

/** The options of a scenario. */
export interface ScenarioOptions extends SiteOptions {
	/** The reason why two engines may legitimately differ; set to skip the comparison. */
	readonly incomparable?: string;
}

let announced = false;

/**
 * Declares a test that plays the moves on the stand-in and, if a `pulumi` is on PATH, on that too, and then compares
 * the two move by move.
 */
export function testScenario(title: string, moves: readonly Move[], options: ScenarioOptions = {}): void {
	test(title, async () => {
		const real = await findCli();
		const ours = await play(createStandIn(), moves, options);
		if (real === undefined) return announce();
		const theirs = await play(real, moves, options);
		if (options.incomparable !== undefined) return;
		for (const [index, played] of ours.entries()) {
			assert.deepEqual(played, theirs[index], `move ${index + 1}: the stand-in (+) and pulumi (-) differ`);
		}
	});
}

function announce(): void {
	if (!announced) console.log("No pulumi on PATH: programs run on the stand-in only, and are not compared.");
	announced = true;
}

async function play(engine: Engine, moves: readonly Move[], options: ScenarioOptions): Promise<unknown[]> {
	return runAtSite(engine, options, async (site) => {
		const played: unknown[] = [];
		for (const [index, move] of moves.entries()) {
			played.push(await make(move, site, `${engine.name}, move ${index + 1} (${move.run})`));
		}
		return played;
	});
}

async function make(move: Move, site: Site, at: string): Promise<unknown> {
	const { stack, emulator } = site;
	const { declare: devices, machines } = move;
	for (const [key, declared] of Object.entries({ devices, machines })) {
		if (declared !== undefined) await stack.setConfig(key, { secret: JSON.stringify(declared) });
	}
	for (const [key, value] of Object.entries(move.config ?? {})) {
		await (value === undefined ? stack.removeConfig(key) : stack.setConfig(key, value));
	}
	await move.meanwhile?.(site);
	emulator.control.requests.reset();
	const { options = {} } = move;
	const outcome = await stack[move.run](
		typeof options === "function" ? options(new AbortController(), site) : options,
	);
	const state = await stack.exportState();
	const requests = emulator.control.requests.counts();
	assert.equal(outcome.exitCode, move.exit ?? 0, `${at}:\n${outcome.output}`);
	if (move.steps !== undefined)
		assert.deepEqual(listSteps(outcome), [...move.steps].sort(), `${at}:\n${outcome.output}`);
	for (const words of move.says ?? []) assert.match(outcome.output, words, at);
	await move.see?.({ ...site, outcome, state, requests });
	return normalizeRun(outcome, state);
}

/** Lists the steps that changed something, in a readable form. */
export function listSteps({ operations }: Outcome): string[] {
	return operations
		.filter(({ op, type }) => op !== "same" && type !== "pulumi:pulumi:Stack")
		.filter(({ op, result }) => op !== "refresh" || result === "update" || result === "delete")
		.map(({ op, name, result, status }) =>
			[op, name, result, status === "done" ? "" : status].filter(Boolean).join(" "),
		)
		.sort();
}

/** The advice with the first adoption of a run; resources that are created in parallel adopt in any order. */
const ADOPTION_ADVICE = /\. (?=If another resource of this stack held )/;

function splitMessage(message: string): string[] {
	return message.split(ADOPTION_ADVICE);
}

/** Returns what must be equal on both engines: steps, counts, exit code, messages, and the state, without accidental values. */
export function normalizeRun(outcome: Outcome, { deployment }: Deployment): unknown {
	return normalizeValue({
		exitCode: outcome.exitCode,
		changes: outcome.changes,
		operations: outcome.operations.map((operation) => JSON.stringify(operation)).sort(),
		diagnostics: outcome.diagnostics
			.flatMap(({ severity, message }) => splitMessage(message).map((text) => `${severity} ${text.trim()}`))
			.sort(),
		resources: (deployment.resources ?? [])
			.map(({ created: _, modified: __, sourcePosition: ___, stackTrace: ____, ...rest }) => rest)
			.sort((a, b) => a.urn.localeCompare(b.urn)),
	});
}

/**
 * Texts that differ between runs: ticks, times, request and tracking ids, ports, random ids, and values derived from
 * random keys.
 */
const ACCIDENTS: readonly [RegExp, string][] = [
	[/\b\d{18}\b/g, "<ticks>"],
	[/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<uuid>"],
	[/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>"],
	[/key [0-9a-f]{16}/g, "key <fingerprint>"],
	[/"e":"(?:[^"\\]|\\.)*"/g, '"e":"<etag>"'],
	[/"k":"[^"]*"/g, '"k":"<fingerprints>"'],
	[/(existingVersion|newVersion):\d+/g, "$1:<n>"],
	[/(localhost|127\.0\.0\.1):\d+/g, "<loopback>"],
];

function normalizeValue(value: unknown, name = ""): unknown {
	if (name === "etag") return "<etag>";
	if (name === "__keys") return "<fingerprints>";
	if (name === "dependencies" && Array.isArray(value)) return [...value].sort();
	if (typeof value === "string")
		return ACCIDENTS.reduce((text, [pattern, instead]) => text.replace(pattern, instead), value);
	if (Array.isArray(value)) return value.map((item) => normalizeValue(item));
	if (typeof value !== "object" || value === null) return value;
	if ("ciphertext" in value) return "[secret]";
	return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, normalizeValue(inner, key)]));
}

/** A move of the program that declares resources of every type, and its declarations from then on. */
export interface OwnedMove extends Move {
	readonly resources?: Declared;
}

/** Declares a test of that program. */
export function testOwnedScenario(title: string, moves: readonly OwnedMove[]): void {
	const configured = moves.map(({ resources, ...move }) => ({
		...move,
		...(resources === undefined ? {} : { config: { resources: { secret: JSON.stringify(resources) } } }),
	}));
	testScenario(title, configured, { root: locateProgram("owned") });
}
