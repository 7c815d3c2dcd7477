import assert from "node:assert/strict";
import { parseConnectionString } from "../../../provider/auth/connectionString.ts";
import { createSasKeyCredential } from "../../../provider/auth/sharedAccess.ts";
import { Deadline } from "../../../provider/http/deadline.ts";
import { ConnectionLost } from "../../../provider/http/errors.ts";
import type { HttpRequest, SendRequest } from "../../../provider/http/pipeline.ts";
import { createHubClient } from "../../../provider/iothub/client.ts";
import { DeviceApi } from "../../../provider/iothub/deviceIdentity.api.ts";
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

/** An emulated hub that is called in this process, and a provider for its devices. */
export interface EmulatedHub {
	readonly provider: ResourceProvider;
	readonly resourceType: ResourceType<DeviceInputs>;
	/** All requests of the provider so far. */
	readonly sent: readonly HttpRequest[];
	readonly warnings: readonly string[];
	/** Reads the device with the hub's own GET; undefined if there is none. */
	device(id: string): Promise<Record<string, unknown> | undefined>;
	/** Sends the request of another client. */
	request(method: HttpRequest["method"], path: string, body?: object): Promise<unknown>;
}

/** How a request is lost: before the hub received it, after it was applied, or with the error of a gateway. */
export type Loss = "request" | "answer" | "gateway error";

/**
 * Creates a hub without devices.
 *
 * @param losses how the provider's requests are lost, in order; undefined lets one pass
 */
export function createEmulatedHub(losses: readonly (Loss | undefined)[] = []): EmulatedHub {
	const world = createWorld({ timeScale: 0 }, { hostName: HOST, port: 443, origin: `https://${HOST}` });
	const clock = new TestClock(world.way.clock.now());
	const sent: HttpRequest[] = [];
	const warnings: string[] = [];
	const network = createServiceNetwork(world);
	const hub = { hostName: HOST, origin: `https://${HOST}`, credential: createCredential(world, clock) };
	const sendOrLose: SendRequest = async (request) => {
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
	const client = open(sendOrLose);
	const otherClient = open(network);
	const deadline = new Deadline("update", 3_600_000, clock);
	const operations = {
		twinAccess: new TwinAccess((text) => warnings.push(text)),
		createDeadline: () => deadline,
		createContext: () => ({ client, codec: wire2021, deadline, clock }),
		readListedEtag: async () => undefined,
	};
	const resourceType = createDeviceIdentityType({
		apiVersion: "2021-04-12",
		storeCredentials: true,
		disableOnDelete: false,
		getDefaultHost: () => HOST,
		connect: (operation) => new DeviceApi(operations, operation, { disableOnDelete: false }),
	});
	const runtime = createRuntimeContext({ warn: (text) => void warnings.push(text), clock });
	const request: EmulatedHub["request"] = async (method, path, body) => {
		const permission = method === "GET" ? "registryRead" : "registryWrite";
		const hubRequest = {
			operationName: "another client's request",
			method,
			path,
			permission,
			apiVersion: "2021-04-12",
			deadline,
		} as const;
		const ifMatch = method === "GET" ? {} : { headers: { "if-match": "*" } };
		return (await otherClient.send({ ...hubRequest, ...ifMatch, ...(body && { body }) })).json;
	};
	return {
		provider: createResourceProvider(resourceType, runtime),
		resourceType,
		sent,
		warnings,
		request,
		device: (id) =>
			request("GET", `/devices/${id}`).catch(() => undefined) as Promise<Record<string, unknown>>,
	};
}

function createCredential({ control }: World, clock: TestClock) {
	const { access } = parseConnectionString(
		{ key: "iothub:connectionString" },
		control.hub.connectionString(),
	);
	assert.ok("key" in access);
	return createSasKeyCredential({ hostName: HOST, name: access.policy, key: access.key }, clock);
}
