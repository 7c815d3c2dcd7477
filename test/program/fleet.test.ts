import assert from "node:assert/strict";
import type { Deployment, Json } from "../engine/index.ts";
import { assertNoSecrets } from "./deployment.ts";
import { type Declared, type Seen, testScenario } from "./scenario.ts";
import { locateProgram } from "./site.ts";

const KEYS = {
	symmetricKey: {
		primaryKey: "cHJpbWFyeSBrZXkgb2YgdGhpcyBkZXZpY2U=",
		secondaryKey: "c2Vjb25kYXJ5IGtleSBvZiBpdA==",
	},
};

const PUMPS = Array.from({ length: 29 }, (_, index) => `pump-${index + 1}`);

const FLEET: Declared = {
	gateway: { capabilities: { iotEdge: true } },
	...Object.fromEntries(PUMPS.map((id) => [id, { parent: "gateway" }])),
};

const { "pump-2": _, ...KEPT } = FLEET;

const CHANGED: Declared = {
	...KEPT,
	"pump-1": { parent: "gateway", status: "disabled", statusReason: "being repaired" },
	keyed: { authentication: KEYS },
};

const CHANGES =
	/DeviceFleet plant: 1 device to create \(keyed\), 1 to change, 1 to delete \(pump-2\):\s+status.*: pump-1/;

/** Returns the fleet in state. */
function findFleet({ deployment: { resources = [] } }: Deployment): {
	inputs: Readonly<Record<string, Json>>;
	outputs: Readonly<Record<string, Json>>;
} {
	const fleets = resources.filter(({ type }) => type.endsWith(":DeviceFleet"));
	assert.equal(fleets.length, 1, "a fleet is one resource, however many devices it has");
	return { inputs: fleets[0]?.inputs ?? {}, outputs: fleets[0]?.outputs ?? {} };
}

/** Asserts that state and registry hold the same devices with the same etags. */
function assertSettled({ emulator, state }: Seen): void {
	const text = findFleet(state).outputs["__members"];
	const members = JSON.parse(String(text)) as Record<string, { e: string }>;
	const live = emulator.control.devices.list().map(({ deviceId, etag }) => [deviceId, etag]);
	assert.deepEqual(
		Object.fromEntries(Object.entries(members).map(([id, { e }]) => [id, e])),
		Object.fromEntries(live),
	);
}

/** Asserts that the hub was only read, by twins or lists, and no device twice. */
function assertOnlyLooked({ requests }: Seen): void {
	const { "GET /twins/{id}": twins = 0, "POST /devices/query": lists = 0, ...others } = requests;
	assert.deepEqual(others, {});
	assert.ok(twins <= 30 && lists <= 1, JSON.stringify(requests));
}

testScenario(
	"a fleet of thirty devices is one resource from creation to deletion",
	[
		{
			run: "preview",
			declare: FLEET,
			steps: ["create plant"],
			says: [
				/DeviceFleet plant: 30 devices to create \(gateway, pump-1, pump-2, pump-3, .*, pump-11 and 18 more\)/,
			],
			see: ({ requests }) => assert.deepEqual(requests, {}),
		},
		{
			run: "up",
			steps: ["create plant"],
			see(seen) {
				assertSettled(seen);
				assert.deepEqual(seen.requests, { "PUT /devices/{id}": 30 });
				const { devices } = seen.emulator.control;
				assert.deepEqual(devices.get("pump-29")?.parentScopes, [devices.get("gateway")?.deviceScope]);
				assertNoSecrets(seen, JSON.stringify(seen.state) + seen.outcome.output);
			},
		},
		{
			run: "up",
			options: { expectNoChanges: true },
			steps: [],
			see: assertOnlyLooked,
		},
		{
			run: "preview",
			declare: CHANGED,
			steps: ["update plant"],
			says: [CHANGES],
			see(seen) {
				const plant = seen.outcome.operations.find(({ name }) => name === "plant");
				assert.deepEqual(plant?.diffs, ["devices"]);
				assertOnlyLooked(seen);
			},
		},
		{
			run: "up",
			steps: ["update plant"],
			says: [CHANGES],
			see(seen) {
				const { emulator, requests, state, outcome } = seen;
				assert.equal(requests["PUT /devices/{id}"], 2);
				assert.equal(requests["DELETE /devices/{id}"], 1);
				const { devices } = emulator.control;
				assert.deepEqual(devices.get("keyed")?.authentication.symmetricKey, KEYS.symmetricKey);
				assert.equal(devices.get("pump-1")?.statusReason, "being repaired");
				assert.equal(devices.get("pump-2"), undefined);
				assertNoSecrets(seen, JSON.stringify(state) + outcome.output);
				const { inputs, outputs } = findFleet(state);
				for (const value of [inputs["devices"], outputs["__members"]]) {
					assert.ok(typeof value === "object" && value !== null && "ciphertext" in value);
				}
			},
		},
		{
			run: "preview",
			options: { expectNoChanges: true },
			meanwhile({ emulator }) {
				emulator.control.devices.change("pump-7", { status: "disabled" });
				emulator.control.devices.remove("pump-8");
			},
			exit: 7,
			steps: ["update plant"],
			says: [
				/Device pump-7 was changed outside Pulumi since the last deployment:/,
				/status: "enabled" at the last deployment, "disabled" now, "enabled" declared/,
				/Device pump-8 was deleted outside Pulumi .* it will be created again/,
				/1 device to create \(pump-8\), 1 to change:\s+status: pump-7/,
			],
		},
		{
			run: "destroy",
			meanwhile({ emulator }) {
				emulator.control.devices.change("pump-7", { status: "enabled" });
			},
			says: [/DeviceFleet plant: 30 devices to delete \(gateway, keyed, pump-1, pump-3/],
			see: ({ emulator }) => assert.deepEqual(emulator.control.devices.list(), []),
		},
	],
	{ root: locateProgram("fleet") },
);
