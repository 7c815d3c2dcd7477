import { type Answer, createJsonAnswer, type Service } from "../http/answer.ts";
import { type Call, type CallHead, getHeader, getParameter } from "../http/call.ts";
import { EXCHANGE_AUDIENCE, type Issuer, TENANT_ID, TENANT_IDS } from "./issuer.ts";
import { answerTokenRequest } from "./tokenEndpoint.ts";

/** The parts of the emulated directory. */
export interface EntraParts {
	readonly issuer: Issuer;
	/** The origin under which clients reach it, such as `https://localhost:8443`. */
	readonly authority: string;
	/** The secret of the managed identity endpoint. */
	readonly identityHeader: string;
	/** The bearer token with which a pipeline's job asks for its own token. */
	readonly requestToken: string;
}

interface EntraRoute {
	readonly name: string;
	readonly path: RegExp;
	readonly handle: (call: Call, parts: EntraParts, tenant: string) => Answer;
}

/** The paths of the managed identity and of a pipeline's token issuer. */
export const ENTRA_PATHS = {
	managedIdentity: "/_identity/token",
	pipelineToken: "/_pipeline/token",
} as const;

const ROUTES: readonly EntraRoute[] = [
	{
		name: "POST /{tenant}/oauth2/v2.0/token",
		path: /^\/([^/]+)\/oauth2\/v2\.0\/token$/i,
		handle: (call, { issuer }, tenant) => answerTokenRequest(call, issuer, tenant),
	},
	{
		name: "GET /{tenant}/v2.0/.well-known/openid-configuration",
		path: /^\/([^/]+)\/v2\.0\/\.well-known\/openid-configuration$/i,
		handle: (_call, { authority }, tenant) => openIdConfiguration(authority, tenant),
	},
	{
		name: "GET /common/discovery/instance",
		path: /^\/common\/discovery\/instance$/i,
		handle: (_call, { authority }) => createInstanceMetadata(authority, TENANT_ID),
	},
	{
		name: "GET /{tenant}/discovery/v2.0/keys",
		path: /^\/([^/]+)\/discovery\/v2\.0\/keys$/i,
		handle: () => createJsonAnswer(200, { keys: [] }),
	},
	{
		name: `GET ${ENTRA_PATHS.managedIdentity}`,
		path: /^\/_identity\/token$/,
		handle: (call, { issuer, identityHeader }) =>
			answerManagedIdentity(call, { issuer, secret: identityHeader }),
	},
	{
		name: `GET ${ENTRA_PATHS.pipelineToken}`,
		path: /^\/_pipeline\/token$/,
		handle: answerPipelineToken,
	},
];

/** Creates Microsoft Entra's token service for two tenants, a managed identity, and the token issuer of a pipeline. */
export function createEntra(parts: EntraParts): Service {
	return {
		name: "entra",
		hidesBodies: true,
		owns: (head) => ROUTES.some(({ path }) => path.test(head.path)),
		route: (head) => findRoute(head)?.name,
		answer: async (call) => answer(call, parts),
		refuse: (
			status,
			{ code = "temporarily_unavailable", message = "AADSTS90033: A transient error has occurred." },
		) => createJsonAnswer(status, { error: code, error_description: message }),
	};
}

function answer(call: Call, parts: EntraParts): Answer {
	const route = findRoute(call);
	if (route === undefined) return createJsonAnswer(405, { error: "method_not_allowed" });
	const tenant = (route.path.exec(call.path)?.[1] ?? TENANT_ID).toLowerCase();
	const isTenant = TENANT_IDS.includes(tenant) || !route.name.includes("{tenant}");
	if (isTenant) return route.handle(call, parts, tenant);
	const text = `AADSTS90002: Tenant '${tenant}' not found.`;
	return createJsonAnswer(400, { error: "invalid_tenant", error_description: text });
}

function findRoute(head: CallHead): EntraRoute | undefined {
	return ROUTES.find(({ name, path }) => name.startsWith(`${head.method} `) && path.test(head.path));
}

/** Responds as GitHub does to a job of GitHub Actions: the bearer token gets a signed statement of the job's identity. */
function answerPipelineToken(call: Call, { issuer, requestToken }: EntraParts): Answer {
	const isKnown = getHeader(call, "authorization")?.toLowerCase() === `bearer ${requestToken}`.toLowerCase();
	if (!isKnown) return createJsonAnswer(401, { message: "The request token is not known" });
	return createJsonAnswer(200, {
		value: issuer.issueFederated(getParameter(call.query, "audience") ?? EXCHANGE_AUDIENCE),
	});
}

/** Returns the OpenID Connect configuration of a tenant, as far as MSAL reads it. `authority` is the origin, without a path. */
export function openIdConfiguration(authority: string, tenant: string): Answer {
	const base = `${authority}/${tenant}`;
	return createJsonAnswer(200, {
		issuer: `${base}/v2.0`,
		authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
		token_endpoint: `${base}/oauth2/v2.0/token`,
		jwks_uri: `${base}/discovery/v2.0/keys`,
		token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt"],
		response_types_supported: ["code", "id_token", "token id_token"],
		subject_types_supported: ["pairwise"],
		id_token_signing_alg_values_supported: ["RS256"],
	});
}

/** Returns the instance discovery document by which MSAL decides whether to trust an authority. */
export function createInstanceMetadata(authority: string, tenant: string): Answer {
	const host = new URL(authority).host;
	return createJsonAnswer(200, {
		tenant_discovery_endpoint: `${authority}/${tenant}/v2.0/.well-known/openid-configuration`,
		"api-version": "1.1",
		metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
	});
}

/** The secret and the issuer of an App Service managed identity endpoint. */
export interface ManagedIdentity {
	readonly issuer: Issuer;
	/** The secret of `IDENTITY_HEADER`. */
	readonly secret: string;
}

/** Responds by the App Service protocol, api-version 2019-08-01: `expires_on` is real time, in seconds. */
export function answerManagedIdentity(call: Call, { issuer, secret }: ManagedIdentity): Answer {
	if (getHeader(call, "x-identity-header") !== secret) {
		return createJsonAnswer(401, { statusCode: 401, message: "Bad or missing X-IDENTITY-HEADER" });
	}
	const resource = getParameter(call.query, "resource");
	if (call.apiVersion !== "2019-08-01" || !resource) {
		return createJsonAnswer(400, {
			statusCode: 400,
			message: "api-version 2019-08-01 and resource are needed",
		});
	}
	const clientId = getParameter(call.query, "client_id");
	const principal = clientId === undefined ? issuer.principals.first : issuer.principals.get(clientId);
	if (principal === undefined)
		return createJsonAnswer(400, { statusCode: 400, message: "No managed identity found" });
	const current = issuer.principals.get(principal.clientId) ?? principal;
	const { token, lifetime } = issuer.issue(current, resource.replace(/\/+$/, ""));
	return createJsonAnswer(200, {
		access_token: token,
		client_id: current.clientId,
		expires_on: String(Math.floor(Date.now() / 1000) + lifetime),
		resource,
		token_type: "Bearer",
	});
}
