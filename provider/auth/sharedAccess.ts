import { createHmac } from "node:crypto";
import type { Clock } from "../http/clock.ts";
import { ConfigurationError } from "../settings/errors.ts";
import type { Credential } from "./credential.ts";
import { Expiring } from "./expiring.ts";

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
const LIFETIME = 60 * 60_000;
/** Clocks that differ by less cannot make a fresh token invalid. */
const HARMLESS_SKEW = 5 * 60_000;

/**
 * Signs with a shared access policy's key ("Control access to IoT Hub with SAS tokens", Microsoft Learn). Tokens are
 * made here, renewed before they expire, and follow the service's clock where this machine's is wrong.
 */
export function sharedAccessKey(policy: SharedAccessPolicy, clock: Clock): Credential {
	let skew = 0;
	const token = new Expiring(async () => {
		const expires = clock.now() + LIFETIME;
		return { value: mint(policy, Math.floor((expires + skew) / 1_000)), expires };
	}, clock);
	return {
		family: "sas",
		identity: `shared access policy "${policy.name}"`,
		authorization: () => token.get(),
		refused(serviceTime) {
			const found = serviceTime === undefined ? 0 : serviceTime - clock.now();
			if (Math.abs(found - skew) < HARMLESS_SKEW) return false;
			skew = found;
			token.drop();
			return true;
		},
		clockHint: () => (skew === 0 ? "" : clockHint(skew)),
	};
}

/** Where a signature was found, for the error when it has expired. */
export interface SignatureOrigin {
	/** The setting or the environment variable that holds it. */
	readonly place: string;
	/** How another one gets there, as sentences with a blank before them. */
	readonly remedy: string;
}

/** Signs with a token that somebody else made. */
export function sharedAccessSignature(
	signature: string,
	clock: Clock,
	{ place, remedy }: SignatureOrigin = { place: "iothub:connectionString", remedy: "" },
): Credential {
	const fields = new URLSearchParams(signature.replace(/^SharedAccessSignature\s+/, ""));
	const policy = fields.get("skn");
	const expires = Number(fields.get("se")) * 1_000;
	return {
		family: "sas",
		identity:
			policy === null ? "shared access signature without a policy name" : `shared access policy "${policy}"`,
		async authorization() {
			if (expires > clock.now()) return signature;
			if (!fields.has("se")) throw new ConfigurationError(place, NO_EXPIRY);
			throw new ConfigurationError(
				place,
				`holds a SharedAccessSignature that expired at ${when(expires)}. Make a new one ` +
					"(`az iot hub generate-sas-token`), or set a connection string with a SharedAccessKey, from which " +
					`tokens are made as needed.${remedy}`,
			);
		},
		refused: () => false,
		clockHint: () => "",
	};
}

const NO_EXPIRY =
	"holds a SharedAccessSignature without an expiry (se); make a new one (`az iot hub generate-sas-token`)";

/** One token, valid until `expiry` (seconds since 1970). */
export function mint({ hostName, name, key }: SharedAccessPolicy, expiry: number): string {
	const resource = encodeURIComponent(hostName.toLowerCase()).replace(/%../g, (code) => code.toLowerCase());
	const signature = createHmac("sha256", Buffer.from(key, "base64"))
		.update(`${resource}\n${expiry}`)
		.digest("base64");
	return (
		`SharedAccessSignature sr=${resource}&sig=${encodeURIComponent(signature)}` +
		`&se=${expiry}&skn=${encodeURIComponent(name)}`
	);
}

function when(milliseconds: number): string {
	return Number.isFinite(milliseconds) ? new Date(milliseconds).toISOString() : "a time that can't be read";
}

function clockHint(skew: number): string {
	const minutes = Math.round(Math.abs(skew) / 60_000);
	return ` This machine's clock is ${minutes} minutes ${skew > 0 ? "behind" : "ahead of"} the service's; set it right.`;
}
