import { format } from "node:util";
import type { logger, TokenCredential } from "@azure/identity";
import type { Clock } from "../http/clock.ts";
import { Deadline, withTimeout } from "../http/deadline.ts";
import type { SettingReader } from "../settings/reader.ts";
import { formatDuration } from "../text/quantities.ts";
import { redactSecrets } from "../text/sanitize.ts";
import { type Credential, type ExpiringToken, TokenCache } from "./credential.ts";
import {
	CREDENTIAL_FACTORIES,
	chooseEntraMethod,
	GITHUB_VARIABLES,
	loadAzureIdentity,
	PIPELINES_TOKEN_VARIABLE,
} from "./entra.methods.ts";
import {
	computeSignInDelay,
	type ObservedOptions,
	SignInObserver,
	type TransientFailure,
} from "./entra.retry.ts";
import type { EntraMethod, EntraSettings } from "./entra.settings.ts";

/** Options of a sign-in to Microsoft Entra. */
export interface EntraOptions {
	readonly settings: EntraSettings;
	/** The scope of the token: `https://iothubs.azure.net/.default`. */
	readonly scope: string;
	/** The reason why Entra is used, for the message if the sign-in fails. */
	readonly reason: string;
	readonly clock: Clock;
	/** How long a sign-in may take. Default: two minutes. */
	readonly timeoutMs?: number;
}

/** Timeout of a sign-in, because the library itself waits forever. The slowest method, a command line, takes some seconds. */
const SIGN_IN_TIMEOUT_MS = 120_000;

/** The sign-in to Entra failed, so no request was sent to the service. */
export class SignInError extends Error {
	override readonly name = "SignInError";
	readonly code = "SignInError";
	/** Every object of the service needs the same sign-in. */
	readonly scope = "service";
}

/**
 * Creates a credential with tokens of Microsoft Entra, which `@azure/identity` fetches once for concurrent callers. A failed sign-in is
 * not repeated for each of them, but after a minute at the earliest.
 */
export function createEntraCredential(reader: SettingReader, options: EntraOptions): Credential {
	const method = chooseEntraMethod(reader, options.settings);
	const createTokenCredential = CREDENTIAL_FACTORIES[method](reader, options.settings);
	const secrets = listSecrets(reader, options.settings);
	const sanitize = (text: string, limit?: number): string =>
		redactSecrets(replaceSecrets(secrets, text), limit).trim();
	let isLogSanitized = false;
	// A new credential each time: the library's own caches of tokens and of throttling go by the time of day.
	const loadTokenCredential = async (observed: ObservedOptions): Promise<TokenCredential> => {
		const { logger } = await loadAzureIdentity();
		if (!isLogSanitized) sanitizeLog(logger, sanitize);
		isLogSanitized = true;
		return createTokenCredential(observed);
	};
	const tokenCache = new TokenCache(
		() => signIn(loadTokenCredential, { method, sanitize, ...options }),
		options.clock,
	);
	return {
		scheme: "entra",
		identity: `Microsoft Entra identity (${method})`,
		getAuthorizationHeader: async () => `Bearer ${await tokenCache.get()}`,
	};
}

/** Lists the secrets that a method may send and that a server may therefore repeat in a message. */
function listSecrets(reader: SettingReader, settings: EntraSettings): readonly string[] {
	const secretSettings = [settings.clientSecret, settings.certificatePassword, settings.oidcToken];
	const secretVariables = [GITHUB_VARIABLES.token, PIPELINES_TOKEN_VARIABLE, "IDENTITY_HEADER", "MSI_SECRET"];
	return [
		...secretSettings.map((setting) => reader.get(setting)),
		...secretVariables.map((name) => reader.getEnvironmentVariable(name)),
	].filter((text) => text !== undefined);
}

/** One sign-in. */
interface SignInAttempt extends EntraOptions {
	readonly method: EntraMethod;
	/** Removes secrets from a text. */
	readonly sanitize: (text: string) => string;
}

/** Fetches a token, with retries after transient failures. The library's error is not kept, because it may hold the request or the response. */
async function signIn(
	loadTokenCredential: (observed: ObservedOptions) => Promise<TokenCredential>,
	attempt: SignInAttempt,
): Promise<ExpiringToken> {
	const { method, sanitize, reason, clock, timeoutMs = SIGN_IN_TIMEOUT_MS } = attempt;
	// The time counts from here on: to load the library takes a while on a busy machine.
	await loadAzureIdentity();
	const deadline = new Deadline("sign-in", timeoutMs, clock);
	for (let attemptCount = 1; ; attemptCount++) {
		const observer = new SignInObserver(clock);
		try {
			return await requestToken(() => loadTokenCredential(observer.options), {
				...attempt,
				timeoutMs,
				remainingMs: deadline.getRemainingMs(),
			});
		} catch (error) {
			const delayMs = computeSignInDelay(observer.failure, attemptCount, clock);
			if (delayMs === undefined || delayMs >= deadline.getRemainingMs()) {
				const detail =
					describeLongWait(observer.failure, timeoutMs) ??
					sanitize(error instanceof Error ? error.message : String(error));
				throw new SignInError(
					`Microsoft Entra sign-in by ${method} failed: ${detail} (Entra was used because ${reason}.)`,
				);
			}
			await clock.sleep(delayMs);
		}
	}
}

/** Returns a sentence about a wait that is longer than the whole sign-in may take; undefined if the service asks for none. */
function describeLongWait(failure: TransientFailure | undefined, timeoutMs: number): string | undefined {
	const { status, requestedMs } = failure ?? {};
	if (requestedMs === undefined || requestedMs < timeoutMs) return undefined;
	const wait = formatDuration(requestedMs / 1_000);
	return (
		`the service asks to wait ${wait} before the next sign-in (${status} with Retry-After), longer than the ` +
		`${formatDuration(timeoutMs / 1_000)} that a sign-in may take. Run the command again in ${wait}.`
	);
}

/** Fetches a token in one attempt. */
async function requestToken(
	loadTokenCredential: () => Promise<TokenCredential>,
	{ scope, timeoutMs, remainingMs }: { scope: string; timeoutMs: number; remainingMs: number },
): Promise<ExpiringToken> {
	const accessToken = await withTimeout(
		remainingMs,
		async (abortSignal) => (await loadTokenCredential()).getToken(scope, { abortSignal }),
		() => new Error(`there was no complete response within ${timeoutMs / 1_000} s`),
	);
	if (accessToken === null) throw new Error("Entra returned no token");
	return { token: accessToken.token, expiresAt: accessToken.expiresOnTimestamp };
}

function replaceSecrets(secrets: readonly string[], text: string): string {
	const spellings = secrets.flatMap((secret) => [
		secret,
		encodeURIComponent(secret),
		// Forms escape more characters.
		new URLSearchParams([["", secret]]).toString().slice(1),
		JSON.stringify(secret).slice(1, -1),
	]);
	return spellings.reduce((current, spelling) => current.replaceAll(spelling, "[secret]"), text);
}

/** Maximum length of a line of the log, in characters. */
const MAX_LOG_LINE_CHARACTERS = 2_000;

/**
 * Removes secrets from the log of `@azure/identity`, which `AZURE_LOG_LEVEL` turns on. It contains responses of services and
 * of `az`, which may repeat the request. The whole process has one log, so each sign-in removes its own secrets from it.
 *
 * @param azureLogger the logger of the library
 * @param sanitize removes the secrets from a text and cuts it to a maximum length
 */
export function sanitizeLog(
	azureLogger: typeof logger,
	sanitize: (text: string, limit: number) => string,
): void {
	const { error, warning, info, verbose } = azureLogger;
	for (const level of [error, warning, info, verbose]) {
		const { log: writeLine } = level;
		level.log = (...args: readonly unknown[]) =>
			writeLine(sanitize(format(...args), MAX_LOG_LINE_CHARACTERS));
	}
}
