import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createIotHubService, type IotHubService } from "../../../provider/iothub/service.ts";
import { PREVIEW_INPUT } from "../../../provider/stateKeys.ts";
import { QuickClock } from "../../contract/harness/clocks.ts";
import { withEnvironment } from "../../contract/harness/environment.ts";
import { catchError } from "../../contract/scene.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import { type RawServer, withServer } from "./rawServer.ts";

let emulator: Emulator;

before(async () => {
	emulator = await startEmulator({ hostName: "fleet.azure-devices.net" });
});

after(() => emulator.close());

/** How a program, a state or a command comes to a hub. */
const WAYS: Readonly<Record<string, (service: IotHubService, hubHostName: string) => Promise<unknown>>> = {
	"a preview of a new device": async ({ deviceIdentity }, hubHostName) => {
		const { failures } = await deviceIdentity.check(
			{},
			{ deviceId: "a", hubHostName, [PREVIEW_INPUT]: true },
		);
		throw new Error(failures.map(({ reason }) => reason).join());
	},
	"a create": ({ deviceIdentity }, hubHostName) => deviceIdentity.create({ deviceId: "a", hubHostName }),
	"a plan": ({ deviceIdentity }, hubHostName) =>
		deviceIdentity.diff("a", state(hubHostName), { deviceId: "a", hubHostName }),
	"an update": ({ deviceIdentity }, hubHostName) =>
		deviceIdentity.update("a", state(hubHostName), { deviceId: "a", hubHostName, status: "disabled" }),
	"a refresh": ({ deviceIdentity }, hubHostName) => deviceIdentity.read("a", state(hubHostName)),
	"a deletion": ({ deviceIdentity }, hubHostName) => deviceIdentity.delete("a", state(hubHostName)),
	"a report": ({ deviceIdentity }, hubHostName) =>
		deviceIdentity.inspectResource("a", state(hubHostName), { consistency: "eventual" }),
	"a create of a fleet": ({ deviceFleet }, hubHostName) =>
		deviceFleet.create({ hubHostName, devices: '{"a":{}}' }),
	"a refresh of a fleet": ({ deviceFleet }, hubHostName) =>
		deviceFleet.read(hubHostName, { hubHostName, __members: '{"a":{"e":"x"}}', __membersVersion: 1 }),
	"a lookup": ({ functions }, hubHostName) => functions.getDevice({ hubHostName, deviceId: "a" }),
	"a lookup of credentials": ({ functions }, hubHostName) =>
		functions.getCredentials({ hubHostName, deviceId: "a" }),
	"a query": ({ functions }, hubHostName) => functions.queryDevices({ hubHostName }),
	"an adoption": ({ findAdoptable }, hubHostName) => findAdoptable({ hubHostName }),
};

function state(hubHostName: string): Record<string, unknown> {
	return { deviceId: "a", hubHostName, etag: "AAAAAAAAAAE=", generationId: "1", status: "enabled" };
}

/** Opens a hub service whose sign-in succeeds at the emulated managed identity. */
function open(config: Readonly<Record<string, string>>): IotHubService {
	const settings: Readonly<Record<string, string>> = { "iothub:credential": "managedIdentity", ...config };
	const sources = { config: (key: string) => settings[key], env: {} };
	return createIotHubService({ sources, clock: new QuickClock(), warn: () => {} });
}

/** Runs work with a server that must not be connected to, and asserts that no token was requested either. */
async function withTrap(work: (trap: RawServer) => Promise<void>): Promise<void> {
	const { endpoint, header } = emulator.entra.managedIdentity;
	const env = { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: header };
	emulator.control.requests.reset();
	await withEnvironment(env, () =>
		withServer({ behave: () => {} }, async (trap) => {
			await work(trap);
			assert.equal(trap.visits, 0, "the other host was connected to");
			assert.deepEqual(emulator.control.requests.counts(), {}, "a token was requested");
		}),
	);
}

describe("no token is requested for, and nothing is sent to, a host that no setting names by", () => {
	for (const [way, go] of Object.entries(WAYS)) {
		test(way, () =>
			withTrap(async (trap) => {
				const configs = [
					{},
					{ "iothub:hostName": "fleet.azure-devices.net" },
					{ "iothub:connectionString": emulator.iotHub.connectionString },
					{ "iothub:endpoint": JSON.stringify({ "fleet.azure-devices.net": emulator.iotHub.url }) },
				];
				for (const config of configs) {
					const { message } = await catchError(go(open(config), trap.host));
					assert.match(message, /iothub:endpoint does not name the hub "127\.0\.0\.1:\d+"/);
				}
			}),
		);
	}
});

test("a shared access signature is signed for configured hosts only", () =>
	withTrap(async (trap) => {
		const { connectionString } = emulator.iotHub;
		for (const hubHostName of [
			trap.host,
			`fleet.azure-devices.net@${trap.host}`,
			`${trap.host}/fleet.azure-devices.net`,
		]) {
			const service = open({ "iothub:connectionString": connectionString });
			const error = await catchError(service.deviceIdentity.read("a", state(hubHostName)));
			assert.match(error.message, /^iothub:endpoint does not name the hub /);
		}
	}));

test("a host that iothub:endpoint names receives a token", async () => {
	const { endpoint, header } = emulator.entra.managedIdentity;
	await withEnvironment({ IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: header }, async () => {
		const service = open({ "iothub:endpoint": JSON.stringify({ "hub.example": emulator.iotHub.url }) });
		emulator.control.devices.seed([{ deviceId: "a" }]);
		const device = await service.functions.getDevice({ hubHostName: "Hub.Example", deviceId: "a" });
		assert.equal(device["deviceId"], "a");
	});
});
