import { createHmac, randomBytes, randomUUID } from "node:crypto";
import type { VirtualClock } from "../clock.ts";
import { isObject, type JsonObject, parseJson } from "../json.ts";
import type { Principal, Principals } from "./principals.ts";
import { GRAPH_ROLES, ROLE_ACTIONS } from "./roles.ts";

/** The tenant of the emulated directory. */
export const TENANT_ID = "6e0d37a4-7f0c-4b1e-9d52-0c1a3f5b7d91";

/** Another tenant, in which the applications are registered too. The hub does not belong to it. */
export const OTHER_TENANT_ID = "b1f7c6d2-3a58-4e09-8c41-5d2e9a7f0b36";

/** The tenants of the emulated directory. */
export const TENANT_IDS: readonly string[] = [TENANT_ID, OTHER_TENANT_ID];

/** The resource of tokens for a hub. */
export const HUB_AUDIENCE = "https://iothubs.azure.net";

/** The audience of the token that a federated identity presents (workload identity federation). */
export const EXCHANGE_AUDIENCE = "api://AzureADTokenExchange";

/** The lifetime of a token in seconds; Entra returns 3599 for its usual hour. */
const TOKEN_LIFETIME = 3599;

/** A token in the response of an endpoint. */
export interface IssuedToken {
	readonly token: string;
	/** Its lifetime in seconds. */
	readonly lifetime: number;
}

/** How tokens are issued; assign to change it. */
export interface SignInSwitches {
	/** The tenant of the managed identity, and of whoever signs in without naming a tenant. Default: {@link TENANT_ID}. */
	tenantId: string;
	/** Whether tokens are opaque to clients, as they may be ("Access tokens", Microsoft identity platform). Default: false. */
	isOpaque: boolean;
}

/** Issues and verifies tokens. They expire by the clocks of clients. */
export class Issuer {
	readonly switches: SignInSwitches = { tenantId: TENANT_ID, isOpaque: false };
	readonly principals: Principals;
	/** The lifetime of new tokens in seconds. Default: 3599. */
	lifetime = TOKEN_LIFETIME;
	readonly #clock: VirtualClock;
	readonly #secret = randomBytes(32);
	/** The signed tokens that opaque ones stand for. */
	readonly #opaque = new Map<string, string>();

	constructor(clock: VirtualClock, principals: Principals) {
		this.#clock = clock;
		this.principals = principals;
	}

	/**
	 * Issues a token to a principal for a resource. Tokens that are not for a hub carry the application roles.
	 *
	 * @param tenantId the tenant whose token it is
	 */
	issue(principal: Principal, audience: string, tenantId = this.switches.tenantId): IssuedToken {
		const { clientId: appid, id: oid } = principal;
		const roles = audience === HUB_AUDIENCE ? {} : { roles: listGraphRoles(principal) };
		const claims = { aud: audience, appid, oid, idtyp: "app", ver: "1.0", ...roles };
		const token = this.#sign({ ...claims, iss: `https://sts.windows.net/${tenantId}/`, tid: tenantId });
		return { token: this.switches.isOpaque ? this.#hide(token) : token, lifetime: this.lifetime };
	}

	/** Returns the claims of a valid token, or the reason why it is invalid. */
	inspect(token: string): JsonObject | "forged" | "expired" {
		const claims = verifyJwt(this.#opaque.get(token) ?? token, this.#secret);
		const exp = claims?.["exp"];
		if (claims === undefined || typeof exp !== "number") return "forged";
		return exp * 1000 > this.#clock.clientNow() ? claims : "expired";
	}

	/** Issues a token of the pipeline's own issuer for a job and an audience, to be exchanged at Entra. */
	issueFederated(audience: string): string {
		return this.#sign({
			aud: audience,
			iss: "https://token.actions.example",
			sub: "repo:contoso/fleet:ref:main",
		});
	}

	/** Returns whether a federated token can be exchanged: it is not expired, and is meant for the exchange. */
	acceptsFederated(assertion: string): boolean {
		const claims = readClaims(assertion);
		const audiences = [claims?.["aud"]].flat();
		const expiry = claims?.["exp"];
		const isFresh =
			expiry === undefined || (typeof expiry === "number" && expiry * 1000 > this.#clock.clientNow());
		return audiences.includes(EXCHANGE_AUDIENCE) && isFresh;
	}

	/** Returns the principal of a valid hub token, or undefined. */
	principal(token: string): { readonly id: string; may(action: string): boolean } | undefined {
		const claims = this.inspect(token);
		if (typeof claims === "string") return undefined;
		const { aud, appid, tid } = { aud: claims["aud"], appid: claims["appid"], tid: claims["tid"] };
		if (aud !== HUB_AUDIENCE || tid !== TENANT_ID || typeof appid !== "string") return undefined;
		const principal = this.principals.get(appid);
		if (principal === undefined) return undefined;
		const patterns = principal.roles.flatMap((role) => ROLE_ACTIONS[role]);
		return { id: principal.id, may: (action) => patterns.some((pattern) => pattern.test(action)) };
	}

	#hide(token: string): string {
		const opaque = randomBytes(48).toString("base64url");
		this.#opaque.set(opaque, token);
		return opaque;
	}

	#sign(claims: Record<string, unknown>): string {
		const iat = Math.floor(this.#clock.clientNow() / 1000);
		const times = { iat, nbf: iat, exp: iat + this.lifetime };
		return signJwt({ ...claims, ...times, uti: randomUUID() }, this.#secret);
	}
}

function listGraphRoles({ roles }: Principal): string[] {
	return GRAPH_ROLES.filter((role) => roles.includes(role));
}

/** Returns a signed token with the given claims. */
export function signJwt(claims: JsonObject, secret: Buffer): string {
	const unsigned = [{ typ: "JWT", alg: "HS256", kid: "emulator" }, claims]
		.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
		.join(".");
	return `${unsigned}.${computeSignature(unsigned, secret)}`;
}

/** Returns the claims of a token signed with the secret, or undefined. */
export function verifyJwt(token: string, secret: Buffer): JsonObject | undefined {
	const dot = token.lastIndexOf(".");
	if (dot < 0 || token.slice(dot + 1) !== computeSignature(token.slice(0, dot), secret)) return undefined;
	return readClaims(token);
}

/** Returns the claims of a token without verifying it, or undefined if it is malformed. */
export function readClaims(token: string): JsonObject | undefined {
	const parts = token.split(".");
	if (parts.length !== 3) return undefined;
	const claims = parseJson(Buffer.from(parts[1] ?? "", "base64url").toString("utf8"));
	return isObject(claims) ? claims : undefined;
}

function computeSignature(unsigned: string, secret: Buffer): string {
	return createHmac("sha256", secret).update(unsigned).digest("base64url");
}
