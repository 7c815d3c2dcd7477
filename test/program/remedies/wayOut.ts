import assert from "node:assert/strict";
import type { Engine } from "../../engine/index.ts";
import { testOnEngines } from "../engines.ts";
import type { Declared, Move } from "../scenario.ts";
import { locateProgram, runAtSite, type Site } from "../site.ts";
import { type Blanks, listCommands, runCommand } from "./command.ts";

/** An operation before the error, or the one with the error. */
export interface Given extends Pick<Move, "run" | "options" | "config" | "exit"> {
	/** The resources of the program from then on, each with its `type`. */
	readonly resources?: Declared;
	readonly meanwhile?: (site: Site) => void | Promise<void>;
}

/** One step that the message says to do. A string is a printed command. */
export type Obedience = string | Edit | Command;

/** A printed command, with values for its placeholders. */
interface Command {
	readonly command: string;
	readonly blanks?: (site: Site) => Blanks;
}

/** A step that the message describes without a command, in its own words, and the action that a person takes. */
interface Edit {
	readonly printed: RegExp;
	readonly resources?: Declared;
	readonly act?: (site: Site) => void | Promise<void>;
	/** The commands that `act` replaces. */
	readonly carriesOut?: readonly string[];
	/** A command that a person runs afterwards, printed or not. */
	readonly afterwards?: string;
}

/** An error, one of the ways out in its message, and the proof that it works. */
export interface WayOut {
	readonly code: string;
	readonly title: string;
	/** The last of these fails with the code. */
	readonly given: readonly Given[];
	readonly obeys: readonly Obedience[];
	/** Printed commands that another way out of the same error carries out. */
	readonly alternatives?: readonly string[];
	readonly see?: (site: Site) => void | Promise<void>;
}

/** Declares a test that reaches an error on each engine, and does exactly what the message says. */
export function testWayOut(wayOut: WayOut): void {
	testOnEngines(`${wayOut.code}: ${wayOut.title}`, (engine) => follow(engine, wayOut));
}

async function follow(engine: Engine, wayOut: WayOut): Promise<void> {
	await runAtSite(engine, { root: locateProgram("owned") }, async (site) => {
		let message = "";
		for (const [index, given] of wayOut.given.entries()) {
			const isLast = index === wayOut.given.length - 1;
			message = await makeMove(site, given, given.exit ?? (isLast ? 1 : 0));
		}
		assert.ok(message.includes(`[${wayOut.code}]`), `${engine.name}: no ${wayOut.code} in\n${message}`);
		assertNoneLeftOut(message, wayOut);
		for (const obedience of wayOut.obeys) await obey(site, obedience, message);
		await wayOut.see?.(site);
	});
}

async function makeMove(site: Site, given: Given, exit: number): Promise<string> {
	const { stack } = site;
	if (given.resources !== undefined) await declare(site, given.resources);
	for (const [key, value] of Object.entries(given.config ?? {}))
		await (value === undefined ? stack.removeConfig(key) : stack.setConfig(key, value));
	await given.meanwhile?.(site);
	const { options = {} } = given;
	const operationOptions = typeof options === "function" ? options(new AbortController(), site) : options;
	const { exitCode, output } = await stack[given.run](operationOptions);
	assert.equal(exitCode, exit, `${given.run}:\n${output}`);
	return output;
}

async function declare({ stack }: Site, resources: Declared): Promise<void> {
	await stack.setConfig("resources", { secret: JSON.stringify(resources) });
}

/** Asserts that every command in a message is carried out by one of the ways out. */
function assertNoneLeftOut(message: string, { obeys, alternatives = [] }: WayOut): void {
	const obeyed = obeys.flatMap((each) =>
		typeof each === "string" ? [each] : "command" in each ? [each.command] : [],
	);
	const leftOut = listCommands(message).filter((command) => ![...obeyed, ...alternatives].includes(command));
	assert.deepEqual(leftOut, [], "the message prints a command that no test carries out");
}

async function obey(site: Site, obedience: Obedience, message: string): Promise<void> {
	if (typeof obedience !== "string" && "printed" in obedience) {
		assert.match(message, obedience.printed);
		if (obedience.resources !== undefined) await declare(site, obedience.resources);
		await obedience.act?.(site);
		if (obedience.afterwards !== undefined) await run(site, { command: obedience.afterwards });
		return;
	}
	const printed = typeof obedience === "string" ? { command: obedience } : obedience;
	assert.ok(
		listCommands(message).includes(printed.command),
		`\`${printed.command}\` is not printed in\n${message}`,
	);
	await run(site, printed);
}

async function run(site: Site, { command, blanks }: Command): Promise<void> {
	const outcome = await runCommand(site, command, blanks?.(site));
	if (outcome === undefined) return;
	assert.equal(outcome.exitCode, 0, `${command}:\n${outcome.output}`);
}

/** Removes a resource's record from state, as `pulumi state delete` does for the one that the user chooses. */
export async function deleteFromState({ stack }: Site, name: string): Promise<void> {
	const { deployment, ...rest } = await stack.exportState();
	const resources = (deployment.resources ?? []).filter(({ urn }) => !urn.endsWith(`::${name}`));
	await stack.importState({ ...rest, deployment: { ...deployment, resources } });
}
