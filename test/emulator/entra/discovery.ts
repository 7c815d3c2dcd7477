import { type Answer, createJsonAnswer } from "../http/answer.ts";

/** OpenID Connect discovery of a tenant, as much of it as MSAL reads. `authority` is the origin, without a path. */
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

/** Instance discovery, with which MSAL asks whether it may trust an authority. */
export function instanceMetadata(authority: string, tenant: string): Answer {
	const host = new URL(authority).host;
	return createJsonAnswer(200, {
		tenant_discovery_endpoint: `${authority}/${tenant}/v2.0/.well-known/openid-configuration`,
		"api-version": "1.1",
		metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
	});
}
