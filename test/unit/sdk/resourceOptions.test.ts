import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { hashOrigin, hashResource } from "../../../provider/hiddenInputs.ts";
import { AutopilotFleet } from "../../../provider/sdk/autopilotFleet.ts";
import { AutopilotIdentity } from "../../../provider/sdk/autopilotIdentity.ts";
import { DeviceFleet } from "../../../provider/sdk/deviceFleet.ts";
import { DeviceIdentity } from "../../../provider/sdk/deviceIdentity.ts";
import { awaitOutput } from "./mockedEngine.ts";
import { machine, RESOURCES } from "./resourceClasses.ts";

const told = new Map<string, unknown>();
const dependencies = new Map<string, unknown>();
const inputsByName = new Map<string, Readonly<Record<string, unknown>>>();

/** Waits until the resource is registered. */
async function known(resource: pulumi.Resource): Promise<void> {
	await awaitOutput(resource.urn);
}

/** Runs the following tests in a stack of this organization; mocks need none. */
function inStack(organization?: string, { isPreview = false } = {}): void {
	before(() => {
		const newResource = ({ name, inputs, id }: pulumi.runtime.MockResourceArgs) => {
			told.set(name, inputs["__origin"]);
			dependencies.set(name, inputs["__after"]);
			inputsByName.set(name, inputs);
			return { id: id || name, state: inputs };
		};
		pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "factory", "dev", isPreview, organization);
	});
}

/** Declares a resource and returns the options that its class passes to Pulumi's SDK. */
function capturePassedOptions(
	make: (name: string, opts: pulumi.CustomResourceOptions) => pulumi.Resource,
	name: string,
	opts: pulumi.CustomResourceOptions,
): pulumi.CustomResourceOptions {
	let passed: pulumi.CustomResourceOptions = {};
	make(name, {
		...opts,
		transformations: [
			(args) => {
				passed = args.opts;
				return undefined;
			},
		],
	});
	return passed;
}

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

	for (const [type, make] of Object.entries(RESOURCES)) {
		test(`a ${type} is deleted before a replacement is created, unless the program says otherwise`, () => {
			const passed = [{}, { deleteBeforeReplace: true }, { deleteBeforeReplace: false }].map(
				(opts, at) => capturePassedOptions(make, `${type}-order-${at}`, opts).deleteBeforeReplace,
			);
			assert.deepEqual(passed, [true, true, false]);
		});

		test(`a ${type} passes on whether a replacement is created while it exists`, async () => {
			const cases: readonly [opts: pulumi.CustomResourceOptions, expected: true | undefined][] = [
				[{}, undefined],
				[{ deleteBeforeReplace: true, retainOnDelete: false }, undefined],
				[{ deleteBeforeReplace: false }, true],
				[{ retainOnDelete: true }, true],
			];
			for (const [at, [opts, expected]] of cases.entries()) {
				await known(make(`${type}-first-${at}`, opts));
				assert.equal(inputsByName.get(`${type}-first-${at}`)?.["__createsFirst"], expected);
			}
		});

		test(`a ${type} that others depend on is named by its hash, once`, async () => {
			const parent = make(`${type}-parent`);
			const first = new DeviceIdentity(`${type}-other`);
			await known(new DeviceIdentity(`${type}-now`, {}, { dependsOn: [first, first], parent }));
			const dependsOn = Promise.resolve([first, first]);
			await known(new DeviceIdentity(`${type}-later`, {}, { dependsOn, parent }));
			const hashes = `${hashResource("DeviceIdentity", `${type}-other`)} ${hashResource(type, `${type}-parent`)}`;
			assert.deepEqual(
				[dependencies.get(`${type}-now`), dependencies.get(`${type}-later`)],
				[hashes, hashes],
			);
		});

		test(`a ${type} does not say that it is part of a preview`, async () => {
			await known(make(`${type}-up`));
			assert.equal(inputsByName.get(`${type}-up`)?.["__preview"], undefined);
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

describe("in a preview", () => {
	inStack("acme", { isPreview: true });
	for (const [type, make] of Object.entries(RESOURCES)) {
		test(`a ${type} says so`, async () => {
			await known(make(`${type}-preview`));
			assert.equal(inputsByName.get(`${type}-preview`)?.["__preview"], true);
		});
	}
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
