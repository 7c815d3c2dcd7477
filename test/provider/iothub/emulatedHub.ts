import assert from "node:assert/strict";
import { parseConnectionString } from "../../../provider/auth/connectionString.ts";
import { sharedAccessKey } from "../../../provider/auth/sharedAccess.ts";
import { Deadline } from "../../../provider/http/deadline.ts";
import { ConnectionLost } from "../../../provider/http/errors.ts";
import type { Request, Send } from "../../../provider/http/message.ts";
import { client } from "../../../provider/iothub/client.ts";
import type { DeviceInputs } from "../../../provider/iothub/deviceIdentity.inputs.ts";
import { deviceKind } from "../../../provider/iothub/deviceIdentity.kind.ts";
import { deviceRemote } from "../../../provider/iothub/deviceIdentity.remote.ts";
import { wire2021 } from "../../../provider/iothub/deviceIdentity.wire.ts";
import { TwinAccess } from "../../../provider/iothub/twinProbe.ts";
import type { Kind } from "../../../provider/lifecycle/kind.ts";
import { type Lifecycle, lifecycle } from "../../../provider/lifecycle/lifecycle.ts";
import { surroundings } from "../../../provider/lifecycle/surroundings.ts";
import { createWorld, type World } from "../../emulator/world.ts";
import { networkOf } from "../../servicesCalled.ts";
import { VirtualClock } from "../virtualClock.ts";

const HOST = "fleet.example";

/** Devices of an emulated hub that is called, not connected to. */
export interface EmulatedHub {
	readonly life: Lifecycle;
	readonly kind: Kind<DeviceInputs>;
	/** Every request so far. */
	readonly sent: readonly Request[];
	readonly said: readonly string[];
	/** The device as the hub's own GET tells it; undefined where there is none. */
	device(id: string): Promise<Record<string, unknown> | undefined>;
	/** What somebody else does at the hub. */
	request(method: Request["method"], path: string, body?: object): Promise<unknown>;
}

/** How a request of ours is lost: before the hub saw it, after it was carried out, or with an error of a gateway. */
export type Loss = "request" | "answer" | "gateway error";

/** A new hub without devices. Of our requests, one after the other, these are lost; undefined lets one pass. */
export function emulatedHub(losses: readonly (Loss | undefined)[] = []): EmulatedHub {
	const world = createWorld({ timeScale: 0 }, { hostName: HOST, port: 443, origin: `https://${HOST}` });
	const clock = new VirtualClock(world.way.clock.now());
	const sent: Request[] = [];
	const said: string[] = [];
	const network = networkOf(world);
	const hub = { hostName: HOST, origin: `https://${HOST}`, credential: credentialOf(world, clock) };
	const recorded: Send = async (request) => {
		const loss = losses[sent.length];
		sent.push(request);
		if (loss === "request") throw new ConnectionLost("the request was lost");
		const answer = await network(request);
		if (loss === "answer") throw new ConnectionLost("the answer was lost");
		return loss === undefined ? answer : { status: 502, headers: {}, text: "<html>Bad Gateway</html>" };
	};
	const open = (send: Send) =>
		client(hub, { network: send, pace: { rates: {}, inFlight: 8 }, clock, say: () => {} });
	const ours = open(recorded);
	const theirs = open(network);
	const deadline = new Deadline("update", 3_600_000, clock);
	const twins = new TwinAccess((text) => said.push(text));
	const kind = deviceKind({
		apiVersion: "2021-04-12",
		storeCredentials: true,
		disableOnDelete: false,
		defaultHost: () => HOST,
		connect: () =>
			deviceRemote({
				codec: wire2021,
				disableOnDelete: false,
				deadline,
				clientOf: () => ours,
				twins,
				sweptEtag: async () => undefined,
			}),
	});
	const around = surroundings({ say: (text) => void said.push(text), clock });
	const request: EmulatedHub["request"] = async (method, path, body) => {
		const access = method === "GET" ? "registryRead" : "registryWrite";
		const call = {
			what: "somebody's request",
			method,
			path,
			access,
			apiVersion: "2021-04-12",
			deadline,
		} as const;
		const ifMatch = method === "GET" ? {} : { headers: { "if-match": "*" } };
		return (await theirs.call({ ...call, ...ifMatch, ...(body && { body }) })).json;
	};
	return {
		life: lifecycle(kind, around),
		kind,
		sent,
		said,
		request,
		device: (id) =>
			request("GET", `/devices/${id}`).catch(() => undefined) as Promise<Record<string, unknown>>,
	};
}

function credentialOf({ control }: World, clock: VirtualClock) {
	const { access } = parseConnectionString(control.hub.connectionString());
	assert.ok("key" in access);
	return sharedAccessKey({ hostName: HOST, name: access.policy, key: access.key }, clock);
}
