import assert from "node:assert/strict";
import { test } from "node:test";
import { listDescendants } from "../engine/cli/descendants.ts";
import { type Engine, findEngine, type Outcome, type Stack } from "../engine/index.ts";
import { deployStack } from "./deployment.ts";
import { locateProgram, runAtSite, type Site } from "./site.ts";

/** A deployment during which the provider is killed, once at each of its requests. */
export interface Killing {
	/** The class of its resources. */
	readonly kind: string;
	readonly program: Parameters<typeof locateProgram>[0];
	/** The minimum number of its requests. */
	readonly least: number;
	/** Whether each attempt needs its own services, because they remember the previous attempt. */
	readonly isApart?: boolean;
	/** Deploys, kills the provider at a request, counted from 1, and finishes; returns false if there are fewer requests. */
	attempt(site: Site, at: number): Promise<boolean>;
}

/** Declares a test that kills the provider at every request of a deployment. Its process can be found only on Linux. */
export function testKillingAtEveryRequest(title: string, killing: Killing): void {
	if (process.platform !== "linux") {
		console.log(`${killing.kind} is not tested: without /proc the provider's process cannot be found.`);
		return;
	}
	test(title, async () => {
		const engine = await findEngine();
		const count = await countRequests(engine, killing);
		assert.ok(count > killing.least, `${count} requests are too few`);
		console.log(`${killing.kind} on ${engine.name}: killed at each of ${count} requests.`);
	});
}

/** Returns at how many requests the provider was killed. */
async function countRequests(engine: Engine, { program, isApart, attempt }: Killing): Promise<number> {
	const options = { root: locateProgram(program) };
	const count = async (isKilledAt: (at: number) => Promise<boolean>): Promise<number> => {
		let tried = 0;
		while (await nameAttempt(isKilledAt(tried + 1), tried + 1)) tried++;
		return tried;
	};
	return isApart === true
		? count((at) => runAtSite(engine, options, (site) => attempt(site, at)))
		: runAtSite(engine, options, (site) => count((at) => attempt(site, at)));
}

async function nameAttempt(attempt: Promise<boolean>, at: number): Promise<boolean> {
	return attempt.catch((error: Error) => {
		throw new Error(`killed at request ${at}: ${error.message}`, { cause: error });
	});
}

/**
 * Runs `up` and kills the provider after this many requests; returns false if there are fewer. A run that is not killed
 * must succeed.
 */
export async function killAtRequest({ emulator, stack }: Site, at: number): Promise<boolean> {
	let count = 0;
	let isKilled = false;
	const stop = emulator.control.onRequest(() => {
		count++;
		if (count !== at) return;
		killProviders();
		isKilled = true;
	});
	try {
		const { exitCode, output } = await stack.up();
		if (!isKilled) assert.equal(exitCode, 0, output);
	} finally {
		stop();
	}
	return isKilled;
}

/** Kills every provider below this process, and returns how many there were. */
export function killProviders(): number {
	const found = listDescendants(process.pid).filter(({ command }) =>
		command.includes("cmd/dynamic-provider"),
	);
	for (const { pid } of found) process.kill(pid, "SIGKILL");
	return found.length;
}

/**
 * Asserts that everything is deployed after this outcome of an undisturbed run, or after another run that adopts what
 * the killed run created without recording it. Returns whether it had to adopt.
 */
export async function assertFinished(
	outcome: Outcome,
	{ stack, adopt }: { stack: Stack; adopt: () => Promise<void> },
): Promise<boolean> {
	if (outcome.exitCode === 0) return false;
	assert.match(outcome.output, /exists already and was left as it is/);
	await adopt();
	await deployStack(stack);
	return true;
}
