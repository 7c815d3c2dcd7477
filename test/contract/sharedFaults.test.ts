import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Credential } from "../../provider/auth/credential.ts";
import { createGraphService } from "../../provider/graph/service.ts";
import { FAULT_MEMORY_MS } from "../../provider/http/faultGate.ts";
import type { ResourceProvider } from "../../provider/resource/resourceProvider.ts";
import { prepareErrorForHost } from "../../provider/userErrors.ts";
import { declareKiosk, declareKiosks, formatSerial, openMachineFleets } from "./autopilotFleet/withFleet.ts";
import { withTenant } from "./autopilotIdentity/withTenant.ts";
import {
	assertDevicesDeployed,
	createDeviceFleet,
	declareDeviceFleet,
	declarePlainDevices,
	deployDeviceFleet,
	withHub,
} from "./deviceFleet/withFleet.ts";
import { QuickClock } from "./harness/clocks.ts";
import { withEnvironment } from "./harness/environment.ts";
import { MessageRecorder } from "./harness/messages.ts";
import { catchError } from "./scene.ts";
import { EntraToken } from "./subject/entraToken.ts";
import type { HubOptions, HubStage } from "./subject/hubStage.ts";
import type { Values } from "./subject/subject.ts";
import type { TenantOptions, TenantStage } from "./subject/tenantStage.ts";

/** A port on which nothing listens. */
const NOBODY = "http://127.0.0.1:9";
/** Requests of one host that are under way at a time: those that are sent before the first is refused, at most. */
const IN_FLIGHT = 8;
const UNTRIED_BUT_OTHERS =
	/were not tried, since they would fail for the same reason; the others are as declared:\n/;
const UNTRIED = /were not tried, since they would fail for the same reason:\n/;

/** Does the work at the same time and returns the messages of its errors as Pulumi shows them, in the order of their arrival. */
async function collectMessages(work: readonly Promise<unknown>[]): Promise<string[]> {
	const messages: string[] = [];
	const show = (error: unknown): void => {
		prepareErrorForHost(error, { typeName: "Resource", storedText: "" });
		messages.push((error as Error).message);
	};
	await Promise.all(work.map((each) => each.then(() => assert.fail("it succeeded"), show)));
	return messages;
}

/** The messages tell the reason once, and all others refer to the one that does. */
function assertToldOnce(messages: readonly string[], reason: RegExp): void {
	assert.equal(messages.filter((message) => reason.test(message)).length, 1, messages.join("\n"));
	const others = messages.filter((message) => !reason.test(message));
	for (const message of others) assert.match(message, /for a reason that affects both\. .*\[SharedFault\]$/);
}

/** Creates resources of their own, `d-0` the first, in one process. */
function createDevices(hub: HubStage, provider: ResourceProvider, count: number): Promise<unknown>[] {
	const { hostName } = hub.emulator.iotHub;
	return Array.from({ length: count }, (_, at) =>
		provider.create({ deviceId: `d-${at}`, hubHostName: hostName }),
	);
}

function createMachines(provider: ResourceProvider, count: number): Promise<unknown>[] {
	return Array.from({ length: count }, (_, at) => {
		const serialNumber = formatSerial(at);
		return provider.create({ ...declareKiosk(serialNumber), serialNumber });
	});
}

/** What keeps every device of a hub from being created, and how its message tells. */
const HUB_FAULTS: readonly {
	readonly title: string;
	readonly reason: RegExp;
	readonly maxRequests: number;
	prepare(hub: HubStage): HubOptions;
}[] = [
	{
		title: "a wrong key",
		reason: /must be one of its two current keys/,
		maxRequests: IN_FLIGHT + 1,
		prepare(hub) {
			const { connectionString } = hub.emulator.iotHub;
			hub.control.policies.regenerate("iothubowner");
			return { config: { "iothub:connectionString": connectionString } };
		},
	},
	{
		title: "a policy that may only read",
		reason: /needs the permission RegistryWrite/,
		maxRequests: IN_FLIGHT + 1,
		prepare: (hub) => ({
			config: { "iothub:connectionString": hub.control.hub.connectionString("registryRead") },
		}),
	},
	{
		title: "a refused port",
		reason: /no connection \(ECONNREFUSED\)/,
		maxRequests: 0,
		prepare: () => ({ config: { "iothub:endpoint": NOBODY } }),
	},
	{
		title: "a wait of a day",
		reason: /the service asks to wait 24 h .* but `iothub:timeouts` allows only 20 min for create/,
		maxRequests: IN_FLIGHT + 1,
		prepare(hub) {
			const action = { kind: "throttle", retryAfter: 86_400 } as const;
			hub.control.faults.add({ match: { service: "iotHub" }, times: "always", action });
			return {};
		},
	},
	{
		title: "a missing az",
		reason: /Microsoft Entra sign-in by azureCli failed/,
		maxRequests: 0,
		prepare: (hub) => ({
			config: {
				"iothub:connectionString": "",
				"iothub:hostName": hub.emulator.iotHub.hostName,
				"iothub:credential": "azureCli",
			},
		}),
	},
];

for (const { title, reason, maxRequests, prepare } of HUB_FAULTS) {
	describe(`${title} of a hub`, () => {
		for (const sku of ["", "S1"]) {
			test(
				`stops a fleet${sku && ` within the limits of ${sku}`} and the other resources of the run, and is reported once`,
				withHub((hub) =>
					withEnvironment({ PATH: "/nowhere" }, async () => {
						const { config, ...options } = prepare(hub);
						const { deviceIdentity, deviceFleet } = hub.open({
							...options,
							config: { ...config, "iothub:sku": sku },
						});
						hub.control.requests.reset();
						const inputs = { ...declareDeviceFleet(declarePlainDevices(2_040)) };
						const checked = await deviceFleet.check({}, inputs);
						const [message = "", ...more] = await collectMessages([deviceFleet.create(checked.inputs)]);
						assert.deepEqual(more, []);
						assert.match(message, UNTRIED);
						const [, failed, total, untried] =
							/^(\d+) of (\d+) devices failed and (\d+) were/.exec(message) ?? [];
						assert.equal(Number(failed) + Number(untried), Number(total));
						assert.ok(Number(failed) <= IN_FLIGHT + 1, message);
						assert.equal(message.match(new RegExp(reason, "g"))?.length, 1);
						const requests = hub.control.requests.list().length;
						assert.ok(requests <= maxRequests, `${requests} requests`);
						const later = await collectMessages(createDevices(hub, deviceIdentity, 100));
						assert.ok(later.every((text) => text.includes("was not tried")));
						assert.ok(later.every((text) => !reason.test(text)));
						assert.equal(hub.control.requests.list().length, requests, "nothing is sent for them");
						assert.deepEqual(hub.words.said, []);
					}),
				),
			);
		}

		test(
			"is reported once for a hundred single resources",
			withHub((hub) =>
				withEnvironment({ PATH: "/nowhere" }, async () => {
					const { deviceIdentity } = hub.open(prepare(hub));
					hub.control.requests.reset();
					assertToldOnce(await collectMessages(createDevices(hub, deviceIdentity, 100)), reason);
					const requests = hub.control.requests.list().length;
					assert.ok(requests <= maxRequests, `${requests} requests`);
				}),
			),
		);
	});
}

test(
	"a wrong key ends the plan of a fleet after one round of reads, without advice about twins",
	withHub(async (hub) => {
		const fleet = await deployDeviceFleet(hub, declarePlainDevices(200));
		const { connectionString } = hub.emulator.iotHub;
		hub.control.policies.regenerate("iothubowner");
		const process = hub.open({ config: { "iothub:connectionString": connectionString } });
		const { id, outputs, inputs } = fleet.known;
		const changed = { ...inputs, ...declareDeviceFleet(declarePlainDevices(200, { status: "disabled" })) };
		const said = hub.words.said.length;
		const { message } = await catchError(process.deviceFleet.diff(id, outputs, changed));
		assert.match(message, /^\d+ devices cannot be planned and \d+ were not tried, since they/);
		assert.ok(hub.control.requests.list().length <= 4 * IN_FLIGHT, "a twin and a device for each under way");
		assert.deepEqual(hub.words.said.slice(said), []);
		const refused = await catchError(process.deviceFleet.read(id, outputs));
		assert.match(
			refused.message,
			/^200 of 200 devices were not tried|devices cannot be read and \d+ were not tried/,
		);
	}),
);

test(
	"a key that is refused in the middle keeps what was created, and the next run does the rest",
	withHub(async (hub) => {
		const devices = declarePlainDevices(300);
		const { connectionString } = hub.emulator.iotHub;
		const fleet = createDeviceFleet(hub, { config: { "iothub:connectionString": connectionString } });
		hub.control.faults.add({
			match: { method: "PUT" },
			nth: 100,
			times: "always",
			action: { kind: "status", status: 401, code: "IotHubUnauthorizedAccess" },
		});
		const { message } = await catchError(fleet.up(declareDeviceFleet(devices)));
		assert.match(
			message,
			/^\d+ of 300 devices failed and \d+ were not tried, since .*; the others are as declared:\n/,
		);
		assert.equal(fleet.getOutput("count"), 99);
		assert.equal(hub.control.devices.list().length, 99);
		const sent = hub.control.requests.count({ method: "PUT" });
		assert.ok(
			sent <= 99 + 2 * IN_FLIGHT,
			`${sent} requests: the devices under way, twice as many as requests`,
		);
		hub.control.faults.clear();
		hub.control.requests.reset();
		await fleet.up(declareDeviceFleet(devices));
		assert.equal(hub.control.requests.count({ method: "PUT" }), 201);
		await assertDevicesDeployed(hub, fleet, devices);
	}),
);

test(
	"a full hub is reported once, and deletions that make room are still carried out",
	withHub(
		async (hub) => {
			const fleet = await deployDeviceFleet(hub, declarePlainDevices(20));
			const devices = Object.fromEntries(
				Object.entries(declarePlainDevices(200)).filter(([id]) => !["d-0", "d-1", "d-2"].includes(id)),
			);
			const { message } = await catchError(fleet.up(declareDeviceFleet(devices)));
			assert.match(message, /were not tried, since .*; the others are as declared:\n {4}.*: creating device/);
			assert.equal(message.match(/Add units/g)?.length, 1);
			assert.equal(fleet.getOutput("count"), 17);
			assert.ok(hub.control.requests.count({ method: "PUT" }) <= 3 * IN_FLIGHT);
		},
		{ emulator: { maxDevices: 20 } },
	),
);

test(
	"a device whose response is lost while the others are refused is read, and is in state",
	withHub(async (hub) => {
		const fleet = createDeviceFleet(hub);
		const action = { kind: "status", status: 401, code: "IotHubUnauthorizedAccess" } as const;
		hub.control.faults.add({
			match: { method: "PUT", path: "^/devices/d-0$" },
			action: { kind: "reset", when: "after" },
		});
		hub.control.faults.add({
			match: { method: "PUT", path: "^/devices/d-[1-9]" },
			times: "always",
			action,
		});
		const devices = declarePlainDevices(50);
		const { message } = await catchError(fleet.up(declareDeviceFleet(devices)));
		assert.match(message, UNTRIED_BUT_OTHERS);
		assert.equal(fleet.getOutput("count"), 1);
		hub.control.faults.clear();
		await fleet.up(declareDeviceFleet(devices));
		assert.equal(hub.control.requests.count({ method: "PUT", path: "^/devices/d-0$" }), 1);
		await assertDevicesDeployed(hub, fleet, devices);
	}),
);

test(
	"a fault that is over does not affect later operations",
	withHub(async (hub) => {
		const { connectionString, hostName } = hub.emulator.iotHub;
		const { deviceIdentity } = hub.open({ config: { "iothub:connectionString": connectionString } });
		const action = { kind: "status", status: 401, code: "IotHubUnauthorizedAccess" } as const;
		hub.control.faults.add({ match: { method: "PUT" }, times: 1, action });
		const create = (deviceId: string) => deviceIdentity.create({ deviceId, hubHostName: hostName });
		await catchError(create("first"));
		assert.match((await catchError(create("second"))).message, /^creating device "second" .* was not tried/);
		hub.clock.jump(FAULT_MEMORY_MS);
		assert.equal((await create("third")).id, "third");
	}),
);

/** Signs with something that no directory gave out. */
const NONSENSE: Credential = {
	scheme: "entra",
	identity: "Microsoft Entra identity (clientSecret)",
	getAuthorizationHeader: async () => "Bearer nonsense",
};

/** What keeps every machine of a tenant from being registered. */
const TENANT_FAULTS: readonly {
	readonly title: string;
	readonly reason: RegExp;
	readonly maxRequests: number;
	prepare(tenant: TenantStage): TenantOptions;
}[] = [
	{
		title: "a refused token",
		reason: /autopilot:cloud must be the cloud of the tenant/,
		maxRequests: 2 * IN_FLIGHT,
		prepare: () => ({ credential: NONSENSE }),
	},
	{
		title: "a missing consent to write",
		reason: /permission DeviceManagementServiceConfig\.ReadWrite\.All with administrator consent/,
		maxRequests: 5 * IN_FLIGHT,
		prepare: ({ emulator }) => ({
			credential: new EntraToken(emulator, ["DeviceManagementServiceConfig.Read.All"]),
		}),
	},
	{
		title: "a wait of a day",
		reason: /the service asks to wait 24 h .* but `autopilot:timeouts` allows only 30 min for create/,
		maxRequests: 2 * IN_FLIGHT,
		prepare({ control }) {
			const action = { kind: "throttle", retryAfter: { dateIn: 86_400 } } as const;
			control.faults.add({ match: { service: "graph" }, times: "always", action });
			return {};
		},
	},
	{
		title: "a refused port",
		reason: /no connection \(ECONNREFUSED\)/,
		maxRequests: 0,
		prepare: () => ({ config: { "autopilot:endpoint": NOBODY } }),
	},
];

for (const { title, reason, maxRequests, prepare } of TENANT_FAULTS) {
	describe(`${title} of a tenant`, () => {
		test(
			"stops a fleet and is reported once",
			withTenant(async (tenant) => {
				const fleets = openMachineFleets(tenant, prepare(tenant));
				tenant.requests.reset();
				const inputs: Values = { machines: JSON.stringify(declareKiosks(300)) };
				const [message = ""] = await collectMessages([fleets.create(inputs)]);
				assert.match(message, /^\d+ of 300 machines (failed|were not tried)/);
				assert.equal(message.match(new RegExp(reason, "g"))?.length, 1, message);
				assert.ok(message.split("\n").length <= 4, message);
				const requests = tenant.requests.list().length;
				assert.ok(requests <= maxRequests, `${requests} requests`);
				assert.deepEqual(tenant.words.said, []);
			}),
		);

		test(
			"is reported once for fifty single resources",
			withTenant(async (tenant) => {
				const provider = tenant.connect(prepare(tenant));
				tenant.requests.reset();
				assertToldOnce(await collectMessages(createMachines(provider, 50)), reason);
				const requests = tenant.requests.list().length;
				assert.ok(requests <= maxRequests, `${requests} requests`);
			}),
		);
	});
}

test("a missing az is reported once for a fleet of machines and for single machines", () =>
	withEnvironment({ PATH: "/nowhere" }, async () => {
		const words = new MessageRecorder();
		const config: Readonly<Record<string, string>> = { "autopilot:credential": "azureCli" };
		const sources = { config: (key: string) => config[key], env: {} };
		const service = createGraphService({ sources, clock: new QuickClock(), warn: words.say });
		const inputs = { machines: JSON.stringify(declareKiosks(300)) };
		const [message = ""] = await collectMessages([service.autopilotFleet.create(inputs)]);
		assert.equal(message.match(/sign-in by azureCli failed/g)?.length, 1, message);
		const later = await collectMessages(createMachines(service.autopilotIdentity, 50));
		assert.ok(later.every((text) => text.includes("was not tried") && !text.includes("azureCli")));
		assert.deepEqual(words.said, []);
	}));
