import { format } from "node:util";
import type { logger, TokenCredential } from "@azure/identity";
import type { Clock } from "../http/clock.ts";
import { withTimeout } from "../http/deadline.ts";
import type { SettingReader } from "../settings/reader.ts";
import { redactSecrets } from "../text/sanitize.ts";
import { type Credential, type ExpiringToken, TokenCache } from "./credential.ts";
import {
	CREDENTIAL_FACTORIES,
	chooseEntraMethod,
	GITHUB_VARIABLES,
	loadAzureIdentity,
	PIPELINES_TOKEN_VARIABLE,
} from "./entra.methods.ts";
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

/** Creates a credential with tokens of Microsoft Entra, which `@azure/identity` fetches once for concurrent callers. */
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

/** Fetches a token. The library's error is not kept as the cause, because it may hold the request or the response. */
async function signIn(
	tokenCredential: TokenCredential,
	{ method, sanitize, scope, reason, timeoutMs = SIGN_IN_TIMEOUT_MS }: SignInAttempt,
): Promise<ExpiringToken> {
	try {
		const createTimeoutError = () =>
			new Error(`there was no complete response within ${timeoutMs / 1_000} s`);
		const accessToken = await withTimeout(
			timeoutMs,
			(abortSignal) => tokenCredential.getToken(scope, { abortSignal }),
			createTimeoutError,
		);
		if (accessToken === null) throw new Error("Entra returned no token");
		return { token: accessToken.token, expiresAt: accessToken.expiresOnTimestamp };
	} catch (error) {
		const detail = sanitize(error instanceof Error ? error.message : String(error));
		throw new SignInError(
			`Microsoft Entra sign-in by ${method} failed: ${detail} (Entra was used because ${reason}.)`,
		);
	}
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
