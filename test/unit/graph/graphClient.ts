import type { Credential } from "../../../provider/auth/credential.ts";
import { createGraphClient, type GraphClient, type GraphRequest } from "../../../provider/graph/client.ts";
import { Deadline } from "../../../provider/http/deadline.ts";
import type { HttpRequest, HttpResponse } from "../../../provider/http/pipeline.ts";
import { createScriptedNetwork, type ScriptedStep, TestClock } from "../doubles.ts";

/** A Graph client whose network plays a script. */
export interface ScriptedGraph {
	readonly client: GraphClient;
	readonly sent: HttpRequest[];
	readonly clock: TestClock;
	readonly deadline: Deadline;
}

export const ORIGIN = "https://graph.example";

const CREDENTIAL: Credential = {
	scheme: "entra",
	identity: "Microsoft Entra identity (oidc)",
	getAuthorizationHeader: async () => "Bearer token",
	handleUnauthorized: () => false,
	describeClockSkew: () => "",
};

/** Creates a Graph client whose network plays this script; the last step is repeated. */
export function createScriptedGraph(
	justification: string | undefined,
	...steps: readonly ScriptedStep[]
): ScriptedGraph {
	const clock = new TestClock();
	const { send, sent } = createScriptedNetwork(...steps);
	return {
		client: createGraphClient({
			origin: ORIGIN,
			credential: CREDENTIAL,
			justification,
			network: send,
			clock,
		}),
		sent,
		clock,
		deadline: new Deadline("read", 20 * 60_000, clock),
	};
}

/** Creates a request that reads the machine m-1, with these members instead. */
export function createGraphCall(deadline: Deadline, rest: Partial<GraphRequest> = {}): GraphRequest {
	return {
		operationName: 'reading machine "5CG1234ABC"',
		method: "GET",
		path: "/v1.0/deviceManagement/windowsAutopilotDeviceIdentities/m-1",
		deadline,
		...rest,
	};
}

/** Creates an error response with Graph's envelope. */
export function createGraphRefusal(status: number, code: string, message: string): Partial<HttpResponse> {
	const innerError = { date: "2026-03-01T08:00:00", "request-id": "r-1", "client-request-id": "c-1" };
	return { status, text: JSON.stringify({ error: { code, message, innerError } }) };
}

/** Formats the nested error that Intune puts into the message of Graph's envelope. */
export function formatNestedMessage(message: string, rest: object = {}): string {
	const tail =
		" - Operation ID (for customer support): 00000000-0000-0000-0000-000000000000 - Activity ID: " +
		"3f0c1cd2-57a2-4c2f-9d2b-0a5d3a1e7c55 - Url: https://fef.example/DeviceEnrollmentFE?api-version=5022-03-28";
	const inner = { _version: 3, Message: message + tail, CustomApiErrorPhrase: "", RetryAfter: null, ...rest };
	return JSON.stringify({ ...inner, ErrorSourceService: "", HttpHeaders: "{}" }, undefined, 2);
}

/** Creates a response with this JSON value. */
export function createGraphAnswer(
	json: unknown,
	headers: Readonly<Record<string, string>> = {},
): ScriptedStep {
	return { status: 200, text: JSON.stringify(json), headers };
}
