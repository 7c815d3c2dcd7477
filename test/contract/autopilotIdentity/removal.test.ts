import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { catchError } from "../scene.ts";
import { ASK, PRESS, SERIAL, UPLOAD, withTenant } from "./withTenant.ts";

const MINUTE = 60_000;

describe("Deleting a machine", () => {
	test(
		"refuses one that has another serial number than the deployed one",
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
		"says of one that is enrolled where to remove it first, and works once that is done",
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
		"waits for one that was imported a moment ago and can't be deleted yet",
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
		"waits for one that can't be deleted yet and of which the service does not say why",
		withTenant(async (tenant) => {
			const resource = await tenant.deploy(PRESS);
			tenant.control.faults.add({ match: ASK.remove, times: 3, action: { kind: "status", status: 400 } });
			await resource.destroy();
			assert.equal(tenant.requests.count(ASK.remove), 4);
			assert.deepEqual(tenant.control.machines.list(), []);
		}),
	);
	test(
		"gives one up in time that stays unknown to it although it can be read",
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
		"asks nothing but whether it is there of one that is gone already",
		withTenant(async (tenant) => {
			const resource = await tenant.deploy(PRESS);
			tenant.control.machines.remove(resource.known.id);
			tenant.requests.reset();
			await resource.destroy();
			assert.deepEqual(tenant.asked(), ["GET /deviceManagement/windowsAutopilotDeviceIdentities/{id}"]);
		}),
	);
	test(
		"counts one as deleted that somebody deletes at the same moment",
		withTenant(async (tenant) => {
			const resource = await tenant.deploy(PRESS);
			const run = () => void tenant.control.machines.remove(resource.known.id);
			tenant.control.faults.add({ match: ASK.remove, action: { kind: "run", run } });
			await resource.destroy();
			assert.equal(resource.state, undefined);
		}),
	);
	test(
		"waits half an hour for it to disappear",
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
		"says when its time is over that the deletion is accepted, and the next run goes on",
		withTenant(
			async (tenant) => {
				const resource = await tenant.deploy(PRESS, { timeout: "10m" });
				const { message } = await catchError(resource.destroy());
				assert.match(message, /^Deleting machine "5CG1234ABC" .*the deletion is accepted/);
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
		"by strategy upload takes the record of its import away too",
		withTenant(async (tenant) => {
			const resource = await tenant.deploy(PRESS);
			assert.equal(tenant.listRecords().length, 1);
			await resource.destroy();
			assert.deepEqual(tenant.control.machines.find(SERIAL), []);
		}, UPLOAD),
	);
});
