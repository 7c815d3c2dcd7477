import { createHmac, randomBytes, randomUUID } from "node:crypto";
import type { VirtualClock } from "../clock.ts";
import { isObject, type JsonObject, parseJson } from "../json.ts";
import type { Principal, Principals } from "./principals.ts";
import { GRAPH_ROLES, ROLE_ACTIONS } from "./roles.ts";

/** The tenant of the emulated directory. */
export const TENANT_ID = "6e0d37a4-7f0c-4b1e-9d52-0c1a3f5b7d91";

/** The resource that tokens for a hub are issued to. */
export const HUB_AUDIENCE = "https://iothubs.azure.net";

/** The audience of the token that a federated identity shows (workload identity federation). */
export const EXCHANGE_AUDIENCE = "api://AzureADTokenExchange";

/** Seconds for which a token is good; Entra answers 3599 for its usual hour. */
const TOKEN_LIFETIME = 3599;

/** A token as an endpoint hands it out. */
export interface IssuedToken {
	readonly token: string;
	/** Seconds for which it is good. */
	readonly lifetime: number;
}

/** Issues tokens and tells what they are worth; they expire by the clocks of clients. */
export class Issuer {
	readonly principals: Principals;
	/** Seconds for which new tokens are good. Default 3599. */
	lifetime = TOKEN_LIFETIME;
	readonly #clock: VirtualClock;
	readonly #secret = randomBytes(32);

	constructor(clock: VirtualClock, principals: Principals) {
		this.#clock = clock;
		this.principals = principals;
	}

	/** A token of a principal for a resource; those that are not for a hub carry its application roles. */
	issue(principal: Principal, audience: string): IssuedToken {
		const { clientId: appid, id: oid } = principal;
		const roles = audience === HUB_AUDIENCE ? {} : { roles: listGraphRoles(principal) };
		const claims = { aud: audience, appid, oid, idtyp: "app", ver: "1.0", ...roles };
		return { token: this.#sign(claims), lifetime: this.lifetime };
	}

	/** The claims of a token that was issued here and has not expired, or what is wrong with it. */
	inspect(token: string): JsonObject | "forged" | "expired" {
		const claims = verifyJwt(token, this.#secret);
		const exp = claims?.["exp"];
		if (claims === undefined || typeof exp !== "number") return "forged";
		return exp * 1000 > this.#clock.clientNow() ? claims : "expired";
	}

	/** A token as a pipeline's own issuer gives it to a job, for an audience, to be shown to Entra. */
	issueFederated(audience: string): string {
		return this.#sign({
			aud: audience,
			iss: "https://token.actions.example",
			sub: "repo:contoso/fleet:ref:main",
		});
	}

	/** Whether a federated token may be exchanged: it is a token, not expired, and meant for the exchange. */
	acceptsFederated(assertion: string): boolean {
		const claims = readClaims(assertion);
		const audiences = [claims?.["aud"]].flat();
		const expiry = claims?.["exp"];
		const isFresh =
			expiry === undefined || (typeof expiry === "number" && expiry * 1000 > this.#clock.clientNow());
		return audiences.includes(EXCHANGE_AUDIENCE) && isFresh;
	}

	/** The principal of a sound token for hubs, or undefined. */
	principal(token: string): { readonly id: string; may(action: string): boolean } | undefined {
		const claims = this.inspect(token);
		if (typeof claims === "string") return undefined;
		const { aud, appid } = { aud: claims["aud"], appid: claims["appid"] };
		if (aud !== HUB_AUDIENCE || typeof appid !== "string") return undefined;
		const principal = this.principals.get(appid);
		if (principal === undefined) return undefined;
		const patterns = principal.roles.flatMap((role) => ROLE_ACTIONS[role]);
		return { id: principal.id, may: (action) => patterns.some((pattern) => pattern.test(action)) };
	}

	#sign(claims: Record<string, unknown>): string {
		const iat = Math.floor(this.#clock.clientNow() / 1000);
		const times = { iat, nbf: iat, exp: iat + this.lifetime };
		return signJwt(
			{
				iss: `https://sts.windows.net/${TENANT_ID}/`,
				tid: TENANT_ID,
				...claims,
				...times,
				uti: randomUUID(),
			},
			this.#secret,
		);
	}
}

function listGraphRoles({ roles }: Principal): string[] {
	return GRAPH_ROLES.filter((role) => roles.includes(role));
}

/** A signed token with the given claims. */
export function signJwt(claims: JsonObject, secret: Buffer): string {
	const unsigned = [{ typ: "JWT", alg: "HS256", kid: "emulator" }, claims]
		.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
		.join(".");
	return `${unsigned}.${computeSignature(unsigned, secret)}`;
}

/** The claims of a token signed with the secret, or undefined. */
export function verifyJwt(token: string, secret: Buffer): JsonObject | undefined {
	const dot = token.lastIndexOf(".");
	if (dot < 0 || token.slice(dot + 1) !== computeSignature(token.slice(0, dot), secret)) return undefined;
	return readClaims(token);
}

/** The claims of a token whoever signed it, or undefined when it is none. */
export function readClaims(token: string): JsonObject | undefined {
	const parts = token.split(".");
	if (parts.length !== 3) return undefined;
	const claims = parseJson(Buffer.from(parts[1] ?? "", "base64url").toString("utf8"));
	return isObject(claims) ? claims : undefined;
}

function computeSignature(unsigned: string, secret: Buffer): string {
	return createHmac("sha256", secret).update(unsigned).digest("base64url");
}
