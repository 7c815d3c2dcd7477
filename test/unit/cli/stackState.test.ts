import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { createProviderConfig, listProviderSettings } from "../../../provider/cli/providerSettings.ts";
import { listManagedObjects, readStackSettings, readStackState } from "../../../provider/cli/stackState.ts";
import { trampoline } from "../../../provider/sdk/trampoline.ts";
import { readSources } from "../../sources.ts";
import { installFakePulumi } from "./fakePulumi.ts";

const TYPE = "pulumi-nodejs:dynamic/iothub:DeviceIdentity";
const MACHINE = "pulumi-nodejs:dynamic/autopilot:AutopilotIdentity";
const createUrn = (type: string, name: string): string => `urn:pulumi:dev::fleet::${type}::${name}`;
const createDeviceState = (name: string, rest: object = {}): object => ({
	urn: createUrn(TYPE, name),
	custom: true,
	type: TYPE,
	id: `id-${name}`,
	outputs: { status: "enabled", __provider: trampoline("deviceIdentity") },
	...rest,
});
const createExport = (resources: readonly object[] | undefined, version = 3): object => ({
	version,
	deployment: { manifest: {}, ...(resources && { resources }) },
});

describe("the objects of a state", () => {
	test("are the managed ones of our types, with the kind from the stored text", () => {
		const machine = {
			...createDeviceState("m", { type: MACHINE, urn: createUrn(MACHINE, "m") }),
			outputs: { __provider: trampoline("autopilotIdentity") },
		};
		const others = [
			{ urn: createUrn("pulumi:pulumi:Stack", "s"), custom: false, type: "pulumi:pulumi:Stack" },
			{
				urn: createUrn("pulumi-nodejs:dynamic:Resource", "r"),
				type: "pulumi-nodejs:dynamic:Resource",
				id: "r",
			},
			createDeviceState("read", { external: true }),
			createDeviceState("old", { delete: true }),
		];
		const objects = listManagedObjects(createExport([...others, createDeviceState("a"), machine]), "it");
		assert.deepEqual(
			objects.map(({ name, id, type, kind }) => ({ name, id, type, kind })),
			[
				{ name: "a", id: "id-a", type: TYPE, kind: "deviceIdentity" },
				{ name: "m", id: "id-m", type: MACHINE, kind: "autopilotIdentity" },
			],
		);
		assert.equal(objects[0]?.values["status"], "enabled");
	});

	test("include every type that one of our classes registers", () => {
		const types = readSources("provider")
			.filter(({ path }) => /^provider\/sdk\/[^/]+\.ts$/.test(path))
			.flatMap(({ tree }) => tree.text.match(/"pulumi-nodejs:dynamic\/[^"]+"/g) ?? [])
			.map((text) => text.slice(1, -1));
		assert.equal(types.length, 4);
		const resources = types.map((type) => createDeviceState("a", { type, urn: createUrn(type, "a") }));
		assert.deepEqual(
			listManagedObjects(createExport(resources), "it").map(({ type }) => type),
			types,
		);
	});

	test("have a name, which may contain the URN's separator", () => {
		assert.equal(listManagedObjects(createExport([createDeviceState("a::b")]), "it")[0]?.name, "a::b");
	});

	test("have no kind if the stored text is not ours", () => {
		const outputs = { __provider: "exports.handler = () => {}" };
		assert.equal(
			listManagedObjects(createExport([createDeviceState("a", { outputs })]), "it")[0]?.kind,
			undefined,
		);
		assert.equal(
			listManagedObjects(createExport([createDeviceState("a", { outputs: undefined })]), "it")[0]?.kind,
			undefined,
		);
	});

	test("have the kind of the inputs' stored text if the outputs have none", () => {
		const device = createDeviceState("a", { outputs: {}, inputs: { __provider: trampoline("deviceFleet") } });
		assert.equal(listManagedObjects(createExport([device]), "it")[0]?.kind, "deviceFleet");
		const both = createDeviceState("a", { inputs: { __provider: trampoline("deviceFleet") } });
		assert.equal(listManagedObjects(createExport([both]), "it")[0]?.kind, "deviceIdentity");
	});

	test("are none if the stack was never deployed", () => {
		assert.deepEqual(listManagedObjects(createExport(undefined), "it"), []);
		assert.deepEqual(listManagedObjects({ version: 3, deployment: null }, "it"), []);
	});

	test("are read from either export version that the CLI writes", () => {
		assert.equal(listManagedObjects(createExport([createDeviceState("a")], 4), "it").length, 1);
	});
});

test("a text that is not a stack export is rejected with the name of its source", () => {
	for (const json of [
		null,
		[],
		"x",
		{},
		{ version: 3 },
		createExport([], 2),
		createExport([], 5),
		{ version: 3, checkpoint: {} },
	]) {
		assert.throws(() => listManagedObjects(json, '"state.json"'), {
			name: "CommandError",
			message:
				'"state.json" is not a state of version 3 or 4, as `pulumi stack export --show-secrets` writes it.',
		});
	}
	assert.throws(() => listManagedObjects({ version: 3, deployment: { resources: {} } }, "it"), /not a list/);
});

describe("the settings and the state of a stack", () => {
	const fake = installFakePulumi({
		"config --json --show-secrets": {
			stdout: JSON.stringify({
				"iothub:hostName": { value: "fleet.example", secret: false },
				"iothub:connectionString": { value: "HostName=a;SharedAccessKey=b", secret: true },
				"iothub:groups": { value: '["a"]', objectValue: ["a"], secret: true },
				"iothub:encrypted": { secret: true },
			}),
		},
		"stack export --show-secrets": { stdout: JSON.stringify(createExport([createDeviceState("a")])) },
	});
	after(fake.remove);
	const location = { stack: "dev", folder: fake.folder };

	test("are its configuration with the keys, and the secrets among it", async () => {
		const { config, secrets } = await readStackSettings(location, "");
		assert.equal(config("iothub:hostName"), "fleet.example");
		assert.equal(config("iothub:connectionString"), "HostName=a;SharedAccessKey=b");
		assert.equal(config("iothub:encrypted"), undefined);
		assert.equal(config("iothub:sku"), undefined);
		assert.deepEqual(config.keys, ["iothub:hostName", "iothub:connectionString", "iothub:groups"]);
		assert.deepEqual(secrets, ["HostName=a;SharedAccessKey=b", '["a"]']);
	});

	test("are read together, with the stack's name", async () => {
		const state = await readStackState(location);
		assert.equal(state.stack, "dev");
		assert.deepEqual(
			state.objects.map(({ name }) => name),
			["a"],
		);
		assert.equal(state.secrets.length, 2);
	});

	test("of a file are the settings of the command line, whose secrets are known by their keys", async () => {
		const file = join(fake.folder, "state.json");
		writeFileSync(file, JSON.stringify(createExport([createDeviceState("b")])));
		const settings = {
			"iothub:hostName": "fleet.example",
			"iothub:connectionString": "secret-1",
			"autopilot:clientSecret": "secret-2",
			"iothub:clientCertificatePassword": "secret-3",
			"iothub:oidcToken": "secret-4",
			"iothub:oidcTokenFile": "token.txt",
		};
		const state = await readStackState({ file, config: new Map(Object.entries(settings)) });
		assert.ok(!("stack" in state));
		assert.equal(state.objects[0]?.name, "b");
		assert.deepEqual(state.secrets, ["secret-1", "secret-2", "secret-3", "secret-4"]);
		assert.deepEqual(state.config.keys, Object.keys(settings));
	});

	test("of a file that is not JSON are an error that does not repeat the text", async () => {
		const file = join(fake.folder, "broken.json");
		writeFileSync(file, '{"primaryKey":"c2VjcmV0');
		await assert.rejects(readStackState({ file, config: new Map() }), (error: Error) => {
			assert.match(error.message, /broken\.json" is not JSON; write it with `pulumi stack export`\.$/);
			assert.equal(error.cause, undefined);
			assert.doesNotMatch(error.message, /c2VjcmV0/);
			return true;
		});
	});
});

test("an object with a provider of its own has that provider's settings, and the given ones where those are encrypted", () => {
	const createProvider = (name: string, inputs: object) => ({
		urn: createUrn("pulumi:providers:pulumi-nodejs", name),
		custom: true,
		type: "pulumi:providers:pulumi-nodejs",
		id: `id-${name}`,
		inputs,
	});
	const secret = (value: object) => ({
		"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
		...value,
	});
	const settings = listProviderSettings([
		createDeviceState("a"),
		createProvider("default", { "iothub:hostName": "old" }),
		createProvider("default_3_1", {}),
		createProvider("north", {
			"iothub:hostName": "north",
			"iothub:maxDeletes": 5,
			"iothub:connectionString": secret({ plaintext: '"key"' }),
			"iothub:sku": secret({ ciphertext: "v1:…" }),
		}),
	]);
	const reference = `${createUrn("pulumi:providers:pulumi-nodejs", "north")}::id-north`;
	assert.deepEqual([...settings.keys()], [reference]);
	const north = settings.get(reference) ?? assert.fail("north has settings");
	assert.deepEqual(north.secrets, ["key"]);
	const given = new Map([
		["iothub:hostName", "given"],
		["iothub:sku", "S1"],
	]);
	const config = createProviderConfig(north, (key) => given.get(key));
	assert.deepEqual(
		["hostName", "maxDeletes", "connectionString", "sku"].map((name) => config(`iothub:${name}`)),
		["north", "5", "key", "S1"],
	);
	assert.equal(config.isFromProvider, true);
	const object = createDeviceState("b", { provider: reference });
	assert.equal(listManagedObjects(createExport([object]), "it")[0]?.provider, reference);
});
