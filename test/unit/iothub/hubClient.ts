import type { Credential } from "../../../provider/auth/credential.ts";
import { Deadline } from "../../../provider/http/deadline.ts";
import type { HttpRequest } from "../../../provider/http/pipeline.ts";
import { createHubClient, type HubClient, type HubRequest } from "../../../provider/iothub/client.ts";
import { createScriptedNetwork, type ScriptedStep, TestClock } from "../doubles.ts";

/** A client of the hub fleet.example whose network plays a script. */
export interface ScriptedHub {
	readonly client: HubClient;
	readonly sent: HttpRequest[];
	readonly clock: TestClock;
	readonly deadline: Deadline;
}

const CREDENTIAL: Credential = {
	scheme: "sas",
	identity: 'shared access policy "ops"',
	getAuthorizationHeader: async () => "token",
	handleUnauthorized: () => false,
	describeClockSkew: () => "",
};

/** A hub whose network plays this script; the last step is played for ever. */
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
		sent,
		clock,
		deadline: new Deadline("read", 20 * 60_000, clock),
	};
}

/** A read of the device `a`, with other members if need be. */
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

/** An error of the registry as it is on the wire. */
export function createHubRefusal(status: number, code: string, text = code): ScriptedStep {
	return {
		status,
		headers: { "iothub-errorcode": code, "x-ms-request-id": "r-1" },
		text: JSON.stringify({ Message: `ErrorCode:${code};${text}`, ExceptionMessage: "Tracking ID:r1" }),
	};
}

/** An answer with this JSON value, dated. */
export function createHubAnswer(json: unknown, headers: Readonly<Record<string, string>> = {}): ScriptedStep {
	return {
		status: 200,
		text: JSON.stringify(json),
		headers: { date: "Sun, 01 Mar 2026 08:00:10 GMT", ...headers },
	};
}
