import assert from "node:assert/strict";
import { test } from "node:test";
import { IDENTITIES, IMPORTED } from "../testing/graphClient.ts";
import { importBody, useGraph } from "../testing/useGraph.ts";

const scene = useGraph();

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

test("G6 a create is 201 with a fresh id and an unknown state, whatever state the body claims", async () => {
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

test("G11 the identity can be read a second after that, under the registration id", async () => {
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
