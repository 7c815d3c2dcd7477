import type { Credential } from "../../../provider/auth/credential.ts";
import { Deadline } from "../../../provider/http/deadline.ts";
import type { Request } from "../../../provider/http/message.ts";
import { type Call, type Client, client } from "../../../provider/iothub/client.ts";
import { type Step, scripted } from "../http/exchange.ts";
import { VirtualClock } from "../virtualClock.ts";

/** A client of the hub fleet.example whose network plays a script. */
export interface ScriptedHub {
	readonly client: Client;
	readonly sent: Request[];
	readonly clock: VirtualClock;
	readonly deadline: Deadline;
}

const CREDENTIAL: Credential = {
	family: "sas",
	identity: 'shared access policy "ops"',
	authorization: async () => "token",
	refused: () => false,
	clockHint: () => "",
};

/** A hub whose network plays this script; the last step is played for ever. */
export function scriptedHub(...steps: readonly Step[]): ScriptedHub {
	const clock = new VirtualClock();
	const { send, sent } = scripted(...steps);
	const hub = { hostName: "fleet.example", origin: "https://fleet.example", credential: CREDENTIAL };
	return {
		client: client(hub, { network: send, pace: { rates: {}, inFlight: 8 }, clock, say: () => {} }),
		sent,
		clock,
		deadline: new Deadline("read", 20 * 60_000, clock),
	};
}

/** A read of the device `a`, with other members if need be. */
export function callOf(deadline: Deadline, rest: Partial<Call> = {}): Call {
	return {
		what: 'reading device "a"',
		method: "GET",
		path: "/devices/a",
		apiVersion: "2021-04-12",
		access: "registryRead",
		deadline,
		...rest,
	};
}

/** An error of the registry as it is on the wire. */
export function refusal(status: number, code: string, text = code): Step {
	return {
		status,
		headers: { "iothub-errorcode": code, "x-ms-request-id": "r-1" },
		text: JSON.stringify({ Message: `ErrorCode:${code};${text}`, ExceptionMessage: "Tracking ID:r1" }),
	};
}

/** An answer with this JSON value, dated. */
export function answer(json: unknown, headers: Readonly<Record<string, string>> = {}): Step {
	return {
		status: 200,
		text: JSON.stringify(json),
		headers: { date: "Sun, 01 Mar 2026 08:00:10 GMT", ...headers },
	};
}
