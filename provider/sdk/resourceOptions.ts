import type { CustomResourceOptions } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { hashResource } from "../hiddenInputs.ts";
import {
	AFTER_INPUT,
	CREATES_FIRST_INPUT,
	EXPLICIT_PROVIDER_INPUT,
	IGNORED_INPUT,
	ORIGIN_INPUT,
	PREVIEW_INPUT,
} from "../stateKeys.ts";
import { encodeIgnoredChanges, expandIgnoredChanges, type MembersArgument } from "./ignoredChanges.ts";

/** A resource as the program registers it. */
interface RegisteredResource {
	/** The class of the resource, for example `DeviceFleet`. */
	readonly type: string;
	/** The name of the resource in the program. */
	readonly name: string;
	/** The resource options given by the program. */
	readonly opts: pulumi.CustomResourceOptions;
	/** The argument with the members, if the resource is a fleet. */
	readonly members?: MembersArgument;
}

/**
 * Rejects the option `import`, with which Pulumi's SDK fails without a reason: it reads the object without the stored text that every
 * dynamic resource has.
 *
 * @throws TypeError with what to use instead
 */
export function rejectImportOption({ type, name, opts, members }: RegisteredResource): void {
	if (opts.import === undefined || opts.import === null) return;
	const readInstead =
		members === undefined ? ` To read it without managing it, call \`${type}.get(name, id)\`.` : "";
	throw new TypeError(
		`${type} ${JSON.stringify(name)}: the option \`import\` does not work for resources of this package. To take over ` +
			`${members === undefined ? "an existing object" : `existing ${members.name}`}, set \`adopt: true\` instead. To take over many without writing the program by hand, run ` +
			`\`npx device-identity adopt\`, which also writes a file for \`pulumi import --file\`.${readInstead}`,
	);
}

/**
 * Returns the resource and its stack, by which the provider proves that it created an object:
 * `<organization>/<project>/<stack>/<Type>/<name>`.
 *
 * @returns undefined for a resource that is read, and if there is no stack, as in a unit test with mocks
 */
function findOrigin({ type, name, opts }: RegisteredResource): string | undefined {
	if (opts.id !== undefined || opts.urn !== undefined) return undefined;
	const { organization, project, stack } = readStackIdentity();
	return organization && project && stack
		? [organization, project, stack, type + formatComponentSuffix(opts.parent), name].join("/")
		: undefined;
}

/** The tags of this package's resources in this process, by resource and by each component above it. */
const RESOURCE_TAGS = new WeakMap<object, string[]>();

/** Records the tag of a resource, so that others can tell that they depend on it or on a component that contains it. */
export function tagResource(resource: pulumi.Resource, { type, name, opts }: RegisteredResource): void {
	const tag = hashResource(type + formatComponentSuffix(opts.parent), name);
	const components = listAncestors(opts.parent).filter((each) => pulumi.ComponentResource.isInstance(each));
	for (const each of [resource, ...components]) {
		const tags = RESOURCE_TAGS.get(each) ?? [];
		tags.push(tag);
		RESOURCE_TAGS.set(each, tags);
	}
}

/** Returns the ancestors of a resource, the nearest first, without the stack. */
function listAncestors(parent: unknown): pulumi.Resource[] {
	if (!pulumi.Resource.isInstance(parent) || Reflect.get(parent, "__pulumiType") === "pulumi:pulumi:Stack")
		return [];
	// Pulumi's SDK has no public API for the parent or the type of a resource.
	return [parent, ...listAncestors(Reflect.get(parent, "__parentResource"))];
}

/** Returns the suffix of the type for a resource below components; otherwise the empty string. */
function formatComponentSuffix(parent: unknown): string {
	const types = listAncestors(parent).map((each) => String(Reflect.get(each, "__pulumiType")));
	return types.length === 0 ? "" : `~${hashResource(types.join("$"), "")}`;
}

/**
 * Returns the inputs that a resource's class sends to the provider besides the declared ones: {@link findOrigin}, the resources
 * it depends on, whether the options make a replacement create first and delete afterwards (the existing object prevents that),
 * whether this is a preview, the paths of `ignoreChanges`, and whether the resource has an explicit provider.
 *
 * @throws TypeError for a path of `ignoreChanges` that cannot be ignored
 */
export function createHiddenInputs(resource: RegisteredResource): Record<string, unknown> {
	const ignoredPaths = encodeIgnoredChanges(resource);
	const origin = findOrigin(resource);
	if (origin === undefined) return {};
	const { deleteBeforeReplace, retainOnDelete } = resource.opts;
	const createsFirst = deleteBeforeReplace === false || retainOnDelete === true;
	return omitUndefined({
		[ORIGIN_INPUT]: origin,
		[AFTER_INPUT]: collectDependencyTags(resource.opts),
		[CREATES_FIRST_INPUT]: createsFirst ? true : undefined,
		[PREVIEW_INPUT]: pulumi.runtime.isDryRun() ? true : undefined,
		[IGNORED_INPUT]: ignoredPaths,
		[EXPLICIT_PROVIDER_INPUT]: hasExplicitProvider(resource.opts) ? true : undefined,
	});
}

/**
 * Returns the inputs without undefined ones. For each input that it gets, even an undefined one, Pulumi's SDK creates an output with
 * some dozens of promises.
 */
export function omitUndefined(inputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
	return Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== undefined));
}

/** The package of dynamic resources, whose providers get all settings. */
const DYNAMIC_PACKAGE = "pulumi-nodejs";

/** Whether the program gives the resource, or a component above it, a provider of its own. */
function hasExplicitProvider({ provider, parent }: pulumi.CustomResourceOptions): boolean {
	// Pulumi's SDK has no public API for the package of a provider.
	if (pulumi.ProviderResource.isInstance(provider)) return Reflect.get(provider, "pkg") === DYNAMIC_PACKAGE;
	// Pulumi's SDK refuses a parent that is not a resource.
	return (
		pulumi.Resource.isInstance(parent) &&
		parent.getProvider(`${DYNAMIC_PACKAGE}:dynamic:Resource`) !== undefined
	);
}

/**
 * Returns the tags of the dependencies; a promise if a dependency is one. An output of resources is ignored, since a preview
 * may never know it. A component stands for the resources that it contains so far.
 */
function collectDependencyTags({
	dependsOn = [],
	parent,
}: pulumi.CustomResourceOptions): string | Promise<string> {
	const dependencies: readonly unknown[] = [dependsOn].flat();
	return dependencies.some((each) => each instanceof Promise)
		? Promise.all(dependencies).then((all) => joinTags([...all.flat(), parent]))
		: joinTags([...dependencies, parent]);
}

function joinTags(resources: readonly unknown[]): string {
	const tags = resources.flatMap(
		(each) => (pulumi.Resource.isInstance(each) && RESOURCE_TAGS.get(each)) || [],
	);
	return [...new Set(tags)].join(" ");
}

/** Returns the names of organization, project and stack; empty if one is not set, as with mocks: the SDK then throws. */
function readStackIdentity(): { organization?: string; project?: string; stack?: string } {
	try {
		return {
			organization: pulumi.getOrganization(),
			project: pulumi.getProject(),
			stack: pulumi.getStack(),
		};
	} catch {
		return {};
	}
}

/**
 * Returns the options for Pulumi's engine.
 *
 * - `deleteBeforeReplace` is set, unless the program sets it: a service has one object for each id, so a replacement that Pulumi itself
 *   requests (`pulumi up --replace`, `pulumi state taint`, `replacementTrigger`) would conflict with the old one. The result of the
 *   provider's `diff` applies only to replacements that `diff` requests.
 * - `*` in `ignoreChanges` becomes the names of all inputs.
 *
 * @param inputNames the names of the inputs that a program can set
 */
export function prepareOptions(
	opts: CustomResourceOptions,
	inputNames: readonly string[],
): CustomResourceOptions {
	return {
		...opts,
		deleteBeforeReplace: opts.deleteBeforeReplace ?? true,
		...expandIgnoredChanges(opts, inputNames),
	};
}
