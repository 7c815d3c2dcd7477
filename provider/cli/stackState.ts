import { readFile } from "node:fs/promises";
import { CommandError, said } from "./command.ts";
import { type ManagedObject, objectsIn } from "./deployment.ts";
import { askPulumi, type StackName } from "./pulumi.ts";

/** Where the state and the settings come from. */
export type Origin = StackName | { readonly file: string; readonly config: ReadonlyMap<string, string> };

/** What configures a run. */
export interface Settings {
	/** Looks a setting up by its full key. */
	readonly config: (key: string) => string | undefined;
	/** The secrets of the configuration. */
	readonly secrets: readonly string[];
}

/** A stack's state and configuration, decrypted as far as they could be. */
export interface StackState extends Settings {
	/** The stack's name, where it was named. */
	readonly stack?: string;
	readonly objects: readonly ManagedObject[];
}

/** Reads a stack's state and configuration. Throws a CommandError where there is none to read. */
export function stackStateOf(origin: Origin): Promise<StackState> {
	return "stack" in origin ? fromPulumi(origin) : fromFile(origin.file, origin.config);
}

/**
 * Reads settings alone.
 *
 * @param origin a stack, or settings by their full keys
 * @throws CommandError where there are none to read
 */
export async function settingsOf(origin: StackName | ReadonlyMap<string, string>): Promise<Settings> {
	if ("stack" in origin) {
		const config = entriesOf(await askPulumi(origin, ["config", "--json", "--show-secrets"]));
		return {
			config: (key) => config.get(key)?.value,
			secrets: [...config.values()].filter(({ secret }) => secret).map(({ value }) => value),
		};
	}
	return {
		config: (key) => origin.get(key),
		secrets: [...origin].filter(([key]) => SECRET_KEY.test(key)).map(([, value]) => value),
	};
}

async function fromPulumi(name: StackName): Promise<StackState> {
	const deployment = await askPulumi(name, ["stack", "export", "--show-secrets"]);
	const objects = objectsIn(deployment, `The stack "${name.stack}"`);
	return { stack: name.stack, objects, ...(await settingsOf(name)) };
}

async function fromFile(file: string, config: ReadonlyMap<string, string>): Promise<StackState> {
	return { objects: objectsIn(await jsonIn(file), `"${file}"`), ...(await settingsOf(config)) };
}

/** Settings whose values are secret wherever they come from. */
const SECRET_KEY = /connectionString|secret|password|token$/i;

async function jsonIn(file: string): Promise<unknown> {
	const text = await readFile(file, "utf8").catch((error: unknown) => {
		throw new CommandError(`The state "${file}" can't be read: ${said(error)}`, error);
	});
	try {
		return JSON.parse(text);
	} catch {
		// What the parser says repeats a piece of the text, which may hold secrets.
		throw new CommandError(`The state "${file}" is no JSON; write it with \`pulumi stack export\`.`);
	}
}

interface Entry {
	readonly value: string;
	readonly secret: boolean;
}

/** The configuration as `pulumi config --json` prints it; objects stand there as JSON text too. */
function entriesOf(json: unknown): ReadonlyMap<string, Entry> {
	const entries = typeof json === "object" && json !== null ? Object.entries(json) : [];
	return new Map(
		entries
			.filter((entry): entry is [string, { value: string; secret?: unknown }] => hasValue(entry[1]))
			.map(([key, { value, secret }]) => [key, { value, secret: secret === true }]),
	);
}

function hasValue(entry: unknown): boolean {
	return typeof entry === "object" && entry !== null && "value" in entry && typeof entry.value === "string";
}
