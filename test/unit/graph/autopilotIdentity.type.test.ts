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

const kindOf = (strategy = "live", fields = MANAGED_FIELDS as typeof UPLOAD_FIELDS) =>
	createAutopilotIdentityType({
		strategy,
		fields,
		connect: () => assert.fail("no kind speaks to a service by itself"),
	});
const kind = kindOf();

const live = createLiveMachine(MACHINE);
const STATE = {
	deviceImportStatus: "complete",
	deviceRegistrationId: ID,
	deviceErrorCode: 0,
	deviceErrorName: "None",
};

describe("what a user wrote", () => {
	const reasons = (inputs: Values, of = kind): string[] =>
		check(of, inputs).failures.map(({ reason }) => reason);

	test("is taken as it is", () => {
		const inputs = { ...createMachineInputs({ groupTag: "", displayName: "k-1", adopt: false }) };
		assert.deepEqual(check(kind, inputs), { inputs, failures: [] });
	});

	test("names a machine", () => {
		assert.deepEqual(reasons({ hardwareIdentifier: HASH }), [
			"serialNumber is missing; declare the machine's serial number.",
		]);
		assert.deepEqual(reasons({ hardwareIdentifier: HASH, serialNumber: unknownValue }), []);
	});

	test("has a hash unless the machine is to be adopted", () => {
		const missing =
			"hardwareIdentifier is missing; a machine is registered by its hardware hash. For one that is registered already, " +
			"set `adopt: true`.";
		assert.deepEqual(reasons({ serialNumber: SERIAL }), [missing]);
		assert.deepEqual(reasons({ serialNumber: SERIAL, adopt: false }), [missing]);
		for (const rest of [{ adopt: true }, { adopt: unknownValue }, { hardwareIdentifier: unknownValue }]) {
			assert.deepEqual(reasons({ serialNumber: SERIAL, ...rest }), []);
		}
	});

	test("with an empty hash has none", () => {
		const empty = { serialNumber: SERIAL, hardwareIdentifier: "" };
		assert.equal(reasons(empty).length, 1);
		assert.match(reasons(empty).join(), /^hardwareIdentifier is missing/);
		assert.deepEqual(check(kind, { ...empty, adopt: true }), {
			inputs: { serialNumber: SERIAL, adopt: true },
			failures: [],
		});
	});

	test("may only have what the strategy has a word for", () => {
		const upload = kindOf("upload", UPLOAD_FIELDS);
		const words = { groupTag: "a", assignedUserPrincipalName: "ada@contoso.com" };
		const wordless = { addressableUserName: "Ada", displayName: "k-1" };
		assert.deepEqual(reasons({ ...createMachineInputs(), ...words }, upload), []);
		assert.deepEqual(
			reasons({ ...createMachineInputs(), addressableUserName: "", displayName: "" }, upload),
			[],
		);
		assert.deepEqual(reasons({ ...createMachineInputs(), ...words, ...wordless }), []);
		assert.deepEqual(reasons({ ...createMachineInputs(), ...wordless }, upload), [
			"addressableUserName has no word in autopilot:strategy upload; leave it out, or set the strategy to live.",
			"displayName has no word in autopilot:strategy upload; leave it out, or set the strategy to live.",
		]);
	});

	test("and misspelt is told with the right name", () => {
		assert.deepEqual(reasons({ ...createMachineInputs(), GroupTag: "a" }), [
			'AutopilotIdentity has no property "GroupTag". Did you mean "groupTag"?',
		]);
	});
});

test("messages name a machine by its serial number and its id, as far as they are known", () => {
	const values = { serialNumber: SERIAL };
	assert.equal(kind.getLabel({ id: ID, values }), `${SERIAL} (${ID})`);
	assert.equal(kind.getLabel({ id: "", values }), SERIAL);
	assert.equal(kind.getLabel({ id: ID, values: {} }), ID);
});

test("a machine is itself by its id, and by its serial number before it has one", () => {
	const values = { serialNumber: SERIAL };
	assert.equal(kind.getKey({ id: ID, values }), ID);
	assert.equal(kind.getKey({ id: "", values }), SERIAL);
	assert.equal(kind.getId(createMachineInputs()), "");
});

describe("outputs", () => {
	const told = { ...live, computed: { ...live.computed, state: STATE } };

	test("are the live values and the standing facts, and never the hash", () => {
		const outputs = buildOutputs(kind, told, { ...createMachineInputs({ groupTag: "Kiosk", adopt: true }) });
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
		assert.match(String(__identity), /^serialNumber=[0-9a-f]{16} hardwareIdentifier=[0-9a-f]{16}$/);
		assert.ok(!JSON.stringify(outputs).includes(HASH.slice(0, 12)));
	});

	test("have a group tag and a product key even where the machine has none", () => {
		const { groupTag, productKey, displayName } = buildOutputs(kind, createLiveMachine(), {
			...createMachineInputs(),
		});
		assert.deepEqual([groupTag, productKey, displayName], ["", "", undefined]);
	});

	test("keep how the import ended, which is told only once", () => {
		const before = buildOutputs(kind, told, { ...createMachineInputs() });
		assert.deepEqual(buildOutputs(kind, live, { ...createMachineInputs() }, before)["state"], STATE);
		assert.equal(buildOutputs(kind, live, { ...createMachineInputs() })["state"], undefined);
	});

	test("do not move when the machine does by itself", () => {
		const moved = createLiveMachine({ ...MACHINE, enrollmentState: "enrolled", managedDeviceId: "d-1" });
		assert.deepEqual(
			buildOutputs(kind, moved, { ...createMachineInputs() }),
			buildOutputs(kind, live, { ...createMachineInputs() }),
		);
	});
});

describe("a machine as state has it", () => {
	for (const [title, machine] of [
		["with everything", live],
		["with nothing but its serial number", createLiveMachine()],
		["with an etag of the service", { ...live, etag: 'W/"JzEt"' }],
	] as const) {
		test(`${title} is the machine as it was read`, () => {
			const outputs = buildOutputs(kind, machine, { ...createMachineInputs() });
			const recalled = kind.fromState(outputs);
			assert.deepEqual(recalled?.values, machine.values);
			assert.equal(recalled?.etag, machine.etag);
			assert.equal(recalled?.uid, machine.uid);
		});
	}

	test("makes the same outputs again, as when only a policy was changed", () => {
		const outputs = buildOutputs(
			kind,
			{ ...live, computed: { ...live.computed, state: STATE } },
			{ ...createMachineInputs() },
		);
		const recalled = kind.fromState(outputs);
		assert.ok(recalled !== undefined);
		assert.deepEqual(buildOutputs(kind, recalled, { ...createMachineInputs() }, outputs), outputs);
	});
});
