import type { Credential } from "../../../provider/auth/credential.ts";
import { Deadline } from "../../../provider/http/deadline.ts";
import type { HttpRequest } from "../../../provider/http/pipeline.ts";
import { createHubClient, type HubRequest } from "../../../provider/iothub/client.ts";
import { wire2021 } from "../../../provider/iothub/deviceIdentity.wire.ts";
import type { HubOperationContext } from "../../../provider/iothub/operationContext.ts";
import { createScriptedNetwork, type ScriptedStep, TestClock } from "../doubles.ts";

/** Creates the context of an operation on the hub fleet.example, whose network follows a script. */
export interface ScriptedHub extends HubOperationContext {
	readonly sent: HttpRequest[];
	readonly clock: TestClock;
}

const CREDENTIAL: Credential = {
	scheme: "sas",
	identity: 'shared access policy "ops"',
	getAuthorizationHeader: async () => "token",
	handleUnauthorized: () => false,
	describeClockSkew: () => "",
};

/** Creates a hub whose network plays these steps; the last one repeats. */
export function createScriptedHub(...steps: readonly ScriptedStep[]): ScriptedHub {
	const clock = new TestClock();
	const { send, sent } = createScriptedNetwork(...steps);
	const hub = { hostName: "fleet.example", origin: "https://fleet.example", credential: CREDENTIAL };
	return {
		client: createHubClient(hub, {
			network: send,
			rateLimits: { requestsPerSecond: {}, maxInFlight: 8 },
			clock,
			warn: () => {},
		}),
		codec: wire2021,
		sent,
		clock,
		deadline: new Deadline("read", 20 * 60_000, clock),
	};
}

/** Returns a request that reads the device `a`, with other members if given. */
export function createHubCall(deadline: Deadline, rest: Partial<HubRequest> = {}): HubRequest {
	return {
		operationName: 'reading device "a"',
		method: "GET",
		path: "/devices/a",
		apiVersion: "2021-04-12",
		permission: "registryRead",
		deadline,
		...rest,
	};
}

/** Returns an error response of the registry. */
export function createHubRefusal(status: number, code: string, text = code): ScriptedStep {
	return {
		status,
		headers: { "iothub-errorcode": code, "x-ms-request-id": "r-1" },
		text: JSON.stringify({ Message: `ErrorCode:${code};${text}`, ExceptionMessage: "Tracking ID:r1" }),
	};
}

/** Returns a response with this JSON value and a date. */
export function createHubAnswer(json: unknown, headers: Readonly<Record<string, string>> = {}): ScriptedStep {
	return {
		status: 200,
		text: JSON.stringify(json),
		headers: { date: "Sun, 01 Mar 2026 08:00:10 GMT", ...headers },
	};
}
