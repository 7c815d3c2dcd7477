import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { hashOrigin, hashResource } from "../../../provider/hiddenInputs.ts";
import { AutopilotFleet } from "../../../provider/sdk/autopilotFleet.ts";
import { AutopilotIdentity } from "../../../provider/sdk/autopilotIdentity.ts";
import { DeviceFleet } from "../../../provider/sdk/deviceFleet.ts";
import { DeviceIdentity } from "../../../provider/sdk/deviceIdentity.ts";
import { awaitOutput } from "./mockedEngine.ts";

const told = new Map<string, unknown>();
const dependencies = new Map<string, unknown>();

/** Waits until the resource is registered. */
async function known(resource: pulumi.Resource): Promise<void> {
	await awaitOutput(resource.urn);
}

/** Runs the following tests in a stack of this organization; mocks need none. */
function inStack(organization?: string): void {
	before(() => {
		const newResource = ({ name, inputs, id }: pulumi.runtime.MockResourceArgs) => {
			told.set(name, inputs["__origin"]);
			dependencies.set(name, inputs["__after"]);
			return { id: id || name, state: inputs };
		};
		pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "factory", "dev", false, organization);
	});
}

const machine = { serialNumber: "5CG1", hardwareIdentifier: "aGFzaA==" };
const RESOURCES: Readonly<Record<string, (name: string) => pulumi.Resource>> = {
	DeviceIdentity: (name) => new DeviceIdentity(name),
	DeviceFleet: (name) => new DeviceFleet(name, { devices: {} }),
	AutopilotIdentity: (name) => new AutopilotIdentity(name, machine),
	AutopilotFleet: (name) => new AutopilotFleet(name, { machines: {} }),
};

describe("in a stack of an organization", () => {
	inStack("acme");
	for (const [type, make] of Object.entries(RESOURCES)) {
		test(`a ${type} passes its origin to the provider`, async () => {
			await known(make(`${type}-1`));
			assert.equal(told.get(`${type}-1`), `acme/factory/dev/${type}/${type}-1`);
		});

		test(`a program cannot set the origin of a ${type}`, () => {
			const args = { devices: {}, machines: {}, ...machine, __origin: "somebody/else/s/DeviceFleet/plant" };
			const Class = { DeviceIdentity, DeviceFleet, AutopilotIdentity, AutopilotFleet }[type];
			assert.ok(Class);
			assert.throws(() => Reflect.construct(Class, ["x", args]), /has no property "/);
		});
	}

	test("a resource passes on which resources of this package it depends on, if it can", async () => {
		const first = new DeviceIdentity("first");
		const second = new DeviceFleet("second", { devices: {} }, { dependsOn: [first] });
		const component = new pulumi.ComponentResource("acme:Line", "line");
		await known(new DeviceFleet("below", { devices: {} }, { parent: component }));
		const origin = String(told.get("below"));
		assert.match(origin, /^acme\/factory\/dev\/DeviceFleet~[0-9a-f]{8}\/below$/);
		const below = hashOrigin(origin);
		assert.notEqual(below, hashResource("DeviceFleet", "below"));
		await known(second);
		await known(new DeviceIdentity("third", {}, { dependsOn: second, parent: first }));
		await known(new DeviceIdentity("fourth", {}, { dependsOn: [first, component] }));
		await known(new DeviceIdentity("fifth", {}, { dependsOn: Promise.resolve([first]) }));
		const [one, two] = [hashResource("DeviceIdentity", "first"), hashResource("DeviceFleet", "second")];
		assert.deepEqual(
			["first", "second", "third", "fourth", "fifth"].map((name) => dependencies.get(name)),
			["", one, `${two} ${one}`, `${one} ${below}`, one],
		);
	});

	test("a resource that is read passes no origin on", async () => {
		await known(DeviceIdentity.get("seen", "gw-1"));
		await known(AutopilotIdentity.get("kiosk", "6a1f"));
		assert.deepEqual([told.has("seen"), told.get("seen"), told.get("kiosk")], [true, undefined, undefined]);
	});
});

describe("in a unit test with mocks, which have no organization", () => {
	inStack();
	for (const [type, make] of Object.entries(RESOURCES)) {
		test(`a ${type} passes no origin on`, async () => {
			await known(make(`${type}-2`));
			assert.deepEqual([told.has(`${type}-2`), told.get(`${type}-2`)], [true, undefined]);
		});
	}
});
