import assert from "node:assert/strict";
import { test } from "node:test";
import { IDENTITIES, IMPORTED } from "../testing/graphClient.ts";
import { importBody, useGraph } from "../testing/useGraph.ts";

const scene = useGraph();

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

test("G6 a create is 201 with a fresh id and an unknown state, whatever the state in the body", async () => {
	const state = { deviceImportStatus: "pending", deviceRegistrationId: "x", deviceErrorCode: 7 };
	const reply = await scene.graph.post(IMPORTED, importBody("G6", { state }));
	assert.equal(reply.status, 201);
	assert.match(String(reply.at("id")), GUID);
	const id = reply.at("id");
	assert.deepEqual(reply.json, {
		"@odata.context": `${scene.emulator.graph.url}/v1.0/$metadata#deviceManagement/importedWindowsAutopilotDeviceIdentities/$entity`,
		id,
		groupTag: "",
		serialNumber: "G6",
		productKey: "",
		importId: id,
		hardwareIdentifier: null,
		assignedUserPrincipalName: "",
		state: {
			deviceImportStatus: "unknown",
			deviceRegistrationId: "",
			deviceErrorCode: 0,
			deviceErrorName: "",
		},
	});
});

test("G10 after the import delay the record is complete and names the registration", async () => {
	const created = await scene.graph.post(IMPORTED, importBody("G10"));
	const path = `${IMPORTED}/${created.at("id")}`;
	scene.pass(59);
	assert.equal((await scene.graph.get(path)).at("state.deviceImportStatus"), "unknown");
	scene.pass(1);
	const done = await scene.graph.get(path);
	assert.match(String(done.at("state.deviceRegistrationId")), GUID);
	assert.deepEqual(done.at("state"), {
		deviceImportStatus: "complete",
		deviceRegistrationId: done.at("state.deviceRegistrationId"),
		deviceErrorCode: 0,
		deviceErrorName: "None",
	});
});

test("G11 the identity can be read a second later, under the registration id", async () => {
	const created = await scene.graph.post(IMPORTED, importBody("G11"));
	scene.pass(60);
	const done = await scene.graph.get(`${IMPORTED}/${created.at("id")}`);
	const identity = `${IDENTITIES}/${done.at("state.deviceRegistrationId")}`;
	const early = await scene.graph.get(identity);
	assert.deepEqual([early.status, early.at("error.code")], [404, "ResourceNotFound"]);
	scene.pass(1);
	const late = await scene.graph.get(identity);
	assert.deepEqual([late.status, late.at("serialNumber")], [200, "G11"]);
});

test("G7 no response contains the hash", async () => {
	const body = importBody("G7");
	const created = await scene.graph.post(IMPORTED, body);
	const id = String(created.at("id"));
	const answers = [
		created,
		await scene.graph.get(`${IMPORTED}/${id}`),
		await scene.graph.get(IMPORTED),
		await scene.graph.post(`${IMPORTED}/import`, {
			importedWindowsAutopilotDeviceIdentities: [importBody("G7b")],
		}),
	];
	for (const { text } of answers) assert.ok(!text.includes(String(body["hardwareIdentifier"]).slice(0, 100)));
	assert.equal(created.at("hardwareIdentifier"), null);
	scene.emulator.control.machines.switches.hiddenHash = "empty";
	assert.equal((await scene.graph.get(`${IMPORTED}/${id}`)).at("hardwareIdentifier"), "");
	scene.emulator.control.machines.switches.hiddenHash = "null";
});

test("G8 the import id is the one sent, or else the record's", async () => {
	const importId = "11111111-2222-4333-8444-555555555555";
	const named = await scene.graph.post(IMPORTED, importBody("G8", { importId }));
	assert.equal(named.at("importId"), importId);
	assert.notEqual(named.at("id"), importId);
	const unnamed = await scene.graph.post(IMPORTED, importBody("G8b", { importId: "" }));
	assert.equal(unnamed.at("importId"), unnamed.at("id"));
});

test("G9 a hash that is not base64 is 400 at once, and nothing is queued", async () => {
	const before = scene.emulator.control.machines.imports().length;
	for (const hardwareIdentifier of ["T0E*", "T0EA=", "T0EAAA", "VDBF-", 7]) {
		const reply = await scene.graph.post(IMPORTED, { serialNumber: "G9", hardwareIdentifier });
		assert.deepEqual([reply.status, reply.at("error.code")], [400, "BadRequest"]);
		assert.equal(
			reply.at("error.message"),
			`Cannot convert the literal '${hardwareIdentifier}' to the expected type 'Edm.Binary'.`,
		);
	}
	const bulk = await scene.graph.post(`${IMPORTED}/import`, {
		importedWindowsAutopilotDeviceIdentities: [
			importBody("G9"),
			importBody("G9", { hardwareIdentifier: "=" }),
		],
	});
	assert.equal(bulk.status, 400);
	assert.equal(scene.emulator.control.machines.imports().length, before);
});

test("G17 the action import returns 200 with records in the order of the request", async () => {
	const serials = ["G17c", "G17a", "G17b"];
	const items = serials.map((serial) => importBody(serial, { groupTag: `tag ${serial}` }));
	const reply = await scene.graph.post(`${IMPORTED}/microsoft.graph.import`, {
		importedWindowsAutopilotDeviceIdentities: items,
	});
	assert.equal(reply.status, 200);
	const rows = reply.at("value") as Array<Record<string, unknown>>;
	assert.deepEqual(
		rows.map(({ serialNumber, groupTag }) => [serialNumber, groupTag]),
		serials.map((serial) => [serial, `tag ${serial}`]),
	);
	for (const row of rows) {
		assert.equal(row["importId"], row["id"]);
		assert.equal((row["state"] as Record<string, unknown>)["deviceImportStatus"], "unknown");
	}
	scene.pass(60);
	const states = await Promise.all(rows.map(({ id }) => scene.graph.get(`${IMPORTED}/${id}`)));
	assert.deepEqual(
		states.map((state) => state.at("state.deviceImportStatus")),
		["complete", "complete", "complete"],
	);
});

test("G18 an unknown record is 404 on read and 200 on delete", async () => {
	const path = `${IMPORTED}/00000000-0000-4000-8000-00000000dead`;
	const read = await scene.graph.get(path);
	assert.deepEqual([read.status, read.at("error.code")], [404, "ResourceNotFound"]);
	assert.equal((await scene.graph.delete(path)).status, 200);
	scene.emulator.control.machines.switches.statuses = "documented";
	assert.equal((await scene.graph.delete(path)).status, 204);
	scene.emulator.control.machines.switches.statuses = "observed";
});

test("G19 deleting a record neither stops its import nor undoes the registration", async () => {
	const early = await scene.graph.post(IMPORTED, importBody("G19"));
	assert.equal((await scene.graph.delete(`${IMPORTED}/${early.at("id")}`)).status, 200);
	assert.equal((await scene.graph.get(`${IMPORTED}/${early.at("id")}`)).status, 404);
	const late = await scene.graph.post(IMPORTED, importBody("G19b"));
	scene.pass(61);
	await scene.graph.delete(`${IMPORTED}/${late.at("id")}`);
	for (const serial of ["G19", "G19b"]) {
		const [machine] = scene.emulator.control.machines.find(serial);
		assert.equal((await scene.graph.get(`${IDENTITIES}/${machine?.id}`)).status, 200);
	}
});

test("G20 a record cannot be patched: no route matches", async () => {
	const created = await scene.graph.post(IMPORTED, importBody("G20"));
	const id = created.at("id");
	for (const path of [`${IMPORTED}/${id}`, `${IMPORTED}('${id}')`]) {
		const reply = await scene.graph.patch(path, { groupTag: "x" });
		assert.deepEqual([reply.status, reply.at("error.code")], [400, "No method match route template"]);
		assert.equal(
			reply.at("error.message"),
			`No OData route exists that match template ~/singleton/navigation/key with http verb PATCH for request /DeviceEnrollmentFE/StatelessDeviceEnrollmentFEService/deviceManagement/importedWindowsAutopilotDeviceIdentities('${id}').`,
		);
	}
});

test("G21 records can be filtered by part of the serial number, counted and selected", async () => {
	for (const serial of ["G21-one", "G21-two", "G-other"])
		await scene.graph.post(IMPORTED, importBody(serial));
	const filter = `$filter=${encodeURIComponent("contains(serialNumber,'g21-')")}`;
	const reply = await scene.graph.get(`${IMPORTED}?${filter}`);
	assert.deepEqual(
		(reply.at("value") as Array<Record<string, unknown>>).map(({ serialNumber }) => serialNumber),
		["G21-one", "G21-two"],
	);
	assert.equal((await scene.graph.get(`${IMPORTED}/$count?${filter}`)).text, "2");
	const one = await scene.graph.get(`${IMPORTED}/${reply.at("value.0.id")}?$select=id,state`);
	assert.deepEqual(Object.keys(one.json as object), ["@odata.context", "id", "state"]);
	const wrong = await scene.graph.get(`${IMPORTED}?$filter=groupTag`);
	assert.deepEqual([wrong.status, wrong.at("error.code")], [400, "BadRequest"]);
	const first = await scene.graph.get(`${IMPORTED}?$top=1&${filter}`);
	const second = await scene.graph.get(String(first.at("@odata.nextLink")));
	assert.deepEqual([second.at("value.0.serialNumber"), second.at("@odata.nextLink")], ["G21-two", undefined]);
});

test("G22 the service never deletes a record on its own", async () => {
	const created = await scene.graph.post(IMPORTED, importBody("G22"));
	scene.pass(3000);
	assert.equal((await scene.graph.get(`${IMPORTED}/${created.at("id")}`)).status, 200);
});

test("a record may be pending in the second half of its import", async () => {
	scene.emulator.control.machines.switches.pendingPhase = true;
	const created = await scene.graph.post(IMPORTED, importBody("pending"));
	scene.pass(30);
	const reply = await scene.graph.get(`${IMPORTED}/${created.at("id")}`);
	assert.equal(reply.at("state.deviceImportStatus"), "pending");
	scene.emulator.control.machines.switches.pendingPhase = false;
});

test("unknown members and a too long group tag are rejected", async () => {
	const wrong = [
		importBody("wrong", { displayName: "PC" }),
		importBody("wrong", { orderIdentifier: "x" }),
		importBody("wrong", { groupTag: 7 }),
		importBody("wrong", { groupTag: "x".repeat(2049) }),
	];
	for (const body of wrong) assert.equal((await scene.graph.post(IMPORTED, body)).status, 400);
	scene.emulator.control.machines.switches.unknownProperties = "ignore";
	assert.equal((await scene.graph.post(IMPORTED, wrong[0])).status, 201);
	scene.emulator.control.machines.switches.unknownProperties = "reject";
});

test("a body must exist, be declared as JSON and be an object", async () => {
	const text = JSON.stringify(importBody("bodies"));
	const replies = [
		await scene.graph.post(IMPORTED),
		await scene.graph.post(IMPORTED, "{"),
		await scene.graph.post(IMPORTED, "[]"),
		await scene.graph.post(IMPORTED, text, { headers: { "content-type": "text/plain" } }),
	];
	for (const reply of replies) assert.deepEqual([reply.status, reply.at("error.code")], [400, "BadRequest"]);
});
