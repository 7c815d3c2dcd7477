import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { AutopilotFleet } from "../../../provider/sdk/autopilotFleet.ts";
import { AutopilotIdentity } from "../../../provider/sdk/autopilotIdentity.ts";
import { DeviceFleet } from "../../../provider/sdk/deviceFleet.ts";
import { DeviceIdentity } from "../../../provider/sdk/deviceIdentity.ts";
import { awaitOutput } from "./mockedEngine.ts";

const told = new Map<string, Readonly<Record<string, unknown>>>();

before(() => {
	const newResource = ({ name, inputs, id }: pulumi.runtime.MockResourceArgs) => {
		told.set(name, inputs);
		return { id: id || name, state: inputs };
	};
	pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "factory", "dev", false, "acme");
});

type Options = pulumi.CustomResourceOptions;
const machine = { serialNumber: "5CG1", hardwareIdentifier: "aGFzaA==" };
const CLASSES: Readonly<Record<string, (name: string, opts?: Options) => pulumi.Resource>> = {
	DeviceIdentity: (name, opts) => new DeviceIdentity(name, {}, opts),
	DeviceFleet: (name, opts) => new DeviceFleet(name, { devices: {} }, opts),
	AutopilotIdentity: (name, opts) => new AutopilotIdentity(name, machine, opts),
	AutopilotFleet: (name, opts) => new AutopilotFleet(name, { machines: {} }, opts),
};

/** Returns a hidden input and the options as the engine would get them. */
async function register(make: (opts: Options) => pulumi.Resource, opts: Options, input: string) {
	let seen: Options = {};
	const see: pulumi.ResourceTransformation = ({ opts: given }) => {
		seen = given;
		return undefined;
	};
	const resource = make({ ...opts, transformations: [see] });
	const name = (await awaitOutput(resource.urn)).split("::").at(-1) ?? "";
	return { value: told.get(name)?.[input], has: Object.hasOwn(told.get(name) ?? {}, input), seen };
}

for (const [type, make] of Object.entries(CLASSES)) {
	describe(`a ${type}`, () => {
		test("refuses the option import with one error that says what to use instead", () => {
			assert.throws(
				() => make("old", { import: "dev-1" }),
				(error) =>
					error instanceof TypeError &&
					/"old": the option `import` does not work/.test(error.message) &&
					/`adopt: true`.*`npx device-identity adopt`.*`pulumi import --file`/.test(error.message) &&
					/\.get\(name, id\)/.test(error.message) === !type.endsWith("Fleet"),
			);
		});

		test("passes the paths of ignoreChanges on, and nothing without the option", async () => {
			const ignoring = await register(
				(opts) => make("ignoring", opts),
				{ ignoreChanges: ["adopt", "a.b"] },
				"__ignored",
			);
			assert.equal(ignoring.value, '[["a","b"],["adopt"]]');
			const plain = await register((opts) => make("plain", opts), {}, "__ignored");
			assert.deepEqual([plain.has, plain.seen.ignoreChanges], [false, undefined]);
		});

		test("gives the engine the names of its inputs for *, without the hidden ones", async () => {
			const { value, seen } = await register(
				(opts) => make("all", opts),
				{ ignoreChanges: ["*", "etag"] },
				"__ignored",
			);
			assert.equal(value, '[["*"],["etag"]]');
			assert.ok(seen.ignoreChanges?.includes("adopt") && seen.ignoreChanges.includes("etag"));
			assert.ok(!seen.ignoreChanges?.some((path) => path === "*" || path.startsWith("__")));
		});

		test("refuses a path that the engine would silently drop", () => {
			assert.throws(() => make("odd", { ignoreChanges: ["a[b].c"] }), {
				name: "TypeError",
				message: /"odd": ignoreChanges "a\[b\]\.c" is not a path/,
			});
		});

		test("says whether it has a provider of its own", async () => {
			class Provider extends pulumi.ProviderResource {}
			const provider = new Provider("pulumi-nodejs", `hub-of-${type}`, {});
			const other = new Provider("azure-native", `cloud-of-${type}`, {});
			const parent = new pulumi.ComponentResource("a:B", `site-of-${type}`, {}, { providers: [provider] });
			const find = async (name: string, opts: Options) =>
				(await register((own) => make(name, own), opts, "__explicitProvider")).value;
			assert.equal(await find("direct", { provider }), true);
			assert.equal(await find("inherited", { parent }), true);
			assert.equal(await find("foreign", { provider: other }), undefined);
			assert.equal(await find("none", {}), undefined);
		});
	});
}

describe("a path into the members of a fleet", () => {
	const refuse = (path: string, message: RegExp) =>
		assert.throws(() => make(path), { name: "TypeError", message }, path);
	const make = (path: string) => new DeviceFleet("plant", { devices: {} }, { ignoreChanges: [path] });

	test("is accepted if it names a property that members can have", () => {
		for (const path of [
			'devices["a.b"].status',
			"devices[*].parent",
			"devices.*",
			"*",
			"rotation.generation",
		])
			assert.ok(make(path));
		assert.ok(new AutopilotFleet("kiosks", { machines: {} }, { ignoreChanges: ["machines.*.groupTag"] }));
	});

	test("is refused with what to write instead", () => {
		refuse("defaults.status", /cannot be ignored, because defaults become properties of the devices/);
		refuse("devices[0].status", /by its position\. Name it by its key: `devices\["dev-1"\]\.status`/);
		refuse(
			"devices.a.b.status",
			/"b", which none of the devices can have\. Quote a name that contains a dot/,
		);
		refuse("devices.a.staus", /The nearest one is "status"/);
	});
});
