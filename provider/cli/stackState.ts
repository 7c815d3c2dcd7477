import { readFile } from "node:fs/promises";
import { CommandError, getErrorMessage } from "./command.ts";
import { runPulumi, type StackLocation } from "./pulumiCli.ts";
import { type DecryptedProperties, unwrapSecrets } from "./stateSecrets.ts";

/** Where the state and the settings come from. */
export type StateSource =
	| StackLocation
	| { readonly file: string; readonly config: ReadonlyMap<string, string> };

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
export async function readStackSettings(
	source: StackLocation | ReadonlyMap<string, string>,
): Promise<StackSettings> {
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
	return {
		objects: listManagedObjects(await readJsonFile(file), `"${file}"`),
		...(await readStackSettings(config)),
	};
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

/** An object that a stack manages, as its state has it. */
export interface ManagedObject extends DecryptedProperties {
	readonly urn: string;
	readonly type: string;
	/** The resource's name in the program. */
	readonly name: string;
	readonly id: string;
	/** The name by which the runtime knows the kind; undefined where the stored text does not tell. */
	readonly kind: string | undefined;
}

/** The types of our resources, as state has them, by the name under which the runtime knows the kind. */
export const TYPE_TOKENS = {
	deviceIdentity: "pulumi-nodejs:dynamic/iothub:DeviceIdentity",
	deviceFleet: "pulumi-nodejs:dynamic/iothub:DeviceFleet",
	autopilotIdentity: "pulumi-nodejs:dynamic/autopilot:AutopilotIdentity",
	autopilotFleet: "pulumi-nodejs:dynamic/autopilot:AutopilotFleet",
} as const;

const MANAGED_TYPES: ReadonlySet<unknown> = new Set(Object.values(TYPE_TOKENS));

/** The versions of exports that are understood (pulumi/pulumi `sdk/go/common/apitype`). */
const SUPPORTED_EXPORT_VERSIONS: ReadonlySet<unknown> = new Set([3, 4]);

/**
 * The objects that a stack manages, in the order of its state: neither those that it only reads nor those that wait for
 * their deletion.
 *
 * @param stackExport what `pulumi stack export` wrote
 * @param sourceName the state's name, for messages
 * @throws CommandError where it is no such export
 */
export function listManagedObjects(stackExport: unknown, sourceName: string): readonly ManagedObject[] {
	if (
		!isJsonObject(stackExport) ||
		!("deployment" in stackExport) ||
		!SUPPORTED_EXPORT_VERSIONS.has(stackExport["version"])
	) {
		throw new CommandError(
			`${sourceName} is no state of version 3 or 4 as \`pulumi stack export --show-secrets\` writes it.`,
		);
	}
	const { deployment: state } = stackExport;
	// A stack that was never deployed has a null there.
	const resources = isJsonObject(state) ? (state["resources"] ?? []) : [];
	if (!Array.isArray(resources)) throw new CommandError(`${sourceName} has resources that are no list.`);
	return resources.filter(isManagedResource).map(toManagedObject);
}

interface StateResource {
	readonly urn: string;
	readonly type: string;
	readonly id?: unknown;
	readonly outputs?: unknown;
}

function isManagedResource(resource: unknown): resource is StateResource {
	return (
		isJsonObject(resource) &&
		MANAGED_TYPES.has(resource["type"]) &&
		typeof resource["urn"] === "string" &&
		resource["external"] !== true &&
		resource["delete"] !== true
	);
}

function toManagedObject({ urn, type, id, outputs }: StateResource): ManagedObject {
	const properties = unwrapSecrets(isJsonObject(outputs) ? outputs : {});
	return {
		urn,
		type,
		// The name is all that follows the third separator, and may hold separators itself.
		name: urn.split("::").slice(3).join("::"),
		id: typeof id === "string" ? id : "",
		kind: parseKindName(properties.values["__provider"]),
		...properties,
	};
}

/** The kind that the stored text hands to the runtime: `…r.run('deviceIdentity',…`. */
function parseKindName(text: unknown): string | undefined {
	return typeof text === "string" ? /\.run\('(\w+)'/.exec(text)?.[1] : undefined;
}

function isJsonObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
