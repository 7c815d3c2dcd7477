import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { catchError } from "../scene.ts";
import { ASK, PRESS, SERIAL, UPLOAD, withTenant } from "./withTenant.ts";

const MINUTE = 60_000;

describe("Deleting a machine", () => {
	test(
		"refuses a machine whose serial number differs from the deployed one",
		withTenant(async (tenant) => {
			const resource = await tenant.deploy(PRESS);
			const { state } = resource;
			const [other] = tenant.control.machines.seed([{ serialNumber: "5CG-OTHER", groupTag: "Kiosk" }]);
			resource.state = state && { ...state, id: String(other?.id), outputs: { ...state.outputs, etag: "" } };
			const { message } = await catchError(resource.destroy());
			assert.match(message, /was not deleted: it belongs to machine "5CG-OTHER"/);
			assert.match(message, /"5CG1234ABC"/);
			assert.equal(tenant.control.machines.list().length, 2);
		}),
	);
	test(
		"says where to remove an enrolled machine first, and succeeds after that",
		withTenant(async (tenant) => {
			const resource = await tenant.deploy(PRESS);
			const { managedDeviceId } = tenant.control.machines.enrol(resource.known.id);
			const { message } = await catchError(resource.destroy());
			assert.match(message, /^Machine "5CG1234ABC" was not deleted: it is enrolled in Intune/);
			assert.ok(message.includes(managedDeviceId));
			assert.match(message, /Retire, wipe or delete it there first/);
			assert.ok(resource.state);
			tenant.control.machines.unenrol(resource.known.id);
			await resource.destroy();
			assert.deepEqual(tenant.control.machines.list(), []);
		}),
	);
	test(
		"waits for a machine that was just imported and cannot be deleted yet",
		withTenant(
			async (tenant) => {
				const resource = await tenant.deploy(PRESS);
				await resource.destroy();
				assert.ok(tenant.requests.count(ASK.remove) > 1);
				assert.deepEqual(tenant.control.machines.list(), []);
				assert.deepEqual(tenant.words.thrown, []);
			},
			{ autopilot: { materialiseDelay: 50_000 } },
		),
	);
	test(
		"waits for a machine that cannot be deleted yet for a reason that the service does not report",
		withTenant(async (tenant) => {
			const resource = await tenant.deploy(PRESS);
			tenant.control.faults.add({ match: ASK.remove, times: 3, action: { kind: "status", status: 400 } });
			await resource.destroy();
			assert.equal(tenant.requests.count(ASK.remove), 4);
			assert.deepEqual(tenant.control.machines.list(), []);
		}),
	);
	test(
		"times out for a machine that the service never accepts for deletion although it can be read",
		withTenant(
			async (tenant) => {
				const resource = await tenant.deploy(PRESS, { timeout: "5m" });
				const { message } = await catchError(resource.destroy());
				assert.match(message, /^Deleting machine "5CG1234ABC" timed out .*Cannot find device with ztd Id/);
				assert.ok(resource.state);
			},
			{ autopilot: { materialiseDelay: 30 * MINUTE } },
		),
	);
	test(
		"sends only a read for a machine that no longer exists",
		withTenant(async (tenant) => {
			const resource = await tenant.deploy(PRESS);
			tenant.control.machines.remove(resource.known.id);
			tenant.requests.reset();
			await resource.destroy();
			assert.deepEqual(tenant.asked(), ["GET /deviceManagement/windowsAutopilotDeviceIdentities/{id}"]);
		}),
	);
	test(
		"succeeds if somebody else deletes the machine at the same time",
		withTenant(async (tenant) => {
			const resource = await tenant.deploy(PRESS);
			const run = () => void tenant.control.machines.remove(resource.known.id);
			tenant.control.faults.add({ match: ASK.remove, action: { kind: "run", run } });
			await resource.destroy();
			assert.equal(resource.state, undefined);
		}),
	);
	test(
		"waits half an hour for the machine to disappear",
		withTenant(
			async (tenant) => {
				const resource = await tenant.deploy(PRESS);
				await resource.destroy();
				assert.equal(tenant.requests.count(ASK.remove), 1);
				assert.deepEqual(tenant.control.machines.list(), []);
				assert.deepEqual(tenant.words.thrown, []);
			},
			{ autopilot: { deleteDelay: 30 * MINUTE } },
		),
	);
	test(
		"reports an accepted deletion when it times out, and the next run continues",
		withTenant(
			async (tenant) => {
				const resource = await tenant.deploy(PRESS, { timeout: "10m" });
				const { message } = await catchError(resource.destroy());
				assert.match(message, /^Deleting machine "5CG1234ABC" .*the deletion was accepted/);
				assert.match(message, /Run the command again/);
				assert.match(message, /autopilot:timeouts/);
				await catchError(resource.destroy());
				await resource.destroy();
				assert.equal(resource.state, undefined);
				assert.deepEqual(tenant.control.machines.list(), []);
			},
			{ autopilot: { deleteDelay: 25 * MINUTE } },
		),
	);
	test(
		"also removes the import record with strategy upload",
		withTenant(async (tenant) => {
			const resource = await tenant.deploy(PRESS);
			assert.equal(tenant.listRecords().length, 1);
			await resource.destroy();
			assert.deepEqual(tenant.control.machines.find(SERIAL), []);
		}, UPLOAD),
	);
});
