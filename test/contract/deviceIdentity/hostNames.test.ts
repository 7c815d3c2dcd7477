import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createIotHubService } from "../../../provider/iothub/service.ts";
import { createWorld } from "../../emulator/world.ts";
import { declareDeviceFleet, takeWrites } from "../deviceFleet/withFleet.ts";
import { createServiceClock, createServiceNetwork } from "../harness/emulatedServices.ts";
import { Resource } from "../harness/resource.ts";
import { Stack } from "../harness/stack.ts";
import { catchError } from "../scene.ts";
import type { HubOptions, HubStage } from "../subject/hubStage.ts";
import type { Values } from "../subject/subject.ts";
import { withHub } from "./withHub.ts";

const CLASSIC = "fleet.azure-devices.net";
const DEVICE = "fleet.device.azure-devices.net";
const SERVICE = "fleet.service.azure-devices.net";
const SPELLINGS = [CLASSIC, DEVICE, SERVICE, "Fleet.Service.Azure-Devices.net", `${CLASSIC}.`];

/** Returns a test with a hub that has three names. */
const withNamedHub = (play: (hub: HubStage) => Promise<void>) =>
	withHub(play, { emulator: { hostName: CLASSIC } });

/** Returns the options of a process whose settings name the hub in this way. */
function spellSettings(hub: HubStage, hostName: string): HubOptions {
	return { config: { "iothub:connectionString": hub.control.hub.connectionString("iothubowner", hostName) } };
}

/** A way to declare a device. */
interface Subject {
	readonly title: string;
	open(hub: HubStage, options?: HubOptions): ReturnType<HubStage["open"]>["deviceIdentity"];
	declare(rest?: Values, device?: Values): Values;
}

const SUBJECTS: readonly Subject[] = [
	{
		title: "DeviceIdentity",
		open: (hub, options) => hub.open(options).deviceIdentity,
		declare: (rest, device) => ({ deviceId: "press", status: "enabled", ...device, ...rest }),
	},
	{
		title: "DeviceFleet",
		open: (hub, options) => hub.words.listenTo(hub.open(options).deviceFleet),
		declare: (rest, device) => declareDeviceFleet({ press: { status: "enabled", ...device } }, rest),
	},
];

/** Returns the state that an earlier release wrote, which kept the host name as it was configured. */
function respell(
	{ id, inputs, outputs, initErrors }: Resource["known"],
	hostName: string,
): Resource["known"] {
	const change = (values: Values): Values =>
		JSON.parse(JSON.stringify(values).replaceAll(CLASSIC, hostName.toLowerCase()));
	return {
		id: id.replace(CLASSIC, hostName.toLowerCase()),
		inputs: change(inputs),
		outputs: change(outputs),
		initErrors,
	};
}

/** Asserts that a resource is as deployed under this spelling of its hub, before and after a refresh. */
async function assertNothingPlanned(hub: HubStage, resource: Resource, declared: Values): Promise<void> {
	const device = hub.getDevice("press");
	const said = hub.words.said.length;
	const { state } = resource;
	assert.equal((await resource.plan(declared)).step, "same");
	await resource.refresh();
	assert.deepEqual(resource.state, state, "a refresh changes nothing");
	assert.equal((await resource.plan(declared)).step, "same");
	assert.deepEqual(takeWrites(hub), []);
	assert.deepEqual(hub.getDevice("press"), device);
	assert.deepEqual(hub.words.said.slice(said), []);
}

for (const { title, open, declare } of SUBJECTS) {
	describe(`The host name of the hub of a ${title}`, () => {
		for (const from of [CLASSIC, SERVICE]) {
			const to = from === CLASSIC ? SERVICE : CLASSIC;
			test(
				`changes nothing if the settings have ${to} instead of ${from}`,
				withNamedHub(async (hub) => {
					let options = spellSettings(hub, from);
					const resource = new Resource(() => open(hub, options));
					await resource.up(declare());
					takeWrites(hub);
					options = spellSettings(hub, to);
					await assertNothingPlanned(hub, resource, declare());
					options = { config: { ...options.config, "iothub:hostName": from } };
					await assertNothingPlanned(hub, resource, declare());
				}),
			);
		}
		test(
			"changes nothing in any spelling that the program declares",
			withNamedHub(async (hub) => {
				const resource = new Resource(() => open(hub));
				await resource.up(declare({ hubHostName: SERVICE }));
				takeWrites(hub);
				assert.equal(resource.getOutput("hubHostName"), CLASSIC);
				assert.equal(resource.known.inputs["hubHostName"], CLASSIC);
				for (const hubHostName of [...SPELLINGS, undefined])
					await assertNothingPlanned(
						hub,
						resource,
						declare(hubHostName === undefined ? {} : { hubHostName }),
					);
			}),
		);
		test(
			"of another hub still replaces",
			withNamedHub(async (hub) => {
				const resource = new Resource(() => open(hub));
				await resource.up(declare());
				const { replaces } = await resource.plan(declare({ hubHostName: "service.azure-devices.net" }));
				assert.deepEqual(replaces, ["hubHostName"]);
			}),
		);
		for (const hostName of SPELLINGS.slice(0, 3)) {
			test(
				`may be ${hostName} in state of an earlier release, which is not a change and is rewritten by the next one`,
				withNamedHub(async (hub) => {
					const resource = new Resource(() => open(hub));
					await resource.up(declare());
					takeWrites(hub);
					const { generationId } = hub.getDevice("press");
					resource.state = respell(resource.known, hostName);
					for (const configured of [CLASSIC, SERVICE]) {
						const { id, outputs } = resource.known;
						const process = open(hub, spellSettings(hub, configured));
						const { status } = await process.inspectResource(id, outputs, { consistency: "strong" });
						assert.equal(status, "unchanged");
						const same = new Resource(() => open(hub, spellSettings(hub, configured)));
						same.state = resource.known;
						await assertNothingPlanned(hub, same, declare());
					}
					hub.control.devices.change("press", {});
					await resource.refresh();
					assert.equal((await resource.plan(declare())).step, "same", "another etag is not a change");
					const changed = declare({}, { statusReason: "moved" });
					assert.equal(await resource.up(changed), "update");
					assert.equal(resource.getOutput("hubHostName"), CLASSIC);
					assert.doesNotMatch(JSON.stringify(resource.known.outputs), /fleet\.(service|device)\./);
					assert.equal(hub.getDevice("press").generationId, generationId);
					assert.deepEqual(takeWrites(hub), ["PUT press"]);
					resource.state = respell(resource.known, hostName);
					await resource.destroy();
					assert.deepEqual(hub.control.devices.list(), []);
				}),
			);
		}
		test(
			"may be an old spelling in state while a refresh takes drift into it",
			withNamedHub(async (hub) => {
				const resource = new Resource(() => open(hub));
				await resource.up(declare());
				resource.state = respell(resource.known, SERVICE);
				hub.control.devices.change("press", { status: "disabled" });
				await resource.refresh();
				if (title === "DeviceIdentity") assert.equal(resource.known.inputs["hubHostName"], CLASSIC);
				const { step, replaces } = await resource.plan(declare());
				assert.deepEqual({ step, replaces }, { step: "update", replaces: [] });
				await resource.up(declare());
				assert.equal(hub.getDevice("press").status, "enabled");
			}),
		);
	});
}

describe("Two spellings of one hub in one program", () => {
	const createProgram = (hub: HubStage): Stack => {
		return new Stack(() => {
			const { deviceIdentity, deviceFleet } = hub.open();
			return { single: deviceIdentity, fleet: hub.words.listenTo(deviceFleet) };
		});
	};
	const declareAs = (type: "single" | "fleet", name: string, rest: Values) => ({
		name,
		type,
		inputs:
			type === "single" ? { deviceId: "press", ...rest } : declareDeviceFleet({ press: {} }, { ...rest }),
	});

	for (const [one, other] of [
		["single", "single"],
		["single", "fleet"],
		["fleet", "single"],
		["fleet", "fleet"],
	] as const) {
		test(
			`are the same device declared twice: ${one} and ${other}`,
			withNamedHub(async (hub) => {
				const { message, ...error } = await catchError(
					createProgram(hub).up([
						declareAs(one, "first", { hubHostName: SERVICE }),
						declareAs(other, "second", { hubHostName: CLASSIC, adopt: true }),
					]),
				);
				assert.match(JSON.stringify([message, error]), /press is already in this stack.*DeclaredTwice/);
				assert.deepEqual(takeWrites(hub), ["PUT press"]);
			}),
		);
		test(
			`let a device move from ${one} to ${other}, which deletes nothing`,
			withNamedHub(async (hub) => {
				const program = createProgram(hub);
				await program.up([declareAs(one, "first", { hubHostName: SERVICE })]);
				// The record that gives the device up is from an earlier release.
				program.entries = program.entries.map((entry) => ({
					...entry,
					state: respell(entry.state, SERVICE),
				}));
				const before = hub.getDevice("press");
				await program.up([declareAs(other, "second", { hubHostName: CLASSIC, adopt: true })]);
				assert.deepEqual(hub.getDevice("press"), before);
				assert.deepEqual(
					program.entries.map(({ name }) => name),
					["second"],
				);
				assert.match(hub.words.said.join("\n"), /press stays as it is/);
				await program.destroy();
				assert.deepEqual(hub.control.devices.list(), []);
			}),
		);
	}
});

describe("The host name in connection strings of devices", () => {
	const getHost = (text: unknown): string | undefined => /^HostName=([^;]*);/.exec(String(text))?.[1];
	const NAMES = ["primaryConnectionString", "secondaryConnectionString"];

	for (const configured of [CLASSIC, SERVICE]) {
		for (const [type, host] of [
			[undefined, CLASSIC],
			["classic", CLASSIC],
			["device", DEVICE],
		] as const) {
			test(
				`is ${host} with ${configured} in the settings and deviceHostName ${type ?? "not set"}`,
				withNamedHub(async (hub) => {
					const { config } = spellSettings(hub, configured);
					const options = { config: { ...config, ...(type && { "iothub:deviceHostName": type }) } };
					const resource = hub.createResource(options);
					await resource.up({ deviceId: "press", hubHostName: SERVICE });
					const found = await hub.open(options).functions.getCredentials({ deviceId: "press" });
					for (const name of NAMES) {
						assert.equal(getHost(resource.getOutput(name)), host);
						assert.equal(found[name], resource.getOutput(name));
					}
					assert.equal(resource.getOutput("hubHostName"), CLASSIC);
					assert.equal((await resource.plan({ deviceId: "press" })).step, "same");
				}),
			);
		}
	}
	test(
		"follows the setting in both directions without a write to the hub",
		withNamedHub(async (hub) => {
			let config: Record<string, string> = {};
			const resource = new Resource(() => hub.connect({ config }));
			const declared = { deviceId: "press", authentication: { type: "sas" } };
			await resource.up(declared);
			takeWrites(hub);
			for (const [type, host] of [
				["device", DEVICE],
				["classic", CLASSIC],
				["device", DEVICE],
				["", CLASSIC],
			] as const) {
				config = { "iothub:deviceHostName": type };
				assert.equal(await resource.up(declared), "update");
				assert.equal(getHost(resource.getOutput("primaryConnectionString")), host);
				assert.equal(await resource.up(declared), "same");
			}
			assert.deepEqual(takeWrites(hub), []);
		}),
	);
	test(
		"of the service in state of an earlier release is replaced if the setting requests the one for devices",
		withNamedHub(async (hub) => {
			const config = { "iothub:deviceHostName": "device" };
			const resource = await hub.deploy({ deviceId: "press" });
			resource.state = respell(resource.known, SERVICE);
			const now = hub.createResource({ config });
			now.state = resource.known;
			assert.equal(await now.up({ deviceId: "press" }), "update");
			assert.equal(getHost(now.getOutput("primaryConnectionString")), DEVICE);
		}),
	);
	test(
		"cannot be the service's",
		withNamedHub(async (hub) => {
			const { message } = await catchError(
				hub.createResource({ config: { "iothub:deviceHostName": "service" } }).plan({ deviceId: "press" }),
			);
			assert.match(message, /iothub:deviceHostName is "service".*classic.*device/);
		}),
	);
});

describe("A host name for devices in the settings", () => {
	const advice =
		/which is only for devices\. Use fleet\.service\.azure-devices\.net or fleet\.azure-devices\.net.*`--hostname-type service`/;

	for (const [key, spell] of [
		["iothub:connectionString", (hub: HubStage) => hub.control.hub.connectionString("iothubowner", DEVICE)],
		["iothub:hostName", () => DEVICE],
		["iothub:endpoint", () => `https://${DEVICE}`],
	] as const) {
		test(
			`is refused before the first request: ${key}`,
			withNamedHub(async (hub) => {
				const resource = await hub.deploy({ deviceId: "press" });
				hub.asked();
				const options = { config: { [key]: spell(hub) } };
				for (const work of [
					() =>
						hub
							.createResource(options)
							.plan({ deviceId: "new" })
							.then(({ apply }) => apply()),
					() => Object.assign(hub.createResource(options), { state: resource.known }).refresh(),
					() => Object.assign(hub.createResource(options), { state: resource.known }).destroy(),
					async () => hub.open(options).functions.getDevice({ deviceId: "press" }),
					async () => hub.open(options).findAdoptable({}),
				]) {
					const { message } = await catchError((async () => work())());
					assert.match(message, new RegExp(`^${key} has the host name ${DEVICE}, `));
					assert.match(message, advice);
				}
				assert.deepEqual(hub.asked(), []);
			}),
		);
	}
});

test(
	"Lookups and adoption accept every spelling, and return the classic one",
	withNamedHub(async (hub) => {
		hub.seed({ deviceId: "press" });
		for (const hubHostName of SPELLINGS) {
			const { functions, findAdoptable } = hub.open();
			const found = await functions.getDevice({ deviceId: "press", hubHostName });
			assert.equal(found["hubHostName"], CLASSIC);
			const adoptable = await findAdoptable({ hubHostName });
			assert.equal(adoptable.hubHostName, CLASSIC);
			assert.equal(adoptable.toFleet().fleet.id, CLASSIC);
			const [device] = (await adoptable.toResources()).devices;
			assert.equal(device?.outputs["hubHostName"], CLASSIC);
			const { message } = await catchError(functions.getDevice({ deviceId: "nobody", hubHostName }));
			assert.match(message, /does not exist in hub fleet\.azure-devices\.net\./);
		}
	}),
);

test(
	"A device that is only read has the classic name of its hub, also without hubHostName",
	withNamedHub(async (hub) => {
		hub.seed({ deviceId: "press" });
		for (const inputs of [{}, { hubHostName: SERVICE }]) {
			const { props } = await hub
				.connect(spellSettings(hub, SERVICE))
				.read("press", { deviceId: "press", ...inputs });
			assert.equal(props["hubHostName"], CLASSIC);
			assert.match(
				String(props["primaryConnectionString"]),
				/^HostName=fleet\.azure-devices\.net;DeviceId=press;/,
			);
		}
	}),
);

describe("Requests without an endpoint", () => {
	for (const audience of ["any", "exact"] as const) {
		for (const [configured, contacted] of [
			[[CLASSIC], CLASSIC],
			[[SERVICE], SERVICE],
			[[CLASSIC, SERVICE], SERVICE],
			[[SERVICE, CLASSIC], SERVICE],
		] as const) {
			test(`go to ${contacted} with ${configured.join(" and ")} configured, for a signature of ${audience} name`, async () => {
				const place = { hostName: CLASSIC, port: 443, origin: `https://${CLASSIC}` };
				const world = createWorld({ switches: { sasAudience: audience } }, place);
				const hosts = new Set<string>();
				const send = createServiceNetwork(world);
				const { hub } = world.control;
				const settings: Readonly<Record<string, string>> = {
					"iothub:connectionString": configured
						.map((hostName) => hub.connectionString("iothubowner", hostName))
						.join("\n"),
				};
				const clock = createServiceClock(world);
				const open = () =>
					createIotHubService({
						sources: { config: (key) => settings[key], env: {} },
						clock,
						warn: assert.fail,
						network: (request) => {
							hosts.add(request.url.host);
							return send(request);
						},
					}).deviceIdentity;
				const resource = new Resource(open);
				await resource.up({ deviceId: "press", hubHostName: CLASSIC });
				await resource.refresh();
				await resource.destroy();
				world.way.clock.stop();
				assert.deepEqual([...hosts], [contacted]);
			});
		}
	}
});
