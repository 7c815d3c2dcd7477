import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type AdoptableMachines, findAdoptableMachines } from "../../../provider/graph/adopt.ts";
import { createAutopilotFleetType } from "../../../provider/graph/autopilotFleet.type.ts";
import { type AutopilotInputs, MANAGED_FIELDS } from "../../../provider/graph/autopilotIdentity.inputs.ts";
import { createAutopilotIdentityType } from "../../../provider/graph/autopilotIdentity.type.ts";
import { TenantGuard } from "../../../provider/graph/tenant.ts";
import { createRuntimeContext } from "../../../provider/resource/context.ts";
import { PlanCache } from "../../../provider/resource/planCache.ts";
import type { LiveObject, ResourceApi } from "../../../provider/resource/resourceType.ts";
import { createSettingReader, TestClock } from "../doubles.ts";
import { createFakeTenant, createServiceError } from "./fakeTenant.ts";
import { createLiveMachine, createMachineJson } from "./machines.ts";

const FORBIDDEN = createServiceError(403, "Forbidden");
const refuse = () => assert.fail("nothing else is asked");

/** What a read of a machine returns: the machine, nothing, or an error. */
type ReadOutcome = LiveObject<AutopilotInputs> | undefined | Error;

/** Finds the machines of a tenant that lists these ids, whose reads have these outcomes. */
async function find(
	outcomes: Readonly<Record<string, ReadOutcome>>,
	tenantGuard = new TenantGuard(createSettingReader({})),
): Promise<AdoptableMachines> {
	const rows = Object.keys(outcomes).map((id) => createMachineJson({ id, serialNumber: `5CG-${id}` }));
	const { context } = createFakeTenant({ "GET machines": [{ value: rows }] });
	const api: Partial<ResourceApi<AutopilotInputs>> = {
		async get({ id }) {
			const outcome = outcomes[id];
			if (outcome instanceof Error) throw outcome;
			return outcome;
		},
	};
	const machineType = createAutopilotIdentityType({
		strategy: "live",
		fields: MANAGED_FIELDS,
		connect: () => api as ResourceApi<AutopilotInputs>,
	});
	const runtime = createRuntimeContext({ warn: refuse, clock: new TestClock() });
	const fleetType = createAutopilotFleetType({
		memberContext: { resourceType: machineType, runtime, planCache: new PlanCache() },
		beginRun: refuse,
	});
	return findAdoptableMachines(
		{ machines: context.machines, machineType, fleetType, fields: MANAGED_FIELDS, tenantGuard },
		{},
	);
}

const createMachine = (id: string, rest: object = {}) =>
	createLiveMachine({ id, serialNumber: `5CG-${id}`, ...rest });

describe("the machines of a tenant to adopt", () => {
	test("are none at all if one of them cannot be read: the error is the result", () =>
		assert.rejects(
			find({ a: createMachine("a"), b: FORBIDDEN }),
			(thrown) => thrown === FORBIDDEN,
			"a program without b would look complete",
		));

	test("are those that still exist when they are read", async () => {
		const found = await find({ a: createMachine("a"), gone: undefined });
		assert.equal(found.count, 1);
		assert.deepEqual([...found.toFleet().machines.keys()], ["5CG-a"]);
	});

	test("declare what they have, and to adopt it", async () => {
		const found = await find({ a: createMachine("a", { groupTag: "Kiosk" }) });
		const [machine] = found.toResources().machines;
		assert.deepEqual(machine?.inputs, { serialNumber: "5CG-a", adopt: true, groupTag: "Kiosk" });
		assert.equal(machine?.id, "a");
		const { machines, fleet } = found.toFleet();
		assert.deepEqual(machines.get("5CG-a"), { groupTag: "Kiosk" });
		assert.equal(fleet.inputs["adopt"], true);
	});

	test("record the tenant of the sign-in in their state", async () => {
		const tenantId = "6e0d37a4-7f0c-4b1e-9d52-0c1a3f5b7d91";
		const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");
		const token = `${encode({ alg: "none" })}.${encode({ tid: tenantId })}.x`;
		const tenantGuard = new TenantGuard(createSettingReader({}));
		await tenantGuard
			.guard({ scheme: "entra", identity: "me", getAuthorizationHeader: async () => `Bearer ${token}` })
			.getAuthorizationHeader();
		const found = await find({ a: createMachine("a") }, tenantGuard);
		assert.equal(found.toResources().machines[0]?.outputs["tenantId"], tenantId);
		assert.equal(found.toFleet().fleet.outputs["tenantId"], tenantId);
	});

	test("are named by serial number and id if several have the same number", async () => {
		const found = await find({
			a: createMachine("a", { serialNumber: "Default string" }),
			b: createMachine("b", { serialNumber: "Default string" }),
			c: createMachine("c"),
		});
		const names = ["5CG-c", "Default string (a)", "Default string (b)"];
		assert.deepEqual(
			found.toResources().machines.map(({ name }) => name),
			names,
		);
		const { machines } = found.toFleet();
		assert.deepEqual([...machines.keys()], names);
		assert.equal(machines.get("Default string (a)")?.["serialNumber"], "Default string");
	});

	test("are listed apart, with the reason, if no program can declare them, and the others are adopted", async () => {
		const found = await find({
			a: createMachine("a"),
			b: createMachine("b", { displayName: "x".repeat(16) }),
		});
		for (const { machines, skipped } of [found.toResources(), found.toFleet()]) {
			assert.equal([...machines].length, 1);
			assert.deepEqual(
				skipped.map(({ id }) => id),
				["b"],
			);
			assert.match(skipped[0]?.reason ?? "", /16 characters; a computer name can have at most 15/);
		}
	});
});
