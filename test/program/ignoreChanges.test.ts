import assert from "node:assert/strict";
import type { Declared } from "./scenario.ts";
import { type Seen, testOwnedScenario } from "./scenario.ts";

const DEVICE = { status: "enabled", statusReason: "in service" };

/** Declares a device and a fleet, each with a field that is ignored. */
function declareIgnoring({
	device = {},
	member = {},
	paths = ["status"],
	memberPaths = ['devices["dev.1"].status'],
}: {
	device?: Readonly<Record<string, unknown>>;
	member?: Readonly<Record<string, unknown>>;
	paths?: readonly string[];
	memberPaths?: readonly string[];
} = {}): Declared {
	return {
		press: { type: "DeviceIdentity", ...DEVICE, ...device, opts: { ignoreChanges: paths } },
		plant: {
			type: "DeviceFleet",
			devices: { "dev.1": { ...DEVICE, ...member }, "dev-2": DEVICE },
			opts: { ignoreChanges: memberPaths },
		},
	};
}

function assertStatus({ emulator }: Seen, status: string): void {
	const statuses = ["press", "dev.1"].map((id) => emulator.control.devices.get(id)?.status);
	assert.deepEqual(statuses, [status, status]);
}

/** Asserts that no message reports a change. */
function assertSilent({ outcome }: Seen): void {
	assert.doesNotMatch(outcome.output, /outside Pulumi|to change/);
}

testOwnedScenario("a field in ignoreChanges follows neither the program nor this package", [
	{
		run: "up",
		resources: declareIgnoring(),
		steps: ["create plant", "create press"],
		see: (seen) => assertStatus(seen, "enabled"),
	},
	{
		run: "preview",
		meanwhile({ emulator }) {
			for (const id of ["press", "dev.1"]) emulator.control.devices.change(id, { status: "disabled" });
		},
		options: { expectNoChanges: true },
		steps: [],
		see: assertSilent,
	},
	{
		run: "preview",
		options: { expectNoChanges: true, refresh: true },
		steps: [],
		see: assertSilent,
	},
	{ run: "up", options: { expectNoChanges: true }, steps: [], see: (seen) => assertStatus(seen, "disabled") },
	{ run: "refresh", options: { expectNoChanges: true }, see: assertSilent },
	{ run: "up", options: { expectNoChanges: true }, steps: [], see: (seen) => assertStatus(seen, "disabled") },
	{
		run: "up",
		resources: declareIgnoring({ device: { statusReason: "spare" }, member: { statusReason: "spare" } }),
		steps: ["update plant", "update press"],
		see: (seen) => assertStatus(seen, "disabled"),
	},
	{
		run: "up",
		resources: declareIgnoring({
			device: { statusReason: "stolen", deviceId: "other", status: "disabled" },
			paths: ["*"],
			memberPaths: ["devices"],
		}),
		steps: ["update plant", "update press"],
		see({ emulator, state }) {
			const reasons = emulator.control.devices
				.list()
				.map(({ deviceId, statusReason }) => [deviceId, statusReason]);
			assert.deepEqual(reasons.sort(), [
				["dev-2", "in service"],
				["dev.1", "spare"],
				["press", "spare"],
			]);
			const press = state.deployment.resources?.find(({ urn }) => urn.endsWith("::press"));
			assert.equal(press?.outputs?.["__ignored"], '[["*"]]');
		},
	},
	{
		run: "up",
		resources: declareIgnoring({ device: { statusReason: "spare" }, member: { statusReason: "spare" } }),
		steps: ["update plant", "update press"],
		see: (seen) => assertStatus(seen, "disabled"),
	},
	{
		run: "up",
		options: { replace: ["urn:pulumi:dev::owned::pulumi-nodejs:dynamic/iothub:DeviceIdentity::press"] },
		see({ emulator }) {
			assert.equal(
				emulator.control.devices.get("press")?.status,
				"enabled",
				"a creation writes what is declared",
			);
		},
	},
	{
		run: "up",
		resources: declareIgnoring({
			device: { statusReason: "spare" },
			member: { statusReason: "spare" },
			paths: [],
			memberPaths: [],
		}),
		see: (seen) => assertStatus(seen, "enabled"),
		says: [/1 device to change:\n\s*status: dev\.1/],
	},
	{ run: "destroy" },
]);

const REPEATED = { A: "A".repeat(40), B: "B".repeat(40), C: "C".repeat(40) };

/** Declares a device with ignored fields, one of them nested, and a fleet all of whose devices are ignored. */
function declareIgnored(letter: "A" | "B", status: string, devices: object): Declared {
	return {
		ig: {
			type: "DeviceIdentity",
			status,
			statusReason: letter,
			authentication: { type: "selfSigned", x509Thumbprint: { primaryThumbprint: REPEATED[letter] } },
			opts: { ignoreChanges: ["statusReason", "authentication.x509Thumbprint.primaryThumbprint", "status"] },
		},
		igf: { type: "DeviceFleet", devices, opts: { ignoreChanges: ["devices"] } },
	};
}

/** Asserts the status and the thumbprint of the single device, and the status of the fleet's. */
function assertLeftAlone({ emulator, outcome }: Seen, status: string, thumbprint: string): void {
	const devices = emulator.control.devices.list();
	assert.deepEqual(devices.map((device) => [device.deviceId, device.status]).sort(), [
		["ig", status],
		["m", status],
		["n", "enabled"],
	]);
	const { x509Thumbprint } = emulator.control.devices.get("ig")?.authentication ?? {};
	assert.equal(x509Thumbprint?.primaryThumbprint, thumbprint);
	assert.doesNotMatch(outcome.output, /outside Pulumi|to change/);
}

testOwnedScenario(
	"what an operator changed stays, in an ignored nested field and in an ignored fleet, with and without a refresh",
	[
		{
			run: "up",
			resources: declareIgnored("A", "enabled", { m: { status: "enabled" }, n: {} }),
			see: (seen) => assertLeftAlone(seen, "enabled", REPEATED.A),
		},
		{
			run: "up",
			resources: declareIgnored("B", "disabled", { m: { status: "disabled" } }),
			steps: [],
			see: (seen) => assertLeftAlone(seen, "enabled", REPEATED.A),
		},
		{
			run: "up",
			meanwhile({ emulator: { control } }) {
				const x509Thumbprint = { primaryThumbprint: REPEATED.C };
				control.devices.change("ig", {
					status: "disabled",
					authentication: { type: "selfSigned", x509Thumbprint },
				});
				control.devices.change("m", { status: "disabled" });
			},
			options: { expectNoChanges: true },
			steps: [],
			see: (seen) => assertLeftAlone(seen, "disabled", REPEATED.C),
		},
		...[
			declareIgnored("A", "enabled", { m: { status: "enabled" }, n: {} }),
			declareIgnored("B", "enabled", { m: {} }),
		].flatMap((resources) =>
			[false, true].map((refresh) => ({
				run: "up" as const,
				resources,
				options: { refresh, expectNoChanges: !refresh },
				see: (seen: Seen) => assertLeftAlone(seen, "disabled", REPEATED.C),
			})),
		),
	],
);

testOwnedScenario("the option import is one error that names what works", [
	{
		run: "preview",
		resources: { press: { type: "DeviceIdentity", opts: { import: "press" } } },
		exit: 1,
		says: [/the option `import` does not work/, /`adopt: true`/, /npx device-identity adopt/],
		see({ outcome }) {
			assert.doesNotMatch(outcome.output, /toJavaScript/);
			assert.equal(outcome.output.match(/does not work for resources of this package/g)?.length, 1);
		},
	},
]);

testOwnedScenario("a path into a fleet that names nothing is refused", [
	{
		run: "preview",
		resources: {
			plant: { type: "DeviceFleet", devices: {}, opts: { ignoreChanges: ["devices.a.b.status"] } },
		},
		exit: 1,
		says: [/Quote a name that contains a dot, as in `devices\["dev-1"\]\.status`/],
	},
]);
