import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { listManagedObjects } from "../../../provider/cli/stackState.ts";
import { trampoline } from "../../../provider/sdk/trampoline.ts";
import { readSources } from "../../sources.ts";

const TYPE = "pulumi-nodejs:dynamic/iothub:DeviceIdentity";
const MACHINE = "pulumi-nodejs:dynamic/autopilot:AutopilotIdentity";
const urn = (type: string, name: string): string => `urn:pulumi:dev::fleet::${type}::${name}`;
const device = (name: string, rest: object = {}): object => ({
	urn: urn(TYPE, name),
	custom: true,
	type: TYPE,
	id: `id-${name}`,
	outputs: { status: "enabled", __provider: trampoline("deviceIdentity") },
	...rest,
});
const state = (resources: readonly object[] | undefined, version = 3): object => ({
	version,
	deployment: { manifest: {}, ...(resources && { resources }) },
});

describe("the objects of a state", () => {
	test("are the managed ones of our types, under the kind that the stored text names", () => {
		const machine = {
			...device("m", { type: MACHINE, urn: urn(MACHINE, "m") }),
			outputs: { __provider: trampoline("autopilotIdentity") },
		};
		const others = [
			{ urn: urn("pulumi:pulumi:Stack", "s"), custom: false, type: "pulumi:pulumi:Stack" },
			{ urn: urn("pulumi-nodejs:dynamic:Resource", "r"), type: "pulumi-nodejs:dynamic:Resource", id: "r" },
			device("read", { external: true }),
			device("old", { delete: true }),
		];
		const objects = listManagedObjects(state([...others, device("a"), machine]), "it");
		assert.deepEqual(
			objects.map(({ name, id, type, kind }) => ({ name, id, type, kind })),
			[
				{ name: "a", id: "id-a", type: TYPE, kind: "deviceIdentity" },
				{ name: "m", id: "id-m", type: MACHINE, kind: "autopilotIdentity" },
			],
		);
		assert.equal(objects[0]?.values["status"], "enabled");
	});

	test("are of every type that a class of ours registers", () => {
		const types = readSources("provider")
			.filter(({ path }) => /^provider\/sdk\/[^/]+\.ts$/.test(path))
			.flatMap(({ tree }) => tree.text.match(/"pulumi-nodejs:dynamic\/[^"]+"/g) ?? [])
			.map((text) => text.slice(1, -1));
		assert.equal(types.length, 4);
		const resources = types.map((type) => device("a", { type, urn: urn(type, "a") }));
		assert.deepEqual(
			listManagedObjects(state(resources), "it").map(({ type }) => type),
			types,
		);
	});

	test("have a name that may hold what separates the parts of a URN", () => {
		assert.equal(listManagedObjects(state([device("a::b")]), "it")[0]?.name, "a::b");
	});

	test("have no kind where the stored text is not ours", () => {
		const outputs = { __provider: "exports.handler = () => {}" };
		assert.equal(listManagedObjects(state([device("a", { outputs })]), "it")[0]?.kind, undefined);
		assert.equal(listManagedObjects(state([device("a", { outputs: undefined })]), "it")[0]?.kind, undefined);
	});

	test("are none where nothing was ever deployed", () => {
		assert.deepEqual(listManagedObjects(state(undefined), "it"), []);
		assert.deepEqual(listManagedObjects({ version: 3, deployment: null }, "it"), []);
	});

	test("may stand in an export of either version that the CLI writes", () => {
		assert.equal(listManagedObjects(state([device("a")], 4), "it").length, 1);
	});
});

test("what is no export of a stack is refused by the name of its file", () => {
	for (const json of [
		null,
		[],
		"x",
		{},
		{ version: 3 },
		state([], 2),
		state([], 5),
		{ version: 3, checkpoint: {} },
	]) {
		assert.throws(() => listManagedObjects(json, '"state.json"'), {
			name: "CommandError",
			message:
				'"state.json" is no state of version 3 or 4 as `pulumi stack export --show-secrets` writes it.',
		});
	}
	assert.throws(() => listManagedObjects({ version: 3, deployment: { resources: {} } }, "it"), /no list/);
});
