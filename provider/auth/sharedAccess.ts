import { createHmac } from "node:crypto";
import type { Clock } from "../http/clock.ts";
import { ConfigurationError } from "../settings/reader.ts";
import { type Credential, TokenCache } from "./credential.ts";

/** A shared access policy of a hub. */
export interface SharedAccessPolicy {
	/** The host name of the hub for which tokens are valid. */
	readonly hostName: string;
	/** The policy's name. */
	readonly name: string;
	/** The policy's key in base64. */
	readonly key: string;
}

/** Lifetime of a token, in milliseconds: the default of the official SDKs. */
const TOKEN_LIFETIME_MS = 60 * 60_000;
/** A smaller clock skew, in milliseconds, cannot make a new token invalid. */
const MAX_HARMLESS_SKEW_MS = 5 * 60_000;

/**
 * Creates a credential that signs tokens with a shared access policy's key ("Control access to IoT Hub with SAS tokens",
 * Microsoft Learn). Tokens are renewed before they expire, and follow the service's clock if this machine's is wrong.
 */
export function createSasKeyCredential(policy: SharedAccessPolicy, clock: Clock): Required<Credential> {
	let skewMs = 0;
	const tokenCache = new TokenCache(async () => {
		const expiresAt = clock.getWallTime() + TOKEN_LIFETIME_MS;
		return { token: createSasToken(policy, Math.floor((expiresAt + skewMs) / 1_000)), expiresAt };
	}, clock);
	return {
		scheme: "sas",
		identity: `shared access policy "${policy.name}"`,
		getAuthorizationHeader: () => tokenCache.get(),
		handleUnauthorized(serviceTimeMs) {
			const measuredSkewMs = serviceTimeMs === undefined ? 0 : serviceTimeMs - clock.getWallTime();
			if (Math.abs(measuredSkewMs - skewMs) < MAX_HARMLESS_SKEW_MS) return false;
			skewMs = measuredSkewMs;
			tokenCache.invalidate();
			return true;
		},
		describeClockSkew: () => (skewMs === 0 ? "" : formatClockSkew(skewMs)),
	};
}

/** The place where a token was found, for the error after it has expired. */
export interface SasTokenSource {
	/** The setting or the environment variable that holds it. */
	readonly place: string;
	/** Further advice: sentences with a space before them, or empty. */
	readonly remedy: string;
}

/** Creates a credential from a token that was created elsewhere. */
export function createSasTokenCredential(
	sasToken: string,
	clock: Pick<Clock, "getWallTime">,
	{ place, remedy }: SasTokenSource,
): Credential {
	const fields = new URLSearchParams(sasToken.replace(/^SharedAccessSignature\s+/, ""));
	const policy = fields.get("skn");
	const expiresAt = Number(fields.get("se")) * 1_000;
	return {
		scheme: "sas",
		identity:
			policy === null ? "shared access signature without a policy name" : `shared access policy "${policy}"`,
		async getAuthorizationHeader() {
			if (expiresAt > clock.getWallTime()) return sasToken;
			if (!fields.has("se")) throw new ConfigurationError(place, MISSING_EXPIRY_PROBLEM);
			throw new ConfigurationError(
				place,
				`contains a SharedAccessSignature that expired at ${formatTime(expiresAt)}. Create a new one ` +
					"(`az iot hub generate-sas-token`), or set a connection string with a SharedAccessKey, from which " +
					`tokens are created as needed.${remedy}`,
			);
		},
	};
}

const MISSING_EXPIRY_PROBLEM =
	"contains a SharedAccessSignature without an expiry (se); create a new one (`az iot hub generate-sas-token`)";

/**
 * Creates a SAS token.
 *
 * @param expirySeconds the expiry, in seconds since 1970
 */
export function createSasToken({ hostName, name, key }: SharedAccessPolicy, expirySeconds: number): string {
	const resource = encodeURIComponent(hostName.toLowerCase()).replace(/%../g, (code) => code.toLowerCase());
	const signature = createHmac("sha256", Buffer.from(key, "base64"))
		.update(`${resource}\n${expirySeconds}`)
		.digest("base64");
	return (
		`SharedAccessSignature sr=${resource}&sig=${encodeURIComponent(signature)}` +
		`&se=${expirySeconds}&skn=${encodeURIComponent(name)}`
	);
}

function formatTime(timeMs: number): string {
	return Number.isFinite(timeMs) ? new Date(timeMs).toISOString() : "an unreadable time";
}

function formatClockSkew(skewMs: number): string {
	const minutes = Math.round(Math.abs(skewMs) / 60_000);
	return ` This machine's clock is ${minutes} minutes ${skewMs > 0 ? "behind" : "ahead of"} the service's. Correct it.`;
}
