import type { Credential } from "../auth/credential.ts";
import { authorizeRequests } from "../http/authorization.ts";
import type { HttpRequest, HttpResponse, PipelinePolicy, SendRequest } from "../http/pipeline.ts";
import { ConfigurationError } from "../settings/reader.ts";
import { IOTHUB_SETTINGS } from "./settings.ts";

/** The environment variable whose connection string can differ from the one in the stack's configuration. */
export const [CONNECTION_STRING_VARIABLE] = IOTHUB_SETTINGS.connectionString.env;

/** The source of a hub's connection string, and the other key for the hub. */
export interface KeySource {
	/** The environment variable that contains it; absent if it is in the stack's configuration or a provider's argument. */
	readonly variable?: string;
	/** Whether the settings are a provider's arguments. Default: they are the stack's configuration. */
	readonly isFromProvider?: boolean;
	readonly fallback: FallbackKey;
}

/** The connection string in {@link CONNECTION_STRING_VARIABLE}, compared with the one in the stack's configuration. */
export type FallbackKey =
	/** The variable contains none for this hub. */
	| { readonly status: "missing" }
	| { readonly status: "same" }
	| { readonly status: "other"; readonly credential: Credential }
	/** The variable cannot be parsed. */
	| { readonly status: "unreadable"; readonly problem: string };

/** The credential for a hub, and its source. */
export interface HubSignIn {
	readonly hostName: string;
	readonly credential: Credential;
	/** Absent for Microsoft Entra. */
	readonly keySource?: KeySource;
}

/**
 * Creates the policy that authorizes requests. If the hub refuses the key, the policy tries the other key for the hub, if
 * there is one: Pulumi passes the configuration of the last `up` to a `destroy` and a `refresh`, so the key in it may have
 * been regenerated since.
 *
 * @param warn shows a warning to the user
 */
export function authorizeWithFallback(hub: HubSignIn, warn: (text: string) => void): PipelinePolicy {
	const primaryPolicy = authorizeRequests(hub.credential);
	const fallback = hub.keySource?.fallback;
	if (fallback?.status !== "other") return primaryPolicy;
	const fallbackPolicy = authorizeRequests(fallback.credential);
	// Per rate limit, because an access policy may have the permission for one and not for another.
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

/** Sends a request with the first key. Returns the response, or the 401; neither if the key is an expired signature. */
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

function formatFallbackWarning({ hostName, credential, keySource }: HubSignIn, fallback: Credential): string {
	const place = keySource?.isFromProvider ? "the provider's arguments" : "the stack's configuration";
	return (
		`Hub ${hostName} cannot be used with ${IOTHUB_SETTINGS.connectionString.key} of ${place} ` +
		`(${credential.identity}). The connection string in the environment variable ${CONNECTION_STRING_VARIABLE} (${fallback.identity}) is ` +
		"used instead."
	);
}

/** Explains where a refused key came from and how to replace it, as sentences that begin with a space. */
export function suggestKeyRemedy({ variable, fallback, isFromProvider }: KeySource): string {
	const { key } = IOTHUB_SETTINGS.connectionString;
	if (variable !== undefined)
		return ` The key is from the environment variable ${variable}. If it was regenerated, set ${variable} to the current connection string.`;
	const [place, step, source] = isFromProvider
		? [
				"the provider's arguments",
				`set the argument \`"${key}"\` to the current connection string, and then run \`pulumi up\``,
				"arguments",
			]
		: [
				"the stack's configuration",
				`run \`pulumi config set --secret ${key} 'HostName=…'\` with the current connection string, and then \`pulumi up\``,
				"configuration",
			];
	return (
		` The key is from ${key} in ${place}.${describeFallback(fallback)} If it was regenerated, ${step}. ` +
		`\`pulumi destroy\` and \`pulumi refresh\` use the ${source} of the last \`up\`, even if it was changed since. ` +
		"Add `--run-program` (`pulumi destroy --run-program`), or set the " +
		`connection string in the environment (\`${CONNECTION_STRING_VARIABLE}='HostName=…' pulumi destroy\`).`
	);
}

function describeFallback(fallback: FallbackKey): string {
	switch (fallback.status) {
		case "missing":
			return "";
		case "same":
			return ` ${CONNECTION_STRING_VARIABLE} contains the same key.`;
		case "unreadable":
			return ` ${CONNECTION_STRING_VARIABLE} was not tried, because it cannot be read (${fallback.problem}).`;
		case "other":
			return ` The connection string in ${CONNECTION_STRING_VARIABLE} (${fallback.credential.identity}) was tried too, and was refused.`;
	}
}
