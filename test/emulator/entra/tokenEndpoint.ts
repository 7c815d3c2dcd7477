import { randomUUID } from "node:crypto";
import { type Answer, createJsonAnswer } from "../http/answer.ts";
import type { Call } from "../http/call.ts";
import type { Issuer } from "./issuer.ts";
import type { Principal } from "./principals.ts";

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** An error of the token endpoint: RFC 6749's error code and Entra's number. */
interface TokenError {
	readonly status: number;
	readonly error: string;
	readonly text: string;
}

/** Responds to a client credentials request (RFC 6749 section 4.4), authenticated by secret or by RFC 7523 assertion. */
export function answerTokenRequest(call: Call, issuer: Issuer, tenantId: string): Answer {
	const form = new URLSearchParams(call.body);
	if (form.get("grant_type") !== "client_credentials") {
		return createRefusal({
			status: 400,
			error: "unsupported_grant_type",
			text: "AADSTS70003: The app requested an unsupported grant type.",
		});
	}
	const principal = issuer.principals.get(form.get("client_id") ?? "");
	if (principal === undefined) {
		const text = `AADSTS700016: Application with identifier '${form.get("client_id")}' was not found in the directory.`;
		return createRefusal({ status: 400, error: "unauthorized_client", text });
	}
	const failure = findProofFailure(form, principal, issuer);
	if (failure) return createRefusal(failure);
	const audience = findAudience(form.get("scope") ?? "");
	if (audience === undefined) {
		const text = `AADSTS1002012: The provided value for scope ${form.get("scope")} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier.`;
		return createRefusal({ status: 400, error: "invalid_scope", text });
	}
	const { token, lifetime } = issuer.issue(principal, audience, tenantId);
	return createJsonAnswer(200, {
		token_type: "Bearer",
		expires_in: lifetime,
		ext_expires_in: lifetime,
		access_token: token,
	});
}

function findProofFailure(
	form: URLSearchParams,
	principal: Principal,
	issuer: Issuer,
): TokenError | undefined {
	const assertion = form.get("client_assertion");
	if (assertion !== null) {
		if (form.get("client_assertion_type") === ASSERTION_TYPE && issuer.acceptsFederated(assertion))
			return undefined;
		const text =
			"AADSTS700024: Client assertion is not within its valid time range, or not meant for this directory.";
		return { status: 401, error: "invalid_client", text };
	}
	if (form.get("client_secret") === principal.clientSecret) return undefined;
	const text = `AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${principal.clientId}'.`;
	return { status: 401, error: "invalid_client", text };
}

/** Returns the resource of a `.default` scope, ignoring the scopes that MSAL adds. */
function findAudience(scope: string): string | undefined {
	const wanted = scope.split(/\s+/).find((part) => part.endsWith("/.default"));
	return wanted?.slice(0, -"/.default".length).replace(/\/+$/, "");
}

function createRefusal({ status, error, text }: TokenError): Answer {
	const trace = { trace_id: randomUUID(), correlation_id: randomUUID() };
	return createJsonAnswer(status, {
		error,
		error_description: `${text} Trace ID: ${trace.trace_id} Correlation ID: ${trace.correlation_id}`,
		error_codes: [Number(/AADSTS(\d+)/.exec(text)?.[1] ?? 0)],
		...trace,
	});
}
