import assert from "node:assert/strict";
import { test } from "node:test";
import { GraphClient, IDENTITIES, IMPORTED, parseNestedMessage } from "../testing/graphClient.ts";
import { importBody, useGraph } from "../testing/useGraph.ts";

const scene = useGraph();

function formatPath(id: string): string {
	return `${IDENTITIES}/${id}`;
}

test("G40 a deletion is 200, or 204 as documented, and the identity is gone", async () => {
	const { switches } = scene.emulator.control.machines;
	const [one, two] = [await scene.register("G40"), await scene.register("G40b")];
	const observed = await scene.graph.delete(formatPath(one));
	assert.deepEqual([observed.status, observed.text], [200, ""]);
	assert.equal((await scene.graph.get(formatPath(one))).status, 404);
	switches.statuses = "documented";
	assert.equal((await scene.graph.delete(formatPath(two))).status, 204);
	switches.statuses = "observed";
});

test("G40 until the delete delay is over, the identity can be read, listed and changed as before", async () => {
	const { switches } = scene.emulator.control.machines;
	const id = await scene.register("G40c");
	switches.deleteDelay = 300_000;
	assert.equal((await scene.graph.delete(formatPath(id))).status, 200);
	scene.pass(100);
	assert.equal((await scene.graph.delete(formatPath(id))).status, 200);
	scene.pass(199);
	assert.equal((await scene.graph.get(formatPath(id))).status, 200);
	assert.match((await scene.graph.get(IDENTITIES)).text, new RegExp(id));
	scene.pass(1);
	assert.equal((await scene.graph.get(formatPath(id))).status, 404);
	assert.doesNotMatch((await scene.graph.get(IDENTITIES)).text, new RegExp(id));
	switches.deleteDelay = 0;
});

test("G41 deleting an identity that does not exist is 400 and names it", async () => {
	const id = "00000000-0000-4000-8000-00000000dead";
	const reply = await scene.graph.delete(formatPath(id));
	assert.deepEqual([reply.status, reply.at("error.code")], [400, "BadRequest"]);
	assert.match(
		parseNestedMessage(reply),
		new RegExp(`^Cannot find device with ztd Id ${id} and accountId [0-9a-f-]{36} to delete$`),
	);
});

test("G42 within the materialise delay an identity can be read but not deleted", async () => {
	const { switches } = scene.emulator.control.machines;
	switches.materialiseDelay = 30_000;
	const id = await scene.register("G42");
	switches.materialiseDelay = 0;
	assert.equal((await scene.graph.get(formatPath(id))).status, 200);
	const early = await scene.graph.delete(formatPath(id));
	assert.deepEqual([early.status, early.at("error.code")], [400, "BadRequest"]);
	scene.pass(28);
	assert.equal((await scene.graph.delete(formatPath(id))).status, 400);
	scene.pass(1);
	assert.equal((await scene.graph.delete(formatPath(id))).status, 200);
});

test("G42 between the end of the import and its first read it cannot be deleted either", async () => {
	const created = await scene.graph.post(IMPORTED, importBody("G42b"));
	scene.pass(60);
	const id = (await scene.graph.get(`${IMPORTED}/${created.at("id")}`)).at("state.deviceRegistrationId");
	assert.equal((await scene.graph.delete(formatPath(String(id)))).status, 400);
	scene.pass(1);
	assert.equal((await scene.graph.delete(formatPath(String(id)))).status, 200);
});

test("G43 an enrolled identity cannot be deleted until it has left Intune", async () => {
	const { machines } = scene.emulator.control;
	const id = await scene.register("G43");
	machines.enrol(id);
	const refused = await scene.graph.delete(formatPath(id));
	assert.deepEqual([refused.status, refused.at("error.code")], [400, "BadRequest"]);
	assert.match(parseNestedMessage(refused), /enrolled/);
	assert.equal((await scene.graph.get(formatPath(id))).at("enrollmentState"), "enrolled");
	machines.unenrol(id);
	assert.equal((await scene.graph.delete(formatPath(id))).status, 200);
});

test("G44 the hash can be imported again, under another registration id, only after its deletion has completed", async () => {
	const { switches } = scene.emulator.control.machines;
	const id = await scene.register("G44");
	switches.deleteDelay = 300_000;
	await scene.graph.delete(formatPath(id));
	const early = await scene.graph.post(IMPORTED, importBody("G44"));
	scene.pass(60);
	const refused = await scene.graph.get(`${IMPORTED}/${early.at("id")}`);
	assert.deepEqual(
		[refused.at("state.deviceErrorCode"), refused.at("state.deviceErrorName")],
		[806, "ZtdDeviceAlreadyAssigned"],
	);
	scene.pass(240);
	switches.deleteDelay = 0;
	const again = await scene.register("G44");
	assert.notEqual(again, id);
	assert.equal((await scene.graph.get(formatPath(again))).at("serialNumber"), "G44");
});

test("G45 deleteDevices returns a result for each serial number", async () => {
	const { machines } = scene.emulator.control;
	const [one, enrolled] = [await scene.register("G45"), await scene.register("G45 b")];
	machines.enrol(enrolled);
	machines.switches.deleteDelay = 60_000;
	const reply = await scene.graph.post(`${IDENTITIES}/deleteDevices`, {
		serialNumbers: ["G45", "nothing", "G45 b"],
	});
	assert.equal(reply.status, 200);
	assert.deepEqual(reply.at("value"), [
		{ serialNumber: "G45", deviceRegistrationId: one, deletionState: "accepted", errorMessage: "" },
		{
			serialNumber: "nothing",
			deviceRegistrationId: "",
			deletionState: "failed",
			errorMessage: "Cannot find device with serial number nothing",
		},
		{
			serialNumber: "G45 b",
			deviceRegistrationId: enrolled,
			deletionState: "failed",
			errorMessage: "The device is enrolled and must be removed from Intune before it can be deleted",
		},
	]);
	assert.equal((await scene.graph.get(formatPath(one))).status, 200);
	scene.pass(60);
	assert.equal((await scene.graph.get(formatPath(one))).status, 404);
	machines.switches.deleteDelay = 0;
	machines.switches.deleteDevices = false;
	const unrouted = await scene.graph.post(`${IDENTITIES}/deleteDevices`, { serialNumbers: [] });
	assert.deepEqual([unrouted.status, unrouted.at("error.code")], [400, "No method match route template"]);
	machines.switches.deleteDevices = true;
});

test("a role that manages configuration may delete too", async () => {
	const id = await scene.register("role");
	const manager = new GraphClient(scene.emulator, ["DeviceManagementConfiguration.ReadWrite.All"]);
	assert.equal((await manager.get(formatPath(id))).status, 403);
	assert.equal((await manager.delete(formatPath(id))).status, 200);
});
