import * as pulumi from "@pulumi/pulumi";
import { AFTER, CREATES_FIRST, ORIGIN, tagOf } from "./lifecycle/origin.ts";

/** The resource whose origin is asked for. */
interface Asking {
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
export function originOf({ type, name, opts }: Asking): string | undefined {
	if (opts.id !== undefined || opts.urn !== undefined) return undefined;
	const { organization, project, stack } = runningIn();
	return organization && project && stack
		? [organization, project, stack, type + below(opts.parent), name].join("/")
		: undefined;
}

/** The tags of our resources of this process, and of those below each component. */
const TAGS = new WeakMap<object, string[]>();

/** Lets other resources tell that they depend on this one, or on a component that holds it. */
export function nameResource(resource: pulumi.Resource, { type, name, opts }: Asking): void {
	const tag = tagOf(type + below(opts.parent), name);
	const components = ancestors(opts.parent).filter((each) => pulumi.ComponentResource.isInstance(each));
	for (const each of [resource, ...components]) {
		const tags = TAGS.get(each) ?? [];
		tags.push(tag);
		TAGS.set(each, tags);
	}
}

/** The resources that a resource is below, the nearest first, without the stack. */
function ancestors(parent: unknown): pulumi.Resource[] {
	if (!pulumi.Resource.isInstance(parent) || Reflect.get(parent, "__pulumiType") === "pulumi:pulumi:Stack")
		return [];
	// Pulumi's SDK has no public way from a resource to its parent, nor to its type.
	return [parent, ...ancestors(Reflect.get(parent, "__parentResource"))];
}

/** What an origin has behind the type of a resource below components; empty for any other. */
function below(parent: unknown): string {
	const types = ancestors(parent).map((each) => String(Reflect.get(each, "__pulumiType")));
	return types.length === 0 ? "" : `~${tagOf(types.join("$"), "")}`;
}

/**
 * What a resource's class tells the provider besides what the program declares: {@link originOf}, on which resources it depends, and
 * whether the options make a replacement create before it deletes, for which the object to be replaced stands in its way.
 */
export function hiddenInputs(asking: Asking): Record<string, unknown> {
	const origin = originOf(asking);
	if (origin === undefined) return {};
	const { deleteBeforeReplace, retainOnDelete } = asking.opts;
	const createsFirst = deleteBeforeReplace === false || retainOnDelete === true;
	return {
		[ORIGIN]: origin,
		[AFTER]: tagsBefore(asking.opts),
		[CREATES_FIRST]: createsFirst ? true : undefined,
	};
}

/**
 * Known later where a dependency is a promise; an output of resources tells nothing, for a preview may never know it. Of a component
 * those of our resources count that it has by now.
 */
function tagsBefore({ dependsOn = [], parent }: pulumi.CustomResourceOptions): string | Promise<string> {
	const direct: readonly unknown[] = [dependsOn].flat();
	return direct.some((each) => each instanceof Promise)
		? Promise.all(direct).then((all) => tagsOf([...all.flat(), parent]))
		: tagsOf([...direct, parent]);
}

function tagsOf(resources: readonly unknown[]): string {
	const tags = resources.flatMap((each) => (pulumi.Resource.isInstance(each) && TAGS.get(each)) || []);
	return [...new Set(tags)].join(" ");
}

/** The SDK throws where nobody told it a name; mocks need not. */
function runningIn(): { organization?: string; project?: string; stack?: string } {
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
