import * as pulumi from "@pulumi/pulumi";
import type { FunctionName } from "../runtime.ts";

/**
 * Calls a function of the half of this package that talks to services. That half is loaded by those who look something
 * up, and by nobody else.
 *
 * @param name the function
 * @param args its arguments, none of them an output
 * @throws RunError for what the world did, with the code of the error behind it
 */
export async function invokeFunction(name: FunctionName, args: object): Promise<unknown> {
	const { invoke } = await import("../runtime.ts");
	try {
		return await invoke(name, args, readStackSetting);
	} catch (error) {
		throw toRunError(error);
	}
}

/** Pulumi shows a RunError that nobody catches by its message alone; what the world did needs no stack of ours. */
function toRunError(error: unknown): unknown {
	if (!(error instanceof Error) || !("code" in error)) return error;
	return Object.assign(new pulumi.RunError(error.message), { code: error.code, cause: error });
}

/** A function of its own, always the same, so that the runtime builds its clients once. */
function readStackSetting(key: string): string | undefined {
	return pulumi.runtime.getConfig(key);
}
