import assert from "node:assert/strict";
import { parseConnectionString } from "../../../provider/auth/connectionString.ts";
import { createSasKeyCredential } from "../../../provider/auth/sharedAccess.ts";
import { Deadline } from "../../../provider/http/deadline.ts";
import { ConnectionLost } from "../../../provider/http/errors.ts";
import type { HttpRequest, SendRequest } from "../../../provider/http/pipeline.ts";
import { createHubClient } from "../../../provider/iothub/client.ts";
import { createDeviceApi } from "../../../provider/iothub/deviceIdentity.api.ts";
import type { DeviceInputs } from "../../../provider/iothub/deviceIdentity.inputs.ts";
import { createDeviceIdentityType } from "../../../provider/iothub/deviceIdentity.type.ts";
import { wire2021 } from "../../../provider/iothub/deviceIdentity.wire.ts";
import { TwinAccess } from "../../../provider/iothub/twinEtag.ts";
import { createRuntimeContext } from "../../../provider/resource/context.ts";
import {
	createResourceProvider,
	type ResourceProvider,
} from "../../../provider/resource/resourceProvider.ts";
import type { ResourceType } from "../../../provider/resource/resourceType.ts";
import { createServiceNetwork } from "../../contract/harness/emulatedServices.ts";
import { createWorld, type World } from "../../emulator/world.ts";
import { TestClock } from "../doubles.ts";

const HOST = "fleet.example";

/** Devices of an emulated hub that is called, not connected to. */
export interface EmulatedHub {
	readonly life: ResourceProvider;
	readonly kind: ResourceType<DeviceInputs>;
	/** Every request so far. */
	readonly sent: readonly HttpRequest[];
	readonly said: readonly string[];
	/** The device as the hub's own GET tells it; undefined where there is none. */
	device(id: string): Promise<Record<string, unknown> | undefined>;
	/** What somebody else does at the hub. */
	request(method: HttpRequest["method"], path: string, body?: object): Promise<unknown>;
}

/** How a request of ours is lost: before the hub saw it, after it was carried out, or with an error of a gateway. */
export type Loss = "request" | "answer" | "gateway error";

/** A new hub without devices. Of our requests, one after the other, these are lost; undefined lets one pass. */
export function createEmulatedHub(losses: readonly (Loss | undefined)[] = []): EmulatedHub {
	const world = createWorld({ timeScale: 0 }, { hostName: HOST, port: 443, origin: `https://${HOST}` });
	const clock = new TestClock(world.way.clock.now());
	const sent: HttpRequest[] = [];
	const said: string[] = [];
	const network = createServiceNetwork(world);
	const hub = { hostName: HOST, origin: `https://${HOST}`, credential: credentialOf(world, clock) };
	const recorded: SendRequest = async (request) => {
		const loss = losses[sent.length];
		sent.push(request);
		if (loss === "request") throw new ConnectionLost("the request was lost");
		const answer = await network(request);
		if (loss === "answer") throw new ConnectionLost("the answer was lost");
		return loss === undefined ? answer : { status: 502, headers: {}, text: "<html>Bad Gateway</html>" };
	};
	const open = (send: SendRequest) =>
		createHubClient(hub, {
			network: send,
			rateLimits: { requestsPerSecond: {}, maxInFlight: 8 },
			clock,
			warn: () => {},
		});
	const ours = open(recorded);
	const theirs = open(network);
	const deadline = new Deadline("update", 3_600_000, clock);
	const twins = new TwinAccess((text) => said.push(text));
	const kind = createDeviceIdentityType({
		apiVersion: "2021-04-12",
		storeCredentials: true,
		disableOnDelete: false,
		getDefaultHost: () => HOST,
		connect: () =>
			createDeviceApi({
				codec: wire2021,
				disableOnDelete: false,
				deadline,
				getClient: () => ours,
				twinAccess: twins,
				readListedEtag: async () => undefined,
			}),
	});
	const around = createRuntimeContext({ warn: (text) => void said.push(text), clock });
	const request: EmulatedHub["request"] = async (method, path, body) => {
		const permission = method === "GET" ? "registryRead" : "registryWrite";
		const call = {
			operationName: "somebody's request",
			method,
			path,
			permission,
			apiVersion: "2021-04-12",
			deadline,
		} as const;
		const ifMatch = method === "GET" ? {} : { headers: { "if-match": "*" } };
		return (await theirs.send({ ...call, ...ifMatch, ...(body && { body }) })).json;
	};
	return {
		life: createResourceProvider(kind, around),
		kind,
		sent,
		said,
		request,
		device: (id) =>
			request("GET", `/devices/${id}`).catch(() => undefined) as Promise<Record<string, unknown>>,
	};
}

function credentialOf({ control }: World, clock: TestClock) {
	const { access } = parseConnectionString("iothub:connectionString", control.hub.connectionString());
	assert.ok("key" in access);
	return createSasKeyCredential({ hostName: HOST, name: access.policy, key: access.key }, clock);
}
