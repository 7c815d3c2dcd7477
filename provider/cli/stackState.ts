import { readFile } from "node:fs/promises";
import { CommandError, getErrorMessage } from "./command.ts";
import { type ManagedObject, listManagedObjects } from "./deployment.ts";
import { runPulumi, type StackLocation } from "./pulumi.ts";

/** Where the state and the settings come from. */
export type StateSource = StackLocation | { readonly file: string; readonly config: ReadonlyMap<string, string> };

/** What configures a run. */
export interface StackSettings {
	/** Looks a setting up by its full key. */
	readonly config: (key: string) => string | undefined;
	/** The secrets of the configuration. */
	readonly secrets: readonly string[];
}

/** A stack's state and configuration, decrypted as far as they could be. */
export interface StackState extends StackSettings {
	/** The stack's name, where it was named. */
	readonly stack?: string;
	readonly objects: readonly ManagedObject[];
}

/** Reads a stack's state and configuration. Throws a CommandError where there is none to read. */
export function readStackState(source: StateSource): Promise<StackState> {
	return "stack" in source ? readStateFromPulumi(source) : readStateFromFile(source.file, source.config);
}

/**
 * Reads settings alone.
 *
 * @param source a stack, or settings by their full keys
 * @throws CommandError where there are none to read
 */
export async function readStackSettings(source: StackLocation | ReadonlyMap<string, string>): Promise<StackSettings> {
	if ("stack" in source) {
		const config = parseConfigEntries(await runPulumi(source, ["config", "--json", "--show-secrets"]));
		return {
			config: (key) => config.get(key)?.value,
			secrets: [...config.values()].filter(({ secret }) => secret).map(({ value }) => value),
		};
	}
	return {
		config: (key) => source.get(key),
		secrets: [...source].filter(([key]) => SECRET_SETTING_KEY.test(key)).map(([, value]) => value),
	};
}

async function readStateFromPulumi(location: StackLocation): Promise<StackState> {
	const deployment = await runPulumi(location, ["stack", "export", "--show-secrets"]);
	const objects = listManagedObjects(deployment, `The stack "${location.stack}"`);
	return { stack: location.stack, objects, ...(await readStackSettings(location)) };
}

async function readStateFromFile(file: string, config: ReadonlyMap<string, string>): Promise<StackState> {
	return { objects: listManagedObjects(await readJsonFile(file), `"${file}"`), ...(await readStackSettings(config)) };
}

/** Settings whose values are secret wherever they come from. */
const SECRET_SETTING_KEY = /connectionString|secret|password|token$/i;

async function readJsonFile(file: string): Promise<unknown> {
	const text = await readFile(file, "utf8").catch((error: unknown) => {
		throw new CommandError(`The state "${file}" can't be read: ${getErrorMessage(error)}`, error);
	});
	try {
		return JSON.parse(text);
	} catch {
		// What the parser says repeats a piece of the text, which may hold secrets.
		throw new CommandError(`The state "${file}" is no JSON; write it with \`pulumi stack export\`.`);
	}
}

interface ConfigEntry {
	readonly value: string;
	readonly secret: boolean;
}

/** The configuration as `pulumi config --json` prints it; objects stand there as JSON text too. */
function parseConfigEntries(json: unknown): ReadonlyMap<string, ConfigEntry> {
	const entries = typeof json === "object" && json !== null ? Object.entries(json) : [];
	return new Map(
		entries
			.filter((entry): entry is [string, { value: string; secret?: unknown }] => hasStringValue(entry[1]))
			.map(([key, { value, secret }]) => [key, { value, secret: secret === true }]),
	);
}

function hasStringValue(entry: unknown): boolean {
	return typeof entry === "object" && entry !== null && "value" in entry && typeof entry.value === "string";
}
