import { createHmac } from "node:crypto";

/** The parts of a shared access signature, as a test wants them. */
export interface TokenParts {
	/** The resource as it is to stand in the token, that is percent-encoded. */
	readonly resource: string;
	/** The policy's name; null leaves it out, as in a device's token. */
	readonly policy: string | null;
	readonly key: string;
	/** Seconds since 1970. Default an hour from now. */
	readonly expiry?: number;
	/** The order of the fields. Default that of the Python client. */
	readonly order?: ReadonlyArray<"sr" | "sig" | "se" | "skn">;
	/** How the signature is escaped. Default `encodeURIComponent`. */
	readonly escapeSignature?: (signature: string) => string;
}

/** Signs a token the way the documentation describes, independently of the emulator's own reading of it. */
export function createSharedAccessToken(parts: TokenParts): string {
	const expiry = String(parts.expiry ?? Math.floor(Date.now() / 1000) + 3600);
	const { escapeSignature = encodeURIComponent, order = ["sr", "sig", "se", "skn"] } = parts;
	const signature = createHmac("sha256", Buffer.from(parts.key, "base64"))
		.update(`${parts.resource}\n${expiry}`, "utf8")
		.digest("base64");
	const fields = { sr: parts.resource, sig: escapeSignature(signature), se: expiry, skn: parts.policy };
	const written = order.filter((name) => fields[name] !== null).map((name) => `${name}=${fields[name]}`);
	return `SharedAccessSignature ${written.join("&")}`;
}

/** The parts of a connection string by name; values may hold `=`. */
export function parseConnectionString(connectionString: string): {
	readonly hostName: string;
	readonly policy: string;
	readonly key: string;
} {
	const part = (name: string) => new RegExp(`(?:^|;)${name}=([^;]*)`).exec(connectionString)?.[1] ?? "";
	return { hostName: part("HostName"), policy: part("SharedAccessKeyName"), key: part("SharedAccessKey") };
}
