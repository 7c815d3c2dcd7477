import { CommandError } from "./command.ts";
import { type DecryptedProperties, unwrapSecrets } from "./secrets.ts";

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
	if (!isJsonObject(stackExport) || !("deployment" in stackExport) || !SUPPORTED_EXPORT_VERSIONS.has(stackExport["version"])) {
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
