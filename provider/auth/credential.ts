import type { Authorizer } from "../http/authorize.ts";

/** A way to prove who we are, with the words that an error needs when the service does not believe it. */
export interface Credential extends Authorizer {
	/** `sas` for a hub's shared access policy, `entra` for Microsoft Entra. */
	readonly scheme: "sas" | "entra";
	/** Who we are, without anything secret: `shared access policy "provisioning"`. */
	readonly identity: string;
	/** How far this machine's clock is from the service's, in words, where it matters; else empty. */
	describeClockSkew(): string;
}
