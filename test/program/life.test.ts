import assert from "node:assert/strict";
import { assertNoSecrets, assertSettled, getOutputs } from "./deployment.ts";
import { type Declared, testScenario } from "./scenario.ts";

const KEYS = {
	primaryKey: { secret: "cHJpbWFyeSBrZXkgb2YgdGhpcyBkZXZpY2U=" },
	secondaryKey: { secret: "c2Vjb25kYXJ5IGtleSBvZiBpdA==" },
};

const FLEET: Declared = {
	north: { capabilities: { iotEdge: true } },
	yard: { capabilities: { iotEdge: true }, parentScopes: [{ scopeOf: "north" }] },
	"pump-1": { deviceScope: { scopeOf: "yard" }, status: "enabled" },
	"pump-2": { deviceScope: { scopeOf: "north" }, status: "disabled", statusReason: "spare" },
	meter: { authentication: { x509Thumbprint: { primaryThumbprint: "A1".repeat(20) } } },
	camera: { authentication: { type: "certificateAuthority" } },
	keyed: { authentication: { symmetricKey: KEYS } },
};

const NAMES = Object.keys(FLEET);

testScenario("a fleet is created, changed and destroyed", [
	{
		run: "preview",
		declare: FLEET,
		steps: NAMES.map((name) => `create ${name}`),
		see: ({ requests }) => assert.deepEqual(requests, {}),
	},
	{
		run: "up",
		steps: NAMES.map((name) => `create ${name}`),
		see(seen) {
			assertSettled(seen, seen.state);
			assertNoSecrets(seen, JSON.stringify(seen.state) + seen.outcome.stdout + seen.outcome.stderr);
			assert.deepEqual(seen.requests, { "PUT /devices/{id}": NAMES.length });
			const yard = seen.emulator.control.devices.get("yard");
			assert.deepEqual(yard?.parentScopes, [seen.emulator.control.devices.get("north")?.deviceScope]);
			assert.deepEqual(seen.emulator.control.devices.get("pump-1")?.parentScopes, [yard?.deviceScope]);
		},
	},
	{
		run: "up",
		options: { expectNoChanges: true },
		steps: [],
		see: ({ requests }) => assert.deepEqual(requests, { "GET /twins/{id}": NAMES.length }),
	},
	{
		run: "preview",
		options: { expectNoChanges: true, refresh: true },
		steps: [],
		see: ({ requests }) => assert.deepEqual(requests, { "GET /twins/{id}": NAMES.length }),
	},
	{
		run: "up",
		declare: {
			...FLEET,
			"pump-1": { deviceScope: { scopeOf: "north" }, status: "disabled", statusReason: "moved" },
			"pump-2": { deviceId: "pump-3", deviceScope: { scopeOf: "north" } },
			camera: { authentication: { type: "sas" } },
		},
		steps: [
			"update pump-1",
			"replace pump-2",
			"delete-replaced pump-2",
			"create-replacement pump-2",
			"update camera",
		],
		see(seen) {
			assertSettled(seen, seen.state);
			assert.equal(seen.requests["PUT /devices/{id}"], 3);
			assert.equal(seen.requests["DELETE /devices/{id}"], 1);
			assert.equal(
				seen.requests["GET /devices/{id}"] ?? 0,
				0,
				"state has everything that an update must preserve",
			);
			assert.equal(seen.emulator.control.devices.get("pump-1")?.statusReason, "moved");
		},
	},
	{
		run: "up",
		declare: {
			north: { capabilities: { iotEdge: true } },
			keyed: { authentication: { symmetricKey: KEYS } },
		},
		steps: ["yard", "pump-1", "pump-2", "meter", "camera"].map((name) => `delete ${name}`),
		see: (seen) => assertSettled(seen, seen.state),
	},
	{
		run: "destroy",
		steps: ["delete north", "delete keyed"],
		see: ({ emulator }) => assert.deepEqual(emulator.control.devices.list(), []),
	},
]);

testScenario("credentials stay out of state if the stack says so, and come back", [
	{
		run: "up",
		declare: { pump: { status: "enabled" } },
		config: { "iothub:storeCredentials": "false" },
		steps: ["create pump"],
		see: ({ state }) => assert.equal(getOutputs(state, "pump")["primaryConnectionString"], undefined),
	},
	{
		run: "up",
		declare: { pump: { status: "disabled" } },
		steps: ["update pump"],
		see(seen) {
			assertSettled(seen, seen.state);
			assert.equal(
				seen.requests["GET /devices/{id}"],
				1,
				"the keys that the write must preserve are read first",
			);
		},
	},
	{
		run: "up",
		config: { "iothub:storeCredentials": undefined },
		steps: ["update pump"],
		see(seen) {
			assert.equal(
				typeof getOutputs(seen.state, "pump")["primaryConnectionString"],
				"object",
				"it is kept as a secret",
			);
			assertNoSecrets(seen, JSON.stringify(seen.state));
			assert.equal(seen.requests["PUT /devices/{id}"] ?? 0, 0, "nothing is written for it");
		},
	},
	{ run: "destroy", steps: ["delete pump"] },
]);
