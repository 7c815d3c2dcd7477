import { type Answer, createJsonAnswer } from "../http/answer.ts";
import { type Call, getHeader, getParameter } from "../http/call.ts";
import type { Issuer } from "./issuer.ts";

/** What a managed identity endpoint of App Service checks and hands out. */
export interface ManagedIdentity {
	readonly issuer: Issuer;
	/** The secret of `IDENTITY_HEADER`. */
	readonly secret: string;
}

/** Answers the App Service protocol, api-version 2019-08-01: `expires_on` is a moment of real time, in seconds. */
export function managedIdentityAnswer(call: Call, { issuer, secret }: ManagedIdentity): Answer {
	if (getHeader(call, "x-identity-header") !== secret) {
		return createJsonAnswer(401, { statusCode: 401, message: "Bad or missing X-IDENTITY-HEADER" });
	}
	const resource = getParameter(call.query, "resource");
	if (call.apiVersion !== "2019-08-01" || !resource) {
		return createJsonAnswer(400, { statusCode: 400, message: "api-version 2019-08-01 and resource are needed" });
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
