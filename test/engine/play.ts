import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { findCli } from "./cli/cli.ts";
import type { Deployment } from "./deployment.ts";
import type { ConfigValue, Engine, OperationOptions, Outcome, Stack } from "./engine.ts";
import { assertSameOutcome, type Played } from "./sameOutcome.ts";
import { createStandIn } from "./standIn/standIn.ts";
import { type Fault, type Plan, World } from "./world.ts";

/** The data to examine after a move. */
export interface Seen {
	readonly outcome: Outcome;
	readonly state: Deployment;
	/** The provider's calls during the move. */
	readonly calls: readonly string[];
	readonly stack: Stack;
}

/** One operation of a scenario, and its expected results on every engine. */
export interface Move {
	readonly run: "preview" | "up" | "refresh" | "destroy";
	/** What the program creates from now on. */
	readonly plan?: Plan;
	/** The provider's calls that fail, in this move only. */
	readonly faults?: Readonly<Record<string, Fault>>;
	/** Sets configuration; undefined removes a key. */
	readonly config?: Readonly<Record<string, ConfigValue | undefined>>;
	/** Changes the world behind the engine's back before the operation. */
	readonly meanwhile?: (world: World, stack: Stack) => Promise<void>;
	readonly options?: OperationOptions | ((stop: AbortController) => OperationOptions);
	/** The exit code. Default: 0. */
	readonly exit?: number;
	/** Every step except those that change nothing, sorted: "create a", "refresh a update". */
	readonly steps?: readonly string[];
	readonly see?: (seen: Seen) => void | Promise<void>;
}

const getProjectRoot = (project: string): string => join(__dirname, "fixtures", project);

/**
 * Declares a test that plays the moves on the stand-in and, if a CLI exists, on that too, and then compares the two
 * move by move.
 */
export function addScenario(name: string, moves: readonly Move[], project = "world"): void {
	scenarios.push({ name, moves, project });
}

interface Scenario {
	readonly name: string;
	readonly moves: readonly Move[];
	/** The folder of the fixture. */
	readonly project: string;
}

const scenarios: Scenario[] = [];

/** The timeout of a scenario in milliseconds. */
const LONGEST = 300_000;

/** Runs the scenarios of a file. */
export function playScenarios(title: string): void {
	describe(title, async () => {
		const real = await findCli();
		if (real === undefined)
			console.log(`${title}: no pulumi on PATH, so the stand-in is not compared with it.`);
		for (const entry of scenarios) {
			test(entry.name, { timeout: LONGEST }, async () => {
				const ours = await play(createStandIn(), entry);
				if (real === undefined) return;
				const theirs = await play(real, entry);
				for (const [index, played] of ours.entries()) await assertSameOutcome(played, theirs[index], index);
			});
		}
	});
}

async function play(engine: Engine, { moves, project }: Scenario): Promise<Played[]> {
	const world = await World.make();
	const stack = await engine.open({ root: getProjectRoot(project), env: world.env });
	try {
		const played: Played[] = [];
		for (const [index, move] of moves.entries()) {
			const at = `${engine.name}, move ${index + 1} (${move.run})`;
			played.push(await make(move, world, stack, at));
		}
		return played;
	} finally {
		await stack.dispose();
		await world.dispose();
	}
}

async function make(move: Move, world: World, stack: Stack, at: string): Promise<Played> {
	if (move.plan !== undefined) await world.plan(move.plan);
	for (const [key, value] of Object.entries(move.config ?? {})) {
		await (value === undefined ? stack.removeConfig(key) : stack.setConfig(key, value));
	}
	await move.meanwhile?.(world, stack);
	await world.fault(move.faults ?? {});
	const { options = {} } = move;
	const outcome = await stack[move.run](
		typeof options === "function" ? options(new AbortController()) : options,
	);
	const state = await stack.exportState();
	const calls = await world.calls();
	assert.equal(outcome.exitCode, move.exit ?? 0, `${at}:\n${outcome.output}`);
	if (move.steps !== undefined) assert.deepEqual(listChangedSteps(outcome), [...move.steps].sort(), at);
	await move.see?.({ outcome, state, calls, stack });
	return { outcome, state, sortCalls: calls };
}

/** Lists the steps that changed something, in a readable form. */
export const listChangedSteps = ({ operations }: Outcome): string[] =>
	operations
		.filter(({ op, result, type }) => op !== "same" && result !== "same" && type !== "pulumi:pulumi:Stack")
		.map(({ op, name, result, status }) =>
			[op, name, result, status === "done" ? undefined : status].filter(Boolean).join(" "),
		)
		.sort();
