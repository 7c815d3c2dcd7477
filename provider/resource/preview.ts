import { PREVIEW_INPUT } from "../stateKeys.ts";
import type { Values } from "../values.ts";
import type { CheckResult } from "./check.ts";
import { formatWithCode } from "./errors.ts";
import type { ResourceType } from "./resourceType.ts";

/**
 * Whether a preview checks the inputs of a resource that will be created. For such a resource, Pulumi calls only `check`.
 *
 * @param olds the inputs of the last deployment
 * @param news the inputs from the program
 */
export function isPreviewOfNewResource(olds: Values, news: Values): boolean {
	return news[PREVIEW_INPUT] === true && Object.keys(olds).length === 0;
}

/** The sign-ins whose failure this process has already reported. */
const REPORTED = new WeakSet<object>();

/**
 * Signs in to the service that the inputs name, and adds a failure to the result of a check if that fails. Only the first resource
 * reports it: the run fails because of that one, and others would repeat it.
 */
export async function checkSignIn<Inputs extends object>(
	{ signIn }: Pick<ResourceType<Inputs>, "signIn">,
	result: CheckResult,
): Promise<CheckResult> {
	if (signIn === undefined || REPORTED.has(signIn) || result.failures.length > 0) return result;
	try {
		await signIn(result.inputs);
		return result;
	} catch (error) {
		REPORTED.add(signIn);
		return { ...result, failures: [{ property: "", reason: formatWithCode(error as Error) }] };
	}
}
