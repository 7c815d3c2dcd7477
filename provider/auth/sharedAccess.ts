import { createHmac } from "node:crypto";
import type { Clock } from "../http/clock.ts";
import { ConfigurationError } from "../settings/reader.ts";
import { type Credential, TokenCache } from "./credential.ts";

/** A shared access policy of a hub. */
export interface SharedAccessPolicy {
	/** The hub's host name, which the token is good for. */
	readonly hostName: string;
	/** The policy's name. */
	readonly name: string;
	/** The policy's key, base64. */
	readonly key: string;
}

/** How long a token lives, in milliseconds: the official SDKs' own default. */
const TOKEN_LIFETIME_MS = 60 * 60_000;
/** Clocks that differ by less cannot make a fresh token invalid. */
const MAX_HARMLESS_SKEW_MS = 5 * 60_000;

/**
 * Signs with a shared access policy's key ("Control access to IoT Hub with SAS tokens", Microsoft Learn). Tokens are
 * made here, renewed before they expire, and follow the service's clock where this machine's is wrong.
 */
export function createSasKeyCredential(policy: SharedAccessPolicy, clock: Clock): Credential {
	let skewMs = 0;
	const tokenCache = new TokenCache(async () => {
		const expiresAt = clock.now() + TOKEN_LIFETIME_MS;
		return { value: createSasToken(policy, Math.floor((expiresAt + skewMs) / 1_000)), expiresAt };
	}, clock);
	return {
		scheme: "sas",
		identity: `shared access policy "${policy.name}"`,
		getAuthorizationHeader: () => tokenCache.get(),
		handleUnauthorized(serviceTime) {
			const measuredSkewMs = serviceTime === undefined ? 0 : serviceTime - clock.now();
			if (Math.abs(measuredSkewMs - skewMs) < MAX_HARMLESS_SKEW_MS) return false;
			skewMs = measuredSkewMs;
			tokenCache.invalidate();
			return true;
		},
		describeClockSkew: () => (skewMs === 0 ? "" : formatClockSkew(skewMs)),
	};
}

/** Where a signature was found, for the error when it has expired. */
export interface SasTokenSource {
	/** The setting or the environment variable that holds it. */
	readonly place: string;
	/** How another one gets there, as sentences with a blank before them. */
	readonly remedy: string;
}

/** Signs with a token that somebody else made. */
export function createSasTokenCredential(
	sasToken: string,
	clock: Clock,
	{ place, remedy }: SasTokenSource = { place: "iothub:connectionString", remedy: "" },
): Credential {
	const fields = new URLSearchParams(sasToken.replace(/^SharedAccessSignature\s+/, ""));
	const policy = fields.get("skn");
	const expiresAt = Number(fields.get("se")) * 1_000;
	return {
		scheme: "sas",
		identity:
			policy === null ? "shared access signature without a policy name" : `shared access policy "${policy}"`,
		async getAuthorizationHeader() {
			if (expiresAt > clock.now()) return sasToken;
			if (!fields.has("se")) throw new ConfigurationError(place, MISSING_EXPIRY_PROBLEM);
			throw new ConfigurationError(
				place,
				`holds a SharedAccessSignature that expired at ${formatTime(expiresAt)}. Make a new one ` +
					"(`az iot hub generate-sas-token`), or set a connection string with a SharedAccessKey, from which " +
					`tokens are made as needed.${remedy}`,
			);
		},
		handleUnauthorized: () => false,
		describeClockSkew: () => "",
	};
}

const MISSING_EXPIRY_PROBLEM =
	"holds a SharedAccessSignature without an expiry (se); make a new one (`az iot hub generate-sas-token`)";

/** One token, valid until `expiry` (seconds since 1970). */
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
	return Number.isFinite(timeMs) ? new Date(timeMs).toISOString() : "a time that can't be read";
}

function formatClockSkew(skewMs: number): string {
	const minutes = Math.round(Math.abs(skewMs) / 60_000);
	return ` This machine's clock is ${minutes} minutes ${skewMs > 0 ? "behind" : "ahead of"} the service's; set it right.`;
}
