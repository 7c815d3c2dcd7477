import type { TokenCredential } from "@azure/identity";
import type { Clock } from "../http/clock.ts";
import { redact } from "../http/redact.ts";
import { within } from "../http/within.ts";
import { ConfigurationError } from "../settings/errors.ts";
import type { SettingReader } from "../settings/reader.ts";
import type { Credential } from "./credential.ts";
import { cleanLog } from "./entra.log.ts";
import { BUILDERS, identity } from "./entra.methods.ts";
import { ENTRA_METHODS, type EntraMethod, type EntraSettings } from "./entra.settings.ts";
import { Expiring } from "./expiring.ts";

/** What a sign-in needs besides its settings. */
export interface EntraOptions {
	readonly settings: EntraSettings;
	/** What the token is for: `https://iothubs.azure.net/.default`. */
	readonly scope: string;
	/** Why Entra is asked at all, for the message when it refuses. */
	readonly because: string;
	readonly clock: Clock;
	/** How long a sign-in may take, in milliseconds. Default: two minutes. */
	readonly patience?: number;
}

/** The library itself waits for ever where nobody answers. The slowest way to sign in, a command line, takes some seconds. */
const PATIENCE = 120_000;

/** Entra refused the sign-in, before the service was asked anything. */
export class SignInError extends Error {
	override readonly name = "SignInError";
	readonly code = "SignInError";
}

/** Signs with tokens of Microsoft Entra, fetched by `@azure/identity` once for all who wait. */
export function entra(reader: SettingReader, options: EntraOptions): Credential {
	const method = methodOf(reader, options.settings);
	const build = BUILDERS[method](reader, options.settings);
	const secrets = secretsOf(reader, options.settings);
	let credential: Promise<TokenCredential> | undefined;
	const clean = (text: string, limit?: number): string => redact(without(secrets, text), limit).trim();
	const open = async (): Promise<TokenCredential> => {
		const { logger } = await identity();
		cleanLog(logger, clean);
		return build();
	};
	const token = new Expiring(async () => {
		credential ??= open();
		return signIn(await credential, { method, clean, ...options });
	}, options.clock);
	return {
		family: "entra",
		identity: `Microsoft Entra identity (${method})`,
		authorization: async () => `Bearer ${await token.get()}`,
		refused: () => false,
		clockHint: () => "",
	};
}

/** How we would sign in with these settings. */
export function methodOf(reader: SettingReader, settings: EntraSettings): EntraMethod {
	const chosen = reader.oneOf(settings.credential, ENTRA_METHODS);
	if (chosen !== undefined) return chosen;
	const secret = reader.get(settings.clientSecret);
	const certificate = reader.get(settings.certificatePath);
	if (secret !== undefined && certificate !== undefined) {
		throw new ConfigurationError(
			settings.clientSecret.key,
			`and ${settings.certificatePath.key} are both set; remove one, or choose with ${settings.credential.key}`,
		);
	}
	if (secret !== undefined) return "clientSecret";
	if (certificate !== undefined) return "clientCertificate";
	return offered(reader, settings);
}

function offered(reader: SettingReader, settings: EntraSettings): EntraMethod {
	const federated = reader.get(settings.oidcToken) ?? reader.get(settings.oidcTokenFile);
	if (federated !== undefined || reader.env("ACTIONS_ID_TOKEN_REQUEST_URL") !== undefined) return "oidc";
	if (reader.get(settings.serviceConnectionId) !== undefined) return "azurePipelines";
	if (reader.env("IDENTITY_ENDPOINT") ?? reader.env("MSI_ENDPOINT")) return "managedIdentity";
	return "azureCli";
}

/** What a method may send, and a server may repeat. */
function secretsOf(reader: SettingReader, settings: EntraSettings): readonly string[] {
	const given = [settings.clientSecret, settings.certificatePassword, settings.oidcToken];
	const variables = ["ACTIONS_ID_TOKEN_REQUEST_TOKEN", "SYSTEM_ACCESSTOKEN", "IDENTITY_HEADER", "MSI_SECRET"];
	return [
		...given.map((setting) => reader.get(setting)),
		...variables.map((name) => reader.env(name)),
	].filter((text) => text !== undefined);
}

/** A sign-in that is under way. */
interface Attempt extends EntraOptions {
	readonly method: EntraMethod;
	/** Takes out of a text what must not stand in a message. */
	readonly clean: (text: string) => string;
}

/** The library's own error is told in words and not kept: it may hold what was sent or answered. */
async function signIn(
	credential: TokenCredential,
	{ method, clean, scope, because, patience = PATIENCE }: Attempt,
): Promise<{ value: string; expires: number }> {
	try {
		const late = () => new Error(`there was no whole answer within ${patience / 1_000} s`);
		const token = await within(patience, (abortSignal) => credential.getToken(scope, { abortSignal }), late);
		if (token === null) throw new Error("it gave no token");
		return { value: token.token, expires: token.expiresOnTimestamp };
	} catch (error) {
		const reason = clean(error instanceof Error ? error.message : String(error));
		throw new SignInError(
			`Microsoft Entra sign-in by ${method} failed: ${reason} (Entra was asked because ${because}.)`,
		);
	}
}

function without(secrets: readonly string[], text: string): string {
	const spellings = secrets.flatMap((secret) => [
		secret,
		encodeURIComponent(secret),
		// As a form has it, which escapes more.
		new URLSearchParams([["", secret]]).toString().slice(1),
		JSON.stringify(secret).slice(1, -1),
	]);
	return spellings.reduce((current, spelling) => current.replaceAll(spelling, "[secret]"), text);
}
