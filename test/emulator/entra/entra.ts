import { type Answer, createJsonAnswer } from "../http/answer.ts";
import { type Call, type CallHead, getHeader, getParameter } from "../http/call.ts";
import type { Service } from "../http/service.ts";
import { instanceMetadata, openIdConfiguration } from "./discovery.ts";
import { EXCHANGE_AUDIENCE, type Issuer, TENANT_ID } from "./issuer.ts";
import { managedIdentityAnswer } from "./managedIdentity.ts";
import { tokenAnswer } from "./tokenEndpoint.ts";

/** What the emulated directory is made of. */
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
		handle: (call, { issuer }) => tokenAnswer(call, issuer),
	},
	{
		name: "GET /{tenant}/v2.0/.well-known/openid-configuration",
		path: /^\/([^/]+)\/v2\.0\/\.well-known\/openid-configuration$/i,
		handle: (_call, { authority }, tenant) => openIdConfiguration(authority, tenant),
	},
	{
		name: "GET /common/discovery/instance",
		path: /^\/common\/discovery\/instance$/i,
		handle: (_call, { authority }) => instanceMetadata(authority, TENANT_ID),
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
			managedIdentityAnswer(call, { issuer, secret: identityHeader }),
	},
	{
		name: `GET ${ENTRA_PATHS.pipelineToken}`,
		path: /^\/_pipeline\/token$/,
		handle: pipelineToken,
	},
];

/** Microsoft Entra's token service for one tenant, a managed identity, and the token issuer of a pipeline. */
export function createEntra(parts: EntraParts): Service {
	return {
		name: "entra",
		hidesBodies: true,
		owns: (head) => ROUTES.some(({ path }) => path.test(head.path)),
		route: (head) => routeOf(head)?.name,
		answer: async (call) => answer(call, parts),
		refuse: (
			status,
			{ code = "temporarily_unavailable", message = "AADSTS90033: A transient error has occurred." },
		) => createJsonAnswer(status, { error: code, error_description: message }),
	};
}

function answer(call: Call, parts: EntraParts): Answer {
	const route = routeOf(call);
	if (route === undefined) return createJsonAnswer(405, { error: "method_not_allowed" });
	const tenant = route.path.exec(call.path)?.[1] ?? TENANT_ID;
	const isTenant = tenant.toLowerCase() === TENANT_ID || !route.name.includes("{tenant}");
	if (isTenant) return route.handle(call, parts, tenant);
	const text = `AADSTS90002: Tenant '${tenant}' not found.`;
	return createJsonAnswer(400, { error: "invalid_tenant", error_description: text });
}

function routeOf(head: CallHead): EntraRoute | undefined {
	return ROUTES.find(({ name, path }) => name.startsWith(`${head.method} `) && path.test(head.path));
}

/** The protocol of a GitHub Actions job: a bearer token buys a signed statement of who the job is. */
function pipelineToken(call: Call, { issuer, requestToken }: EntraParts): Answer {
	const isKnown = getHeader(call, "authorization")?.toLowerCase() === `bearer ${requestToken}`.toLowerCase();
	if (!isKnown) return createJsonAnswer(401, { message: "The request token is not known" });
	return createJsonAnswer(200, {
		value: issuer.issueFederated(getParameter(call.query, "audience") ?? EXCHANGE_AUDIENCE),
	});
}
