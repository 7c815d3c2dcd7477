import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Fault } from "../../emulator/emulator.ts";
import { catchError } from "../scene.ts";
import { ASK, assertMachineInStep, PRESS, SERIAL, withTenant } from "./withTenant.ts";

describe("A refresh of a machine", () => {
	test(
		"keeps the hardware hash among the inputs, and nowhere else in state",
		withTenant(async (tenant) => {
			const resource = await tenant.deploy(PRESS);
			const { inputs } = resource.known;
			await resource.refresh();
			assert.deepEqual(resource.known.inputs, inputs);
			assert.equal(resource.known.inputs["hardwareIdentifier"], PRESS["hardwareIdentifier"]);
			const hash = String(PRESS["hardwareIdentifier"]).slice(0, 40);
			assert.equal(JSON.stringify(resource.known.outputs).includes(hash), false);
			await assertMachineInStep(tenant, resource, PRESS);
		}),
	);
	test(
		"reports every field that somebody changed",
		withTenant(async (tenant) => {
			const declared = { ...PRESS, displayName: "FRONT-1" };
			const resource = await tenant.deploy(declared);
			tenant.control.machines.change(resource.known.id, { groupTag: "Lab", displayName: "" });
			await resource.refresh();
			assert.equal(tenant.words.said.length, 1);
			const said = String(tenant.words.said[0]);
			assert.match(said, new RegExp(`^AutopilotIdentity ${SERIAL} \\(.*\\) was changed outside Pulumi`));
			assert.match(said, /groupTag: "Kiosk" at the last deployment, "Lab" now/);
			assert.match(said, /displayName: "FRONT-1" at the last deployment, none now/);
			assert.equal(await resource.up(declared), "update");
			await assertMachineInStep(tenant, resource, declared);
		}),
	);
	test(
		"does not report changes of enrollment, contact and profiles",
		withTenant(async (tenant) => {
			const resource = await tenant.deploy(PRESS);
			const { outputs } = resource.known;
			tenant.control.machines.enrol(resource.known.id);
			await resource.refresh();
			assert.deepEqual(resource.known.outputs, outputs);
			assert.deepEqual(tenant.words.listTexts(), []);
		}),
	);
	test(
		"drops a machine that the service itself reports as missing",
		withTenant(async (tenant) => {
			const resource = await tenant.deploy(PRESS);
			tenant.control.machines.remove(resource.known.id);
			await resource.refresh();
			assert.equal(resource.state, undefined);
		}),
	);
	const errors: readonly (readonly [string, Fault["action"]])[] = [
		["a 400", { kind: "status", status: 400 }],
		["a 404 with another code", { kind: "status", status: 404, code: "UnknownError" }],
		["a 404 of a proxy", { kind: "html", status: 404 }],
		["an unknown segment", { kind: "status", status: 400, code: "BadRequest" }],
	];
	for (const [what, action] of errors) {
		test(
			`fails after ${what}, and keeps the machine`,
			withTenant(async (tenant) => {
				const resource = await tenant.deploy(PRESS);
				const { state } = resource;
				tenant.control.faults.add({ match: ASK.read, times: "always", action });
				assert.match((await catchError(resource.refresh())).message, /^reading machine "5CG1234ABC" failed/);
				assert.equal(resource.state, state);
			}),
		);
	}
});
