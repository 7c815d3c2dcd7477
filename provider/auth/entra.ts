import { format } from "node:util";
import type { logger, TokenCredential } from "@azure/identity";
import type { Clock } from "../http/clock.ts";
import { withTimeout } from "../http/deadline.ts";
import { ConfigurationError, type SettingReader } from "../settings/reader.ts";
import { redactSecrets } from "../text/sanitize.ts";
import { type Credential, TokenCache } from "./credential.ts";
import { CREDENTIAL_FACTORIES, loadAzureIdentity } from "./entra.methods.ts";
import { ENTRA_METHODS, type EntraMethod, type EntraSettings } from "./entra.settings.ts";

/** What a sign-in needs besides its settings. */
export interface EntraOptions {
	readonly settings: EntraSettings;
	/** What the token is for: `https://iothubs.azure.net/.default`. */
	readonly scope: string;
	/** Why Entra is asked at all, for the message when it refuses. */
	readonly reason: string;
	readonly clock: Clock;
	/** How long a sign-in may take, in milliseconds. Default: two minutes. */
	readonly timeoutMs?: number;
}

/** The library itself waits for ever where nobody answers. The slowest way to sign in, a command line, takes some seconds. */
const SIGN_IN_TIMEOUT_MS = 120_000;

/** Entra refused the sign-in, before the service was asked anything. */
export class SignInError extends Error {
	override readonly name = "SignInError";
	readonly code = "SignInError";
}

/** Signs with tokens of Microsoft Entra, fetched by `@azure/identity` once for all who wait. */
export function createEntraCredential(reader: SettingReader, options: EntraOptions): Credential {
	const method = chooseEntraMethod(reader, options.settings);
	const createTokenCredential = CREDENTIAL_FACTORIES[method](reader, options.settings);
	const secrets = listSecrets(reader, options.settings);
	let tokenCredential: Promise<TokenCredential> | undefined;
	const sanitize = (text: string, limit?: number): string =>
		redactSecrets(replaceSecrets(secrets, text), limit).trim();
	const loadTokenCredential = async (): Promise<TokenCredential> => {
		const { logger } = await loadAzureIdentity();
		sanitizeLog(logger, sanitize);
		return createTokenCredential();
	};
	const tokenCache = new TokenCache(async () => {
		tokenCredential ??= loadTokenCredential();
		return signIn(await tokenCredential, { method, sanitize, ...options });
	}, options.clock);
	return {
		scheme: "entra",
		identity: `Microsoft Entra identity (${method})`,
		getAuthorizationHeader: async () => `Bearer ${await tokenCache.get()}`,
		handleUnauthorized: () => false,
		describeClockSkew: () => "",
	};
}

/** How we would sign in with these settings. */
export function chooseEntraMethod(reader: SettingReader, settings: EntraSettings): EntraMethod {
	const chosen = reader.getOneOf(settings.credential, ENTRA_METHODS);
	if (chosen !== undefined) return chosen;
	const clientSecret = reader.get(settings.clientSecret);
	const certificatePath = reader.get(settings.certificatePath);
	if (clientSecret !== undefined && certificatePath !== undefined) {
		throw new ConfigurationError(
			settings.clientSecret.key,
			`and ${settings.certificatePath.key} are both set; remove one, or choose with ${settings.credential.key}`,
		);
	}
	if (clientSecret !== undefined) return "clientSecret";
	if (certificatePath !== undefined) return "clientCertificate";
	return detectEntraMethod(reader, settings);
}

function detectEntraMethod(reader: SettingReader, settings: EntraSettings): EntraMethod {
	const federatedToken = reader.get(settings.oidcToken) ?? reader.get(settings.oidcTokenFile);
	if (
		federatedToken !== undefined ||
		reader.getEnvironmentVariable("ACTIONS_ID_TOKEN_REQUEST_URL") !== undefined
	)
		return "oidc";
	if (reader.get(settings.serviceConnectionId) !== undefined) return "azurePipelines";
	if (reader.getEnvironmentVariable("IDENTITY_ENDPOINT") ?? reader.getEnvironmentVariable("MSI_ENDPOINT"))
		return "managedIdentity";
	return "azureCli";
}

/** What a method may send, and a server may repeat. */
function listSecrets(reader: SettingReader, settings: EntraSettings): readonly string[] {
	const secretSettings = [settings.clientSecret, settings.certificatePassword, settings.oidcToken];
	const secretVariables = [
		"ACTIONS_ID_TOKEN_REQUEST_TOKEN",
		"SYSTEM_ACCESSTOKEN",
		"IDENTITY_HEADER",
		"MSI_SECRET",
	];
	return [
		...secretSettings.map((setting) => reader.get(setting)),
		...secretVariables.map((name) => reader.getEnvironmentVariable(name)),
	].filter((text) => text !== undefined);
}

/** A sign-in that is under way. */
interface SignInAttempt extends EntraOptions {
	readonly method: EntraMethod;
	/** Takes out of a text what must not stand in a message. */
	readonly sanitize: (text: string) => string;
}

/** The library's own error is told in words and not kept: it may hold what was sent or answered. */
async function signIn(
	tokenCredential: TokenCredential,
	{ method, sanitize, scope, reason, timeoutMs = SIGN_IN_TIMEOUT_MS }: SignInAttempt,
): Promise<{ value: string; expiresAt: number }> {
	try {
		const createTimeoutError = () => new Error(`there was no whole answer within ${timeoutMs / 1_000} s`);
		const token = await withTimeout(
			timeoutMs,
			(abortSignal) => tokenCredential.getToken(scope, { abortSignal }),
			createTimeoutError,
		);
		if (token === null) throw new Error("it gave no token");
		return { value: token.token, expiresAt: token.expiresOnTimestamp };
	} catch (error) {
		const detail = sanitize(error instanceof Error ? error.message : String(error));
		throw new SignInError(
			`Microsoft Entra sign-in by ${method} failed: ${detail} (Entra was asked because ${reason}.)`,
		);
	}
}

function replaceSecrets(secrets: readonly string[], text: string): string {
	const spellings = secrets.flatMap((secret) => [
		secret,
		encodeURIComponent(secret),
		// As a form has it, which escapes more.
		new URLSearchParams([["", secret]]).toString().slice(1),
		JSON.stringify(secret).slice(1, -1),
	]);
	return spellings.reduce((current, spelling) => current.replaceAll(spelling, "[secret]"), text);
}

/** How long a line of the log may be, in characters. */
const MAX_LOG_LINE_CHARACTERS = 2_000;

/**
 * Sees to it that the log of `@azure/identity`, which `AZURE_LOG_LEVEL` turns on, tells nothing secret: it repeats what
 * services and `az` answered, and they may repeat what they were sent. The log is one for the whole process, so each
 * sign-in takes its own secrets out of it.
 *
 * @param azureLogger the library's
 * @param sanitize takes the secrets out of a text, and cuts it to so many characters
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
