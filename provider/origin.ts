import * as pulumi from "@pulumi/pulumi";

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
