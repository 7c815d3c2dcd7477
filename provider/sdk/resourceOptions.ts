import type { CustomResourceOptions } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { hashResource } from "../hiddenInputs.ts";
import { AFTER_INPUT, CREATES_FIRST_INPUT, ORIGIN_INPUT } from "../stateKeys.ts";

/** The resource whose origin is asked for. */
interface RegisteredResource {
	/** What the resource is: `DeviceFleet`. */
	readonly type: string;
	/** Its name in the program. */
	readonly name: string;
	/** The options that the program gave it. */
	readonly opts: pulumi.CustomResourceOptions;
}

/**
 * Which resource of which stack this is, by which the provider proves that an object is of its making:
 * `<organization>/<project>/<stack>/<Type>/<name>`.
 *
 * @returns undefined for a resource that is looked up, and where there is no such stack: in the mocks of a unit test
 */
export function findOrigin({ type, name, opts }: RegisteredResource): string | undefined {
	if (opts.id !== undefined || opts.urn !== undefined) return undefined;
	const { organization, project, stack } = readStackIdentity();
	return organization && project && stack
		? [organization, project, stack, type + formatComponentSuffix(opts.parent), name].join("/")
		: undefined;
}

/** The tags of our resources of this process, and of those below each component. */
const RESOURCE_TAGS = new WeakMap<object, string[]>();

/** Lets other resources tell that they depend on this one, or on a component that holds it. */
export function tagResource(resource: pulumi.Resource, { type, name, opts }: RegisteredResource): void {
	const tag = hashResource(type + formatComponentSuffix(opts.parent), name);
	const components = listAncestors(opts.parent).filter((each) => pulumi.ComponentResource.isInstance(each));
	for (const each of [resource, ...components]) {
		const tags = RESOURCE_TAGS.get(each) ?? [];
		tags.push(tag);
		RESOURCE_TAGS.set(each, tags);
	}
}

/** The resources that a resource is below, the nearest first, without the stack. */
function listAncestors(parent: unknown): pulumi.Resource[] {
	if (!pulumi.Resource.isInstance(parent) || Reflect.get(parent, "__pulumiType") === "pulumi:pulumi:Stack")
		return [];
	// Pulumi's SDK has no public way from a resource to its parent, nor to its type.
	return [parent, ...listAncestors(Reflect.get(parent, "__parentResource"))];
}

/** What an origin has behind the type of a resource below components; empty for any other. */
function formatComponentSuffix(parent: unknown): string {
	const types = listAncestors(parent).map((each) => String(Reflect.get(each, "__pulumiType")));
	return types.length === 0 ? "" : `~${hashResource(types.join("$"), "")}`;
}

/**
 * What a resource's class tells the provider besides what the program declares: {@link findOrigin}, on which resources it depends, and
 * whether the options make a replacement create before it deletes, for which the object to be replaced stands in its way.
 */
export function createHiddenInputs(resource: RegisteredResource): Record<string, unknown> {
	const origin = findOrigin(resource);
	if (origin === undefined) return {};
	const { deleteBeforeReplace, retainOnDelete } = resource.opts;
	const createsFirst = deleteBeforeReplace === false || retainOnDelete === true;
	return {
		[ORIGIN_INPUT]: origin,
		[AFTER_INPUT]: collectDependencyTags(resource.opts),
		[CREATES_FIRST_INPUT]: createsFirst ? true : undefined,
	};
}

/**
 * Known later where a dependency is a promise; an output of resources tells nothing, for a preview may never know it. Of a component
 * those of our resources count that it has by now.
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

/** The SDK throws where nobody told it a name; mocks need not. */
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
 * The options with `deleteBeforeReplace`, unless the program says otherwise: a service has one object of an id, so a
 * replacement that Pulumi itself demands (`pulumi up --replace`, `pulumi state taint`, `replacementTrigger`) would find the old
 * one in its way. What the provider's `diff` says of this counts only for the replacements that `diff` asks for.
 */
export function preferDeleteBeforeReplace(opts: CustomResourceOptions): CustomResourceOptions {
	return { ...opts, deleteBeforeReplace: opts.deleteBeforeReplace ?? true };
}
