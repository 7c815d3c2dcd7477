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
	return organization && project && stack ? [organization, project, stack, type, name].join("/") : undefined;
}

/** The tags of our resources of this process. */
const TAGS = new WeakMap<object, string>();

/** Lets other resources tell that they depend on this one. */
export function nameResource(resource: pulumi.Resource, { type, name }: Pick<Asking, "type" | "name">): void {
	TAGS.set(resource, tagOf(`${type} ${name}`));
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

/** Undefined where a dependency is known later only, or is a component, whose resources may be any. */
function tagsBefore({ dependsOn = [], parent }: pulumi.CustomResourceOptions): string | undefined {
	const direct: readonly unknown[] = [dependsOn].flat();
	const resources = direct.filter((each) => pulumi.CustomResource.isInstance(each));
	if (resources.length < direct.length) return undefined;
	return [...resources, parent].flatMap((each) => (each && TAGS.get(each)) ?? []).join(" ");
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
