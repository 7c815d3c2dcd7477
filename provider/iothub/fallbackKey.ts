import type { Credential } from "../auth/credential.ts";
import { authorizeRequests } from "../http/authorization.ts";
import type { HttpRequest, HttpResponse, PipelinePolicy, SendRequest } from "../http/pipeline.ts";
import { ConfigurationError } from "../settings/reader.ts";
import { IOTHUB_SETTINGS } from "./settings.ts";

/** The environment variable that can hold another connection string than the stack's configuration. */
export const [CONNECTION_STRING_VARIABLE] = IOTHUB_SETTINGS.connectionString.env;

/** Where a hub's connection string was found, and what else there is to sign in with. */
export interface KeySource {
	/** The environment variable that holds it; absent where it is the stack's configuration. */
	readonly variable?: string;
	readonly fallback: FallbackKey;
}

/** What {@link CONNECTION_STRING_VARIABLE} holds for a hub whose connection string is in the stack's configuration. */
export type FallbackKey =
	/** Nothing for this hub. */
	| { readonly is: "missing" }
	| { readonly is: "same" }
	| { readonly is: "other"; readonly credential: Credential }
	/** It cannot be read. */
	| { readonly is: "faulty"; readonly problem: string };

/** Who signs requests to a hub. */
export interface HubSignIn {
	readonly hostName: string;
	readonly credential: Credential;
	/** Absent for a sign-in by Microsoft Entra. */
	readonly keySource?: KeySource;
}

/**
 * Signs each request, and tries the other key for the same hub where there is one and the first is refused: Pulumi hands
 * the configuration of the last `up` to a `destroy` and a `refresh`, so the key in it may have been regenerated since.
 *
 * @param warn puts a message in front of the user
 */
export function authorizeWithFallback(hub: HubSignIn, warn: (text: string) => void): PipelinePolicy {
	const primaryPolicy = authorizeRequests(hub.credential);
	const fallback = hub.keySource?.fallback;
	if (fallback?.is !== "other") return primaryPolicy;
	const fallbackPolicy = authorizeRequests(fallback.credential);
	// By meter, for a policy may have the permission for one and not for another.
	const policyByRateLimit = new Map<string, PipelinePolicy>();
	let isReported = false;

	const warnOnce = (): void => {
		if (!isReported) warn(formatFallbackWarning(hub, fallback.credential));
		isReported = true;
	};
	return (next) => async (request) => {
		const chosenPolicy = policyByRateLimit.get(request.meter);
		if (chosenPolicy !== undefined) return chosenPolicy(next)(request);
		const firstAttempt = await tryPrimaryKey(primaryPolicy(next), request);
		if ("accepted" in firstAttempt) return firstAttempt.accepted;
		const response = await fallbackPolicy(next)(request);
		const isAccepted = response.status !== 401;
		policyByRateLimit.set(request.meter, isAccepted ? fallbackPolicy : primaryPolicy);
		if (isAccepted) warnOnce();
		return isAccepted ? response : (firstAttempt.response ?? response);
	};
}

/** What came of the first key: an answer, a 401, or nothing where the key is a signature that has expired. */
async function tryPrimaryKey(
	send: SendRequest,
	request: HttpRequest,
): Promise<{ accepted: HttpResponse } | { response?: HttpResponse }> {
	try {
		const response = await send(request);
		return response.status === 401 ? { response } : { accepted: response };
	} catch (error) {
		if (error instanceof ConfigurationError) return {};
		throw error;
	}
}

function formatFallbackWarning({ hostName, credential }: HubSignIn, fallback: Credential): string {
	return (
		`Hub ${hostName} cannot be used with ${IOTHUB_SETTINGS.connectionString.key} of the stack's configuration ` +
		`(${credential.identity}). The connection string in the environment variable ${CONNECTION_STRING_VARIABLE} (${fallback.identity}) is ` +
		"used instead."
	);
}

/** Says where a refused key came from and how another one gets there, as sentences with a blank before them. */
export function suggestKeyRemedy({ variable, fallback }: KeySource): string {
	const { key } = IOTHUB_SETTINGS.connectionString;
	if (variable !== undefined)
		return ` The key is from the environment variable ${variable}. If it was regenerated, set ${variable} to the current connection string.`;
	return (
		` The key is from ${key} in the configuration that Pulumi handed over. In \`pulumi destroy\` and \`pulumi refresh\`, ` +
		"and in an `up` that leaves no dynamic resource in the program, that is the configuration of the last `up`, whatever " +
		"was set since." +
		`${describeFallback(fallback)} If the key was regenerated, put the current connection string into the environment ` +
		`(\`${CONNECTION_STRING_VARIABLE}='HostName=…' pulumi destroy\`); or set ${key} and run the command with \`--run-program\`, or ` +
		"`pulumi up` first."
	);
}

function describeFallback(fallback: FallbackKey): string {
	switch (fallback.is) {
		case "missing":
			return "";
		case "same":
			return ` ${CONNECTION_STRING_VARIABLE} holds the same key.`;
		case "faulty":
			return ` ${CONNECTION_STRING_VARIABLE} was not tried, because it cannot be read (${fallback.problem}).`;
		case "other":
			return ` The connection string in ${CONNECTION_STRING_VARIABLE} (${fallback.credential.identity}) was tried and refused, too.`;
	}
}
