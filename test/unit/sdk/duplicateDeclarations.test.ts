import assert from "node:assert/strict";
import { before, beforeEach, describe, mock, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { AutopilotFleet } from "../../../provider/sdk/autopilotFleet.ts";
import { AutopilotIdentity } from "../../../provider/sdk/autopilotIdentity.ts";
import { DeviceFleet } from "../../../provider/sdk/deviceFleet.ts";
import { DeviceIdentity } from "../../../provider/sdk/deviceIdentity.ts";
import { trackDeclaration } from "../../../provider/sdk/duplicateDeclarations.ts";
import { generateHardwareHash } from "../../emulator/graph/hardwareHash.ts";

/** Outputs for which the engine returns another value than the program declares, by resource name. */
const known: Record<string, Readonly<Record<string, unknown>>> = {};
const said: string[] = [];

const MOCKS: pulumi.runtime.Mocks = {
	newResource: ({ name, inputs, id }) => ({
		id: id || name,
		state: { ...inputs, hubHostName: inputs["hubHostName"] ?? "a.example", ...known[name] },
	}),
	call: () => ({}),
};

before(() => {
	mock.method(pulumi.log, "error", (text: string) => {
		said.push(text);
		return Promise.resolve();
	});
});

beforeEach(async () => {
	await pulumi.runtime.setMocks(MOCKS);
	for (const name of Object.keys(known)) delete known[name];
});

/** Runs a program as Pulumi does, or without a stack as in a unit test. Returns the errors that were logged. */
async function toldOf(program: () => void, { inStack = true } = {}): Promise<readonly string[]> {
	said.length = 0;
	if (inStack) await pulumi.runtime.runInPulumiStack(async () => program());
	else program();
	await pulumi.runtime.disconnect();
	await new Promise(setImmediate);
	return [...said];
}

const device =
	(deviceId: pulumi.Input<string>, opts: pulumi.CustomResourceOptions = {}, hubHostName = "a.example") =>
	(name: string) =>
		new DeviceIdentity(name, { deviceId, hubHostName }, opts);
const fleet =
	(...ids: string[]) =>
	(name: string) =>
		new DeviceFleet(name, { devices: Object.fromEntries(ids.map((id) => [id, {}])) });
const fleetIn = (hubHostName: string, deviceId: string) => (name: string) =>
	new DeviceFleet(name, { devices: { [deviceId]: {} }, hubHostName });
const machine =
	(serialNumber: string, hardwareIdentifier?: string, rest: { productKey?: string } = {}) =>
	(name: string) =>
		new AutopilotIdentity(name, {
			serialNumber,
			...(hardwareIdentifier === undefined ? { adopt: true } : { hardwareIdentifier }),
			...rest,
		});
const inComponent = (deviceId: string) => (name: string) =>
	device(deviceId, { parent: new pulumi.ComponentResource("test:index:Line", "line") })(name);
const kiosks =
	(...serials: string[]) =>
	(name: string) =>
		new AutopilotFleet(name, {
			machines: serials.map((serialNumber) => ({ serialNumber, hardwareIdentifier: "T0E=" })),
		});

/** A hash of a board whose UUID nobody filled in. */
const createBlankHash = (collectedAt: number) =>
	generateHardwareHash("S", { uuid: Buffer.alloc(16), collectedAt });

type Declaration = (name: string) => pulumi.Resource;

/** A program of two resources, `one` and `two`. */
const both = (one: Declaration, two: Declaration) => () => {
	one("one");
	two("two");
};

describe("an object that two resources of a program declare is reported for the second one", () => {
	const cases: readonly (readonly [string, Declaration, Declaration, string])[] = [
		["a device", device("d"), device("d"), "DeviceIdentity two declares device d in hub a.example"],
		["a fleet's device", device("d"), fleet("c", "d"), "DeviceFleet two declares device d in hub a.example"],
		["a device of two fleets", fleet("d"), fleet("d"), "DeviceFleet two declares device d in hub a.example"],
		[
			"a device by its name",
			device("two"),
			(name) => new DeviceIdentity(name),
			"DeviceIdentity two declares device two in hub",
		],
		[
			"a fleet's machine by its name",
			machine("S", "T0E="),
			(name) => new AutopilotFleet(name, { machines: { S: { hardwareIdentifier: "T0E=" } } }),
			"AutopilotFleet two declares machine S in",
		],
		[
			"a machine with a product key",
			machine("S", "T0E=", { productKey: "P" }),
			machine("S", "T0E=", { productKey: "P" }),
			"AutopilotIdentity two declares machine S in",
		],
		[
			"a device of one hub under two host names",
			device("d", {}, "h.azure-devices.net"),
			device("d", {}, "H.service.azure-devices.net"),
			"DeviceIdentity two declares device d in hub h.azure-devices.net, which",
		],
		[
			"a fleet's device under the host name for devices",
			device("d", {}, "h.service.azure-devices.net"),
			fleetIn("h.device.azure-devices.net", "d"),
			"DeviceFleet two declares device d in hub h.azure-devices.net, which",
		],
		["a machine", machine("S", "T0E="), machine("S", "T0E="), "AutopilotIdentity two declares machine S in"],
		["a fleet's machine", kiosks("S"), machine("S", "T0E="), "AutopilotIdentity two declares machine S in"],
		[
			"a machine with different product keys",
			machine("S", "T0E=", { productKey: "P" }),
			machine("S", "T0E=", { productKey: "Q" }),
			"AutopilotIdentity two declares machine S in",
		],
		[
			"a machine whose hash was collected twice",
			machine("S", generateHardwareHash("S", { collectedAt: 3 })),
			machine("S", generateHardwareHash("S", { collectedAt: 6 })),
			"AutopilotIdentity two declares machine S in",
		],
		["a device in a component", device("d"), inComponent("d"), "DeviceIdentity two declares device d in hub"],
		["a machine of two fleets", kiosks("S", "T"), kiosks("T"), "AutopilotFleet two declares machine T in"],
	];
	for (const [title, one, two, start] of cases) {
		test(title, async () => {
			const [text = "", ...others] = await toldOf(both(one, two));
			assert.deepEqual(others, []);
			assert.equal(text.slice(0, start.length), start);
			assert.match(text, /, which \w+ one also declares\. .*Declare it in one place\. \[DeclaredTwice\]$/);
		});
	}

	test("regardless of which one the engine registered first", async () => {
		let later: (id: string) => void = () => {};
		const id = new Promise<string>((resolve) => {
			later = resolve;
		});
		const told = await toldOf(() => {
			device(id)("one");
			device("d")("two").urn.apply(() => later("d"));
			fleet("d")("three");
		});
		assert.deepEqual(told.map((text) => text.split(" ")[1]).sort(), ["three", "two"]);
	});

	test("with the names of the first few objects if there are many", async () => {
		const ids = Array.from({ length: 1_000 }, (_, at) => `d${at}`);
		const [text = "", ...others] = await toldOf(both(fleet(...ids), fleet(...ids)));
		assert.deepEqual(others, []);
		assert.match(text, /declares 1000 devices d0, d1, d2, d3, d4 and 995 more in hub a\.example, which/);
	});

	test("if the devices are a secret, without repeating a key", async () => {
		const authentication = { symmetricKey: { primaryKey: "first key", secondaryKey: "other key" } };
		const keyed = (name: string) => new DeviceFleet(name, { devices: { d: { authentication } } });
		const told = await toldOf(both(keyed, keyed));
		assert.equal(told.length, 1);
		assert.doesNotMatch(told.join(), /first key|other key/);
	});
});

/** A program of two resources that have the same name. */
const again =
	(one: Declaration, two: Declaration = one) =>
	() => {
		one("same");
		two("same");
	};

describe("nothing is reported for", () => {
	const cases: readonly (readonly [string, () => void])[] = [
		["one device on two hubs", both(device("d"), device("d", {}, "b.example"))],
		["devices whose ids differ by case, which count as two", both(device("d"), device("D"))],
		["fleets without a device in common", both(fleet("a", "b"), fleet("c"))],
		[
			"machines with the same serial number and different hashes",
			both(machine("S", "T0E="), machine("S", "T0F=")),
		],
		[
			"machines whose hashes say the same except for a placeholder as UUID",
			both(machine("S", createBlankHash(3)), machine("S", createBlankHash(6))),
		],
		[
			"machines without hashes, since several may have the same serial number",
			both(machine("S"), machine("S")),
		],
		["a device that is both declared and read", both(device("d"), (name) => DeviceIdentity.get(name, "d"))],
		["a device with aliases", both(device("d", { aliases: [{ name: "two" }] }), device("e"))],
		[
			"a device whose id is in ignoreChanges",
			both(device("d"), device("d", { ignoreChanges: ["deviceId"] })),
		],
		["a device that a test declares again in the same stack, under the same name", again(device("d"))],
		["a device and another one with the same name in a component", again(device("d"), inComponent("e"))],
	];
	for (const [title, program] of cases) {
		test(title, async () => assert.deepEqual(await toldOf(program), []));
	}

	test("a device that the run excludes and that has the id of another one in state", async () => {
		known["one"] = { deviceId: "d" };
		assert.deepEqual(await toldOf(both(device("moved"), device("d"))), []);
	});

	test("a machine that the run excludes and that has the serial number of another one in state", async () => {
		known["one"] = { serialNumber: "S" };
		assert.deepEqual(await toldOf(both(machine("moved", "T0E="), machine("S", "T0E="))), []);
	});

	test("ids that a transformation makes different", async () => {
		const own: pulumi.ResourceTransformation = ({ name, props, opts }) => ({
			props: { ...props, deviceId: name },
			opts,
		});
		const transformed = device("d", { transformations: [own] });
		assert.deepEqual(await toldOf(both(transformed, transformed)), []);
	});

	test("a device on a hub that is unknown in a preview", async () => {
		await pulumi.runtime.setMocks(MOCKS, undefined, undefined, true);
		assert.equal((await toldOf(both(device("d"), device("d")))).length, 1);
		known["two"] = { hubHostName: pulumi.runtime.unknownValue };
		assert.deepEqual(await toldOf(both(device("d"), device("d"))), []);
	});

	test("fleets for which the mocks of a unit test return no hub", async () => {
		for (const name of ["one", "two"]) known[name] = { hubHostName: undefined };
		assert.deepEqual(await toldOf(both(fleet("d"), fleet("d"))), []);
	});

	test("a program that runs again in the same process", async () => {
		const program = both(device("d"), fleet("e"));
		for (const _ of [1, 2, 3]) assert.deepEqual(await toldOf(program), []);
	});

	test("resources that unit tests declare repeatedly without a stack", async () => {
		assert.equal(pulumi.runtime.getStackResource(), undefined);
		for (const _ of [1, 2, 3])
			assert.deepEqual(await toldOf(both(device("d"), device("d")), { inStack: false }), []);
	});
});

test("the objects of a registry are listed only if another resource declares some in it, since a fleet may be large", async () => {
	const listed: string[] = [];
	const declare = (urn: string, registry: string): void => {
		const resource = new pulumi.ComponentResource("test:index:Line", urn);
		const report = trackDeclaration({ resource, displayName: urn, objectNoun: "device", opts: {} });
		report?.({
			urn,
			registry,
			listObjects: () => {
				listed.push(urn);
				return new Map();
			},
		});
	};
	await toldOf(() => {
		declare("one", "hub a.example");
		declare("two", "hub b.example");
		assert.deepEqual(listed, []);
		declare("three", "hub a.example");
		assert.deepEqual(listed, ["one", "three"]);
	});
	assert.deepEqual(listed, ["one", "three"]);
});
