import * as pulumi from "@pulumi/pulumi";
import type { ConfigSource, FunctionName } from "../runtime.ts";

/**
 * Calls a function of the runtime half, which sends requests to the services. It is loaded on the first call only.
 *
 * @param name the name of the function
 * @param args its arguments, without outputs
 * @throws RunError for an expected failure, such as a response of the service, with the code of its cause
 */
export async function invokeFunction(name: FunctionName, args: object): Promise<unknown> {
	const { invoke } = await import("../runtime.ts");
	try {
		return await invoke(name, args, readStackSetting);
	} catch (error) {
		throw toRunError(error);
	}
}

/** Pulumi prints an uncaught RunError without its stack; an expected failure needs none. */
function toRunError(error: unknown): unknown {
	if (!(error instanceof Error) || !("code" in error)) return error;
	return Object.assign(new pulumi.RunError(error.message), { code: error.code, cause: error });
}

/** Reads a setting of the stack. It must always be the same function object: the runtime caches its clients by it. */
const readStackSetting: ConfigSource = Object.defineProperties(
	(key: string): string | undefined => pulumi.runtime.getConfig(key),
	{
		keys: { get: () => Object.keys(pulumi.runtime.allConfig()) },
		projectName: { get: () => pulumi.getProject() },
	},
);
