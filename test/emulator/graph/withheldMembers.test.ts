import assert from "node:assert/strict";
import { test } from "node:test";
import { IDENTITIES, IMPORTED } from "../testing/graphClient.ts";
import { importBody, withGraph } from "../testing/useGraph.ts";

const importId = "11111111-2222-4333-8444-555555555555";
const filtered = (id: string) => `${IMPORTED}?$filter=${encodeURIComponent(`importId eq '${id}'`)}`;

test("a record has the import id that was sent, its own id, or none, by switches for each route", async () => {
	await withGraph({}, async ({ graph, emulator: { control } }) => {
		const { switches } = control.machines;
		for (const kept of ["sent", "own", "none"] as const) {
			Object.assign(switches, { singleImportIds: kept, batchImportIds: "sent" });
			const record = await graph.post(IMPORTED, importBody("a", { importId }));
			const expected = { sent: importId, own: record.at("id"), none: null }[kept];
			assert.equal(record.at("importId"), expected);
			assert.equal((await graph.get(`${IMPORTED}/${record.at("id")}`)).at("importId"), expected);
			Object.assign(switches, { singleImportIds: "sent", batchImportIds: kept });
			const bodies = [importBody("b", { importId })];
			const batch = await graph.post(`${IMPORTED}/import`, {
				importedWindowsAutopilotDeviceIdentities: bodies,
			});
			const [id, batchImportId] = [batch.at("value.0.id"), batch.at("value.0.importId")];
			assert.equal(batchImportId, { sent: importId, own: id, none: null }[kept]);
		}
	});
});

test("records are found by import id, in any case, unless a switch refuses the filter", async () => {
	await withGraph({}, async ({ graph, emulator: { control } }) => {
		await graph.post(IMPORTED, importBody("a", { importId }));
		await graph.post(IMPORTED, importBody("b"));
		const found = await graph.get(filtered(importId.toUpperCase()));
		assert.equal((found.at("value") as unknown[]).length, 1);
		assert.equal(found.at("value.0.serialNumber"), "a");
		control.machines.switches.importIdFilter = "reject";
		const refused = await graph.get(filtered(importId));
		assert.deepEqual([refused.status, refused.at("error.code")], [400, "BadRequest"]);
	});
});

test("a switch hides the users of machines in lists and single responses, but not from the service", async () => {
	await withGraph({ readUsers: "blank" }, async ({ graph, emulator: { control } }) => {
		const [machine] = control.machines.seed([{ serialNumber: "a" }]);
		const path = `${IDENTITIES}/${machine?.id}`;
		await graph.post(`${path}/assignUserToDevice`, {
			userPrincipalName: "ada@contoso.com",
			addressableUserName: "Ada",
		});
		assert.equal((await graph.get(path)).at("userPrincipalName"), "");
		assert.equal((await graph.get(path)).at("addressableUserName"), "Ada");
		assert.equal((await graph.get(IDENTITIES)).at("value.0.userPrincipalName"), "");
		assert.equal(control.machines.get(machine?.id ?? "")?.userPrincipalName, "ada@contoso.com");
	});
});

test("a machine without a serial number has an empty one, or null with a switch", async () => {
	await withGraph({}, async ({ graph, emulator: { control } }) => {
		control.machines.seed([{ serialNumber: "" }]);
		assert.equal((await graph.get(IDENTITIES)).at("value.0.serialNumber"), "");
		control.machines.switches.unsetSerials = "null";
		assert.equal((await graph.get(IDENTITIES)).at("value.0.serialNumber"), null);
	});
});
