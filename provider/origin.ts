import * as pulumi from "@pulumi/pulumi";
import { CREATES_FIRST, ORIGIN } from "./lifecycle/origin.ts";

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

/**
 * What a resource's class tells the provider besides what the program declares: {@link originOf}, and whether the options make a
 * replacement create before it deletes, for which the object to be replaced stands in its way.
 */
export function hiddenInputs(asking: Asking): Record<string, unknown> {
	const { deleteBeforeReplace, retainOnDelete } = asking.opts;
	const createsFirst = deleteBeforeReplace === false || retainOnDelete === true;
	return { [ORIGIN]: originOf(asking), [CREATES_FIRST]: createsFirst ? true : undefined };
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
