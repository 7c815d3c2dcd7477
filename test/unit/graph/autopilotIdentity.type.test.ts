import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc";
import { MANAGED_FIELDS } from "../../../provider/graph/autopilotIdentity.inputs.ts";
import { createAutopilotIdentityType } from "../../../provider/graph/autopilotIdentity.type.ts";
import { UPLOAD_FIELDS } from "../../../provider/graph/strategy.upload.ts";
import { check } from "../../../provider/resource/check.ts";
import { buildOutputs } from "../../../provider/resource/state.ts";
import type { Values } from "../../../provider/values.ts";
import { createLiveMachine, createMachineInputs, HASH, ID, MACHINE, SERIAL } from "./machines.ts";

const createType = (strategy = "live", fields = MANAGED_FIELDS as typeof UPLOAD_FIELDS) =>
	createAutopilotIdentityType({
		strategy,
		fields,
		connect: () => assert.fail("the resource type must not connect by itself"),
	});
const machineType = createType();

const live = createLiveMachine(MACHINE);
const STATE = {
	deviceImportStatus: "complete",
	deviceRegistrationId: ID,
	deviceErrorCode: 0,
	deviceErrorName: "None",
};

describe("inputs", () => {
	const reasons = (inputs: Values, of = machineType): string[] =>
		check(of, inputs).failures.map(({ reason }) => reason);

	test("are accepted as they are", () => {
		const inputs = { ...createMachineInputs({ groupTag: "", displayName: "k-1", adopt: false }) };
		assert.deepEqual(check(machineType, inputs), { inputs, failures: [] });
	});

	test("must contain a serial number", () => {
		assert.deepEqual(reasons({ hardwareIdentifier: HASH }), [
			"serialNumber is missing; declare the machine's serial number.",
		]);
		assert.deepEqual(reasons({ hardwareIdentifier: HASH, serialNumber: unknownValue }), []);
	});

	test("must contain a hash unless adopt is true", () => {
		const missing =
			"hardwareIdentifier is missing; a machine is registered by its hardware hash. If the machine is already registered, " +
			"set `adopt: true`.";
		assert.deepEqual(reasons({ serialNumber: SERIAL }), [missing]);
		assert.deepEqual(reasons({ serialNumber: SERIAL, adopt: false }), [missing]);
		for (const rest of [{ adopt: true }, { adopt: unknownValue }, { hardwareIdentifier: unknownValue }]) {
			assert.deepEqual(reasons({ serialNumber: SERIAL, ...rest }), []);
		}
	});

	test("with an empty hash count as inputs without a hash", () => {
		const empty = { serialNumber: SERIAL, hardwareIdentifier: "" };
		assert.equal(reasons(empty).length, 1);
		assert.match(reasons(empty).join(), /^hardwareIdentifier is missing/);
		assert.deepEqual(check(machineType, { ...empty, adopt: true }), {
			inputs: { serialNumber: SERIAL, adopt: true },
			failures: [],
		});
	});

	test("must not contain fields that the strategy does not support", () => {
		const upload = createType("upload", UPLOAD_FIELDS);
		const words = { groupTag: "a", assignedUserPrincipalName: "ada@contoso.com" };
		const wordless = { addressableUserName: "Ada", displayName: "k-1" };
		assert.deepEqual(reasons({ ...createMachineInputs(), ...words }, upload), []);
		assert.deepEqual(
			reasons({ ...createMachineInputs(), addressableUserName: "", displayName: "" }, upload),
			[],
		);
		assert.deepEqual(reasons({ ...createMachineInputs(), ...words, ...wordless }), []);
		assert.deepEqual(reasons({ ...createMachineInputs(), ...wordless }, upload), [
			"addressableUserName is not supported by autopilot:strategy upload; omit it, or set the strategy to live.",
			"displayName is not supported by autopilot:strategy upload; omit it, or set the strategy to live.",
		]);
	});

	test("with a misspelt name are refused with the right name", () => {
		assert.deepEqual(reasons({ ...createMachineInputs(), GroupTag: "a" }), [
			'AutopilotIdentity has no property "GroupTag". Did you mean "groupTag"?',
		]);
	});
});

test("the label consists of the serial number and the id, if they are known", () => {
	const values = { serialNumber: SERIAL };
	assert.equal(machineType.getLabel({ id: ID, values }), `${SERIAL} (${ID})`);
	assert.equal(machineType.getLabel({ id: "", values }), SERIAL);
	assert.equal(machineType.getLabel({ id: ID, values: {} }), ID);
});

test("the key is the id, or the serial number if there is no id yet", () => {
	const values = { serialNumber: SERIAL };
	assert.equal(machineType.getKey({ id: ID, values }), ID);
	assert.equal(machineType.getKey({ id: "", values }), SERIAL);
	assert.equal(machineType.getId(createMachineInputs()), "");
});

describe("outputs", () => {
	const importedMachine = { ...live, computed: { ...live.computed, state: STATE } };

	test("contain the live values and stable computed members, and never the hash", () => {
		const outputs = buildOutputs(machineType, importedMachine, {
			...createMachineInputs({ groupTag: "Kiosk", adopt: true }),
		});
		const { __identity, ...rest } = outputs;
		assert.deepEqual(rest, {
			serialNumber: SERIAL,
			productKey: "PK-1",
			groupTag: "Kiosk",
			assignedUserPrincipalName: "ada@contoso.com",
			addressableUserName: "Ada",
			displayName: "kiosk-1",
			manufacturer: "Contoso",
			model: "Standard",
			systemFamily: "Family",
			skuNumber: "SKU-1",
			purchaseOrderIdentifier: "PO-7",
			etag: live.etag,
			state: STATE,
			adopt: true,
			__declared: "groupTag",
		});
		assert.match(String(__identity), /^serialNumber=[0-9a-f]{16} hardwareIdentifier=machine:[0-9a-f]{16}$/);
		assert.ok(!JSON.stringify(outputs).includes(HASH.slice(0, 12)));
	});

	test("contain a group tag and a product key even if the machine has none", () => {
		const { groupTag, productKey, displayName } = buildOutputs(machineType, createLiveMachine(), {
			...createMachineInputs(),
		});
		assert.deepEqual([groupTag, productKey, displayName], ["", "", undefined]);
	});

	test("keep the state of the import, which is returned only once", () => {
		const before = buildOutputs(machineType, importedMachine, { ...createMachineInputs() });
		assert.deepEqual(buildOutputs(machineType, live, { ...createMachineInputs() }, before)["state"], STATE);
		assert.equal(buildOutputs(machineType, live, { ...createMachineInputs() })["state"], undefined);
	});

	test("do not change when the machine changes on its own", () => {
		const moved = createLiveMachine({ ...MACHINE, enrollmentState: "enrolled", managedDeviceId: "d-1" });
		assert.deepEqual(
			buildOutputs(machineType, moved, { ...createMachineInputs() }),
			buildOutputs(machineType, live, { ...createMachineInputs() }),
		);
	});
});

describe("a machine restored from state", () => {
	for (const [title, machine] of [
		["with everything", live],
		["with nothing but its serial number", createLiveMachine()],
		["with an etag of the service", { ...live, etag: 'W/"JzEt"' }],
	] as const) {
		test(`${title} equals the machine as it was read`, () => {
			const outputs = buildOutputs(machineType, machine, { ...createMachineInputs() });
			const recalled = machineType.fromState(outputs);
			assert.deepEqual(recalled?.values, machine.values);
			assert.equal(recalled?.etag, machine.etag);
			assert.equal(recalled?.uid, machine.uid);
		});
	}

	test("produces the same outputs again", () => {
		const outputs = buildOutputs(
			machineType,
			{ ...live, computed: { ...live.computed, state: STATE } },
			{ ...createMachineInputs() },
		);
		const recalled = machineType.fromState(outputs);
		assert.ok(recalled !== undefined);
		assert.deepEqual(buildOutputs(machineType, recalled, { ...createMachineInputs() }, outputs), outputs);
	});
});
