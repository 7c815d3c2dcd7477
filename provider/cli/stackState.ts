import { readFile } from "node:fs/promises";
import type { ConfigSource, MissingSetting } from "../runtime.ts";
import { isObject } from "../values.ts";
import { CommandError, getErrorMessage } from "./command.ts";
import { createProviderConfig, listProviderSettings } from "./providerSettings.ts";
import { runPulumi, type StackLocation } from "./pulumiCli.ts";
import { type DecryptedProperties, unwrapSecrets } from "./stateSecrets.ts";

/** The source of state and settings: a stack, or a file with its state. */
export type StateSource =
	| StackLocation
	| { readonly file: string; readonly config: ReadonlyMap<string, string> };

/** The settings of a stack. */
export interface StackSettings {
	/** Returns a setting by its full key. */
	readonly config: ConfigSource;
	/** The secret values among them. */
	readonly secrets: readonly string[];
}

/** A stack's state and configuration, decrypted as far as possible. */
export interface StackState extends StackSettings {
	/** The stack's name; absent if the state came from a file. */
	readonly stack?: string;
	readonly objects: readonly ManagedObject[];
	/** The settings of objects with a provider of their own, by {@link ManagedObject.provider}. Default: there are none. */
	readonly providerConfigs?: ReadonlyMap<string, ConfigSource>;
}

/** Returns the settings with which an object was deployed. */
export function getObjectConfig(
	{ config, providerConfigs }: StackState,
	{ provider }: ManagedObject,
): ConfigSource {
	return (provider === undefined ? undefined : providerConfigs?.get(provider)) ?? config;
}

/** Reads a stack's state and configuration. Throws a CommandError if they cannot be read. */
export function readStackState(source: StateSource): Promise<StackState> {
	return "stack" in source ? readStateFromPulumi(source) : readStateFromFile(source.file, source.config);
}

/**
 * Reads settings without state.
 *
 * @param source a stack, or settings by their full keys
 * @param stackRemedy how to read a stack's configuration instead, as the end of a sentence
 * @throws CommandError if they cannot be read
 */
export async function readStackSettings(
	source: StackLocation | ReadonlyMap<string, string>,
	stackRemedy: string,
): Promise<StackSettings> {
	if ("stack" in source) {
		const config = parseConfigEntries(await runPulumi(source, ["config", "--json", "--show-secrets"]));
		return {
			config: Object.assign((key: string) => config.get(key)?.value, { keys: [...config.keys()] }),
			secrets: [...config.values()].filter(({ secret }) => secret).map(({ value }) => value),
		};
	}
	return {
		config: createOptionSource(source, stackRemedy),
		secrets: [...source].filter(([key]) => SECRET_SETTING_KEY.test(key)).map(([, value]) => value),
	};
}

/** Creates the source of settings that the command line gives. Without a stack, `pulumi config set` would be no remedy. */
function createOptionSource(settings: ReadonlyMap<string, string>, stackRemedy: string): ConfigSource {
	const describeHowToSet = ({ key, env: [variable], secret, example }: MissingSetting): string => {
		const ways = [
			...(variable === undefined ? [] : [`set the environment variable ${variable} to ${example}`]),
			...(secret && variable !== undefined ? [] : [`add --config ${key}=${example}`]),
			stackRemedy,
		];
		const text = `${ways.slice(0, -1).join(", ")}, or ${ways.at(-1)}`;
		return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
	};
	return Object.assign((key: string) => settings.get(key), { keys: [...settings.keys()], describeHowToSet });
}

async function readStateFromPulumi(location: StackLocation): Promise<StackState> {
	const deployment = await runPulumi(location, ["stack", "export", "--show-secrets"]);
	const resources = listResources(deployment, `The stack "${location.stack}"`);
	return { stack: location.stack, ...buildState(resources, await readStackSettings(location, "")) };
}

async function readStateFromFile(file: string, config: ReadonlyMap<string, string>): Promise<StackState> {
	const resources = listResources(await readJsonFile(file), `"${file}"`);
	const remedy = "compare the stack itself with --stack NAME instead of --state";
	return buildState(resources, await readStackSettings(config, remedy));
}

function buildState(resources: readonly unknown[], { config, secrets }: StackSettings): StackState {
	const providers = [...listProviderSettings(resources)];
	return {
		objects: resources.filter(isManagedResource).map(toManagedObject),
		config,
		secrets: [...secrets, ...providers.flatMap(([, provider]) => provider.secrets)],
		providerConfigs: new Map(
			providers.map(([reference, provider]) => [reference, createProviderConfig(provider, config)]),
		),
	};
}

/** Matches settings whose values are always secret. */
const SECRET_SETTING_KEY = /connectionString|secret|password|token$/i;

async function readJsonFile(file: string): Promise<unknown> {
	const text = await readFile(file, "utf8").catch((error: unknown) => {
		throw new CommandError(`The state "${file}" cannot be read: ${getErrorMessage(error)}`, error);
	});
	try {
		return JSON.parse(text);
	} catch {
		// The parser's message would repeat part of the text, which may hold secrets.
		throw new CommandError(`The state "${file}" is not JSON; write it with \`pulumi stack export\`.`);
	}
}

interface ConfigEntry {
	readonly value: string;
	readonly secret: boolean;
}

/** Parses the output of `pulumi config --json`, where an object is a JSON text, too. */
function parseConfigEntries(json: unknown): ReadonlyMap<string, ConfigEntry> {
	return new Map(
		Object.entries(isObject(json) ? json : {})
			.filter((entry): entry is [string, { value: string; secret?: unknown }] => hasStringValue(entry[1]))
			.map(([key, { value, secret }]) => [key, { value, secret: secret === true }]),
	);
}

function hasStringValue(entry: unknown): boolean {
	return isObject(entry) && typeof entry["value"] === "string";
}

/** An object that a stack manages, with its properties from state. */
export interface ManagedObject extends DecryptedProperties {
	readonly urn: string;
	readonly type: string;
	/** The resource's name in the program. */
	readonly name: string;
	readonly id: string;
	/** The kind name that the stored text passes to the runtime; undefined if it has none. */
	readonly kind: string | undefined;
	/** The reference of its provider; absent if state has none. */
	readonly provider?: string;
}

/** Type tokens of our resources, by kind name. */
export const TYPE_TOKENS = {
	deviceIdentity: "pulumi-nodejs:dynamic/iothub:DeviceIdentity",
	deviceFleet: "pulumi-nodejs:dynamic/iothub:DeviceFleet",
	autopilotIdentity: "pulumi-nodejs:dynamic/autopilot:AutopilotIdentity",
	autopilotFleet: "pulumi-nodejs:dynamic/autopilot:AutopilotFleet",
} as const;

/** Whether a type token is that of machines of Windows Autopilot. */
export function isAutopilotType(type: string): boolean {
	return type === TYPE_TOKENS.autopilotIdentity || type === TYPE_TOKENS.autopilotFleet;
}

const MANAGED_TYPES: ReadonlySet<unknown> = new Set(Object.values(TYPE_TOKENS));

/** Supported versions of a stack export (pulumi/pulumi `sdk/go/common/apitype`). */
const SUPPORTED_EXPORT_VERSIONS: ReadonlySet<unknown> = new Set([3, 4]);

/**
 * Lists the objects that a stack manages, in the order of its state. Objects that it only reads, and those pending
 * deletion, are left out.
 *
 * @param stackExport the output of `pulumi stack export`
 * @param sourceName the state's name in messages
 * @throws CommandError if it is not such an export
 */
export function listManagedObjects(stackExport: unknown, sourceName: string): readonly ManagedObject[] {
	return listResources(stackExport, sourceName).filter(isManagedResource).map(toManagedObject);
}

function listResources(stackExport: unknown, sourceName: string): readonly unknown[] {
	if (
		!isObject(stackExport) ||
		!("deployment" in stackExport) ||
		!SUPPORTED_EXPORT_VERSIONS.has(stackExport["version"])
	) {
		throw new CommandError(
			`${sourceName} is not a state of version 3 or 4, as \`pulumi stack export --show-secrets\` writes it.`,
		);
	}
	const { deployment: state } = stackExport;
	// `deployment` is null if the stack was never deployed.
	const resources = isObject(state) ? (state["resources"] ?? []) : [];
	if (!Array.isArray(resources)) throw new CommandError(`${sourceName} has resources that are not a list.`);
	return resources;
}

interface StateResource {
	readonly urn: string;
	readonly type: string;
	readonly id?: unknown;
	readonly inputs?: unknown;
	readonly outputs?: unknown;
	readonly provider?: unknown;
}

function isManagedResource(resource: unknown): resource is StateResource {
	return (
		isObject(resource) &&
		MANAGED_TYPES.has(resource["type"]) &&
		typeof resource["urn"] === "string" &&
		resource["external"] !== true &&
		resource["delete"] !== true
	);
}

function toManagedObject({ urn, type, id, inputs, outputs, provider }: StateResource): ManagedObject {
	const properties = unwrapSecrets(isObject(outputs) ? outputs : {});
	// `pulumi up` writes the stored text to the inputs even if nothing changes.
	const storedText = properties.values["__provider"] ?? (isObject(inputs) ? inputs["__provider"] : undefined);
	return {
		urn,
		type,
		// The name is everything after the third separator, and may contain separators itself.
		name: urn.split("::").slice(3).join("::"),
		id: typeof id === "string" ? id : "",
		kind: parseKindName(storedText),
		...(typeof provider === "string" ? { provider } : {}),
		...properties,
	};
}

/** Returns the kind name that the stored text passes to the runtime: `…r.run('deviceIdentity',…`. */
function parseKindName(text: unknown): string | undefined {
	return typeof text === "string" ? /\.run\('(\w+)'/.exec(text)?.[1] : undefined;
}
