import assert from "node:assert/strict";
import { type OwnedMove, type Seen, testOwnedScenario } from "./scenario.ts";
import { HOST, type Site } from "./site.ts";

const SERVICE = "fleet.service.azure-devices.net";
const DEVICE = "fleet.device.azure-devices.net";

const spellSettings =
	(hostName: string) =>
	({ stack, emulator: { control } }: Site): Promise<void> =>
		stack.setConfig("iothub:connectionString", {
			secret: control.hub.connectionString("iothubowner", hostName),
		});

/** Gives the stack the state that an earlier release would have written with the service's name in its settings. */
async function respellState({ stack }: Site): Promise<void> {
	const { deployment, ...rest } = await stack.exportState();
	const resources = (deployment.resources ?? []).map((resource) =>
		resource.type.startsWith("pulumi-nodejs:dynamic/")
			? JSON.parse(JSON.stringify(resource).replaceAll(HOST, SERVICE))
			: resource,
	);
	await stack.importState({ ...rest, deployment: { ...deployment, resources } });
}

const listRespelled = ({ state: { deployment } }: Seen): string[] =>
	(deployment.resources ?? [])
		.filter(({ type, outputs }) => type.includes("iothub") && JSON.stringify(outputs).includes(SERVICE))
		.map(({ urn }) => urn.split("::").at(-1) ?? "");

/** Asserts that nothing was written to the hub. */
function assertNothingWritten({ requests }: Seen): void {
	assert.deepEqual(
		Object.keys(requests).filter((route) => /^(PUT|DELETE|POST \/devices$)/.test(route)),
		[],
	);
}

const declare = (hubHostName: string | undefined, rest: object = {}) => ({
	pump: { type: "DeviceIdentity", status: "enabled", ...(hubHostName && { hubHostName }), ...rest },
	north: { type: "DeviceFleet", devices: { valve: rest }, ...(hubHostName && { hubHostName }) },
});

/** A preview after a refresh, and an update, under another spelling of the hub. Neither has anything to do. */
const quietly = (first: Partial<OwnedMove>): readonly OwnedMove[] => [
	{
		run: "preview",
		options: { refresh: true, expectNoChanges: true },
		steps: [],
		see: assertNothingWritten,
		...first,
	},
	{ run: "up", steps: [], see: assertNothingWritten },
];

testOwnedScenario("another host name of the hub is no change, in settings and program, with any state", [
	{ run: "up", resources: declare(undefined), steps: ["create north", "create pump"] },
	...quietly({ meanwhile: spellSettings(SERVICE) }),
	...quietly({ resources: declare(DEVICE), meanwhile: spellSettings(HOST) }),
	...quietly({ resources: declare(undefined), meanwhile: respellState }),
	{
		run: "preview",
		options: { expectNoChanges: true },
		resources: declare(SERVICE),
		meanwhile: respellState,
		steps: [],
	},
	{ run: "refresh", options: { expectNoChanges: true }, steps: [] },
	{
		run: "up",
		resources: declare(SERVICE, { statusReason: "moved" }),
		steps: ["update north", "update pump"],
		see: (seen) => assert.deepEqual(listRespelled(seen), []),
	},
	{ run: "destroy", meanwhile: respellState, steps: ["delete north", "delete pump"] },
]);

testOwnedScenario("two host names of one hub declare one device, and a device moves between them", [
	{
		run: "preview",
		resources: {
			pump: { type: "DeviceIdentity", hubHostName: SERVICE },
			north: { type: "DeviceFleet", devices: { pump: {} }, hubHostName: DEVICE },
		},
		exit: 1,
		says: [
			/DeviceFleet north declares device pump in hub fleet\.azure-devices\.net, which DeviceIdentity pump also declares\./,
		],
	},
	{
		run: "up",
		resources: { pump: { type: "DeviceIdentity", hubHostName: SERVICE } },
		steps: ["create pump"],
	},
	{
		run: "up",
		meanwhile: respellState,
		resources: { north: { type: "DeviceFleet", devices: { pump: {} }, hubHostName: HOST, adopt: true } },
		steps: ["create north", "delete pump"],
		says: [/pump stays as it is: DeviceFleet north has it now/],
		see: ({ requests }) => assert.ok(!("DELETE /devices/{id}" in requests)),
	},
	{
		run: "up",
		meanwhile: respellState,
		resources: {
			pump: { type: "DeviceIdentity", hubHostName: SERVICE, adopt: true },
			north: { type: "DeviceFleet", devices: {}, hubHostName: HOST, opts: { after: ["pump"] } },
		},
		steps: ["create pump", "update north"],
		says: [/pump stays as it is: DeviceIdentity pump has it now/],
		see: ({ requests }) => assert.ok(!("DELETE /devices/{id}" in requests)),
	},
]);

testOwnedScenario(
	"a host name for devices in the settings is refused, and goes into connection strings on request",
	[
		{
			run: "preview",
			meanwhile: spellSettings(DEVICE),
			resources: { pump: { type: "DeviceIdentity" } },
			exit: 1,
			says: [/fleet\.device\.azure-devices\.net, which is only for devices\. .*--hostname-type service/],
			see: ({ requests }) => assert.deepEqual(requests, {}),
		},
		{
			run: "up",
			meanwhile: spellSettings(SERVICE),
			steps: ["create pump"],
		},
	],
);
