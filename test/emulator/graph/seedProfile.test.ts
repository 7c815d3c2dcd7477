import assert from "node:assert/strict";
import { test } from "node:test";
import { IMPORTED } from "../testing/graphClient.ts";
import { importBody, useGraph, withGraph } from "../testing/useGraph.ts";

const scene = useGraph({ profile: "seed" });
const DRAFT = "/beta/importedWindowsAutopilotDeviceIdentityUpload/deviceIdentities";
const UPLOADS = "/beta/deviceManagement/importedWindowsAutopilotDeviceIdentityUploads";
const NOBODY = "00000000-0000-4000-8000-00000000dead";
const TYPE = "#microsoft.graph.importedWindowsAutopilotDeviceIdentity";

test("P1 the draft route patches the record whose id is in the body, and returns all of it", async () => {
	const created = await scene.graph.post(DRAFT, importBody("P1", { groupTag: "old", productKey: "key" }));
	assert.equal(created.status, 201);
	const id = String(created.at("id"));
	const reply = await scene.graph.patch(DRAFT, {
		"@odata.type": TYPE,
		id,
		orderIdentifier: "order 7",
		groupTag: "new",
		assignedUserPrincipalName: "ann@example.com",
	});
	assert.equal(reply.status, 200);
	assert.deepEqual(reply.json, {
		"@odata.type": TYPE,
		id,
		orderIdentifier: "order 7",
		groupTag: "new",
		serialNumber: "P1",
		productKey: "key",
		importId: id,
		hardwareIdentifier: null,
		assignedUserPrincipalName: "ann@example.com",
		state: {
			deviceImportStatus: "unknown",
			deviceRegistrationId: "",
			deviceErrorCode: 0,
			deviceErrorName: "",
		},
	});
	assert.match((await scene.graph.get(DRAFT)).text, new RegExp(id));
	const many = { importedWindowsAutopilotDeviceIdentities: [importBody("P1c"), importBody("P1d")] };
	assert.equal((await scene.graph.post(`${DRAFT}/import`, many)).at("value.1.serialNumber"), "P1d");
	for (const body of [{ id: NOBODY, groupTag: "x" }, { groupTag: "x" }]) {
		const missing = await scene.graph.patch(DRAFT, body);
		assert.deepEqual([missing.status, missing.at("error.code")], [404, "ResourceNotFound"]);
	}
});

test("P1 a patch after the end of the import changes the machine", async () => {
	const created = await scene.graph.post(IMPORTED, importBody("P1b", { orderIdentifier: "alias" }));
	scene.pass(61);
	const [machine] = scene.emulator.control.machines.find("P1b");
	assert.equal(machine?.groupTag, "alias");
	await scene.graph.patch(DRAFT, { id: created.at("id"), groupTag: "Kiosk" });
	const [after] = scene.emulator.control.machines.find("P1b");
	assert.deepEqual([after?.id, after?.groupTag], [machine?.id, "Kiosk"]);
	const user = { assignedUserPrincipalName: "ada@contoso.com" };
	await scene.graph.patch(DRAFT, { id: created.at("id"), ...user });
	const [assigned] = scene.emulator.control.machines.find("P1b");
	assert.deepEqual([assigned?.groupTag, assigned?.userPrincipalName], ["Kiosk", "ada@contoso.com"]);
});

test("P2 uploads and the records below them have rooted routes", async () => {
	const createdDateTimeUtc = "2019-03-01T00:00:00Z";
	const upload = await scene.graph.post(UPLOADS, { createdDateTimeUtc, status: "pending" });
	assert.equal(upload.status, 201);
	assert.deepEqual([upload.at("createdDateTimeUtc"), upload.at("status")], [createdDateTimeUtc, "pending"]);
	const path = `${UPLOADS}/${upload.at("id")}`;
	assert.equal((await scene.graph.get(UPLOADS)).at("value.0.id"), upload.at("id"));
	assert.equal((await scene.graph.get(path)).at("status"), "pending");
	const record = await scene.graph.post(`${path}/deviceIdentities`, importBody("P2"));
	assert.equal(record.status, 201);
	const below = `${path}/deviceIdentities/${record.at("id")}`;
	const patched = await scene.graph.patch(below, { groupTag: "Kiosk" });
	assert.deepEqual(
		[patched.status, patched.at("groupTag"), patched.at("serialNumber")],
		[200, "Kiosk", "P2"],
	);
	assert.equal((await scene.graph.get(below)).at("groupTag"), "Kiosk");
	const listed = await scene.graph.get(`${path}/deviceIdentities`);
	assert.equal((listed.at("value") as unknown[]).length, 1);
	assert.equal((await scene.graph.patch(path, { status: "complete" })).at("status"), "complete");
	assert.equal((await scene.graph.patch(path, { status: "great" })).status, 400);
	scene.pass(60);
	assert.equal((await scene.graph.get(below)).at("state.deviceImportStatus"), "complete");
	assert.equal((await scene.graph.delete(below)).status, 200);
	assert.equal((await scene.graph.delete(path)).status, 204);
	for (const missing of [path, below, `${UPLOADS}/${NOBODY}/deviceIdentities`]) {
		assert.equal((await scene.graph.get(missing)).status, 404);
	}
});

test("P3 etags, if switched on, come in bodies and headers, and If-Match is checked", async () => {
	await withGraph({ profile: "seed", etags: true }, async ({ graph, emulator }) => {
		const created = await graph.post(DRAFT, importBody("P3"));
		const etag = String(created.at("@odata.etag"));
		assert.match(etag, /^W\/"[^"]+"$/);
		assert.equal(created.headers.etag, etag);
		const patch = (condition?: string) =>
			graph.patch(
				DRAFT,
				{ id: created.at("id"), groupTag: "x" },
				condition === undefined ? {} : { headers: { "if-match": condition } },
			);
		const good = await patch(etag);
		assert.equal(good.status, 200);
		assert.notEqual(good.at("@odata.etag"), etag);
		assert.equal(good.headers.etag, good.at("@odata.etag"));
		const stale = await patch(etag);
		assert.deepEqual([stale.status, stale.at("error.code")], [412, "resourceModified"]);
		const bare = await patch("unquoted");
		assert.deepEqual([bare.status, bare.at("error.code")], [400, "malformedEntityTag"]);
		assert.equal((await patch()).status, 200);
		assert.equal((await patch("*")).status, 200);
		const read = await graph.get(`${IMPORTED}/${created.at("id")}`);
		emulator.control.machines.changeImport(String(created.at("id")), { groupTag: "behind" });
		assert.equal((await patch(String(read.headers.etag))).status, 412);
	});
});

test("P3 changes move an identity's etag, contacts do not", async () => {
	await withGraph({ profile: "seed", etags: true }, async ({ graph, emulator, register }) => {
		const id = await register("P3b");
		const path = `/v1.0/deviceManagement/windowsAutopilotDeviceIdentities/${id}`;
		const etag = async () => String((await graph.get(path)).headers.etag);
		const first = await etag();
		emulator.control.machines.contact(id);
		assert.equal(await etag(), first);
		emulator.control.machines.change(id, { groupTag: "x" });
		assert.notEqual(await etag(), first);
		const headers = { "if-match": first };
		const stale = await graph.post(`${path}/updateDeviceProperties`, { groupTag: "y" }, { headers });
		assert.equal(stale.status, 412);
		assert.equal((await graph.delete(path, { headers })).status, 412);
		assert.equal((await graph.delete(path, { headers: { "if-match": await etag() } })).status, 200);
	});
});

test("P3 without the switch there are no etags", async () => {
	const created = await scene.graph.post(DRAFT, importBody("P3c"));
	assert.deepEqual([created.at("@odata.etag"), created.headers.etag], [undefined, undefined]);
});
