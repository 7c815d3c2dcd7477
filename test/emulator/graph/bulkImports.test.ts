import assert from "node:assert/strict";
import { test } from "node:test";
import { IMPORTED } from "../testing/graphClient.ts";
import { importBody, type Scene, withGraph } from "../testing/useGraph.ts";

const BAD = importBody("bad", { hardwareIdentifier: "=" });

/** Imports machines with these serial numbers, or these bodies, in one request. */
function importTogether({ graph }: Scene, ...items: readonly (string | object)[]) {
	const bodies = items.map((item) => (typeof item === "string" ? importBody(item) : item));
	return graph.post(`${IMPORTED}/import`, { importedWindowsAutopilotDeviceIdentities: bodies });
}

/** Returns the serial numbers of the records in the list. */
async function listImports({ graph }: Scene): Promise<unknown[]> {
	const reply = await graph.get(IMPORTED);
	return (reply.at("value") as { serialNumber: string }[]).map(({ serialNumber }) => serialNumber);
}

test("a request may have any number of imports, unless a limit is set", async () => {
	await withGraph({}, async (scene) => {
		const one = importBody("one");
		const many = Array.from({ length: 600 }, () => one);
		assert.equal((await importTogether(scene, ...many)).status, 200);
		scene.emulator.control.machines.switches.importLimit = 2;
		const refused = await importTogether(scene, "a", "b", "c");
		assert.deepEqual([refused.status, refused.at("error.code")], [400, "BadRequest"]);
		assert.equal((await importTogether(scene, "a", "b")).status, 200);
		assert.equal(scene.emulator.control.machines.imports().length, 602);
	});
});

test("a request beyond the configured size is 413", async () => {
	await withGraph({ importSize: 10_000 }, async (scene) => {
		const refused = await importTogether(scene, "a", "b", "c");
		assert.deepEqual([refused.status, refused.at("error.code")], [413, "RequestEntityTooLarge"]);
		assert.equal((await importTogether(scene, "a", "b")).status, 200);
		assert.deepEqual(await listImports(scene), ["a", "b"]);
	});
});

test("the items before an invalid one are queued only with a switch", async () => {
	await withGraph({}, async (scene) => {
		assert.equal((await importTogether(scene, "a", BAD, "b")).status, 400);
		assert.deepEqual(await listImports(scene), []);
		scene.emulator.control.machines.switches.refusedImport = "before";
		assert.equal((await importTogether(scene, "a", BAD, "b")).status, 400);
		assert.deepEqual(await listImports(scene), ["a"]);
	});
});

test("a response may name fewer records than were queued", async () => {
	await withGraph({ importsNamed: 1 }, async (scene) => {
		const reply = await importTogether(scene, "a", "b");
		assert.deepEqual((reply.at("value") as unknown[]).length, 1);
		assert.equal(reply.at("value.0.serialNumber"), "a");
		assert.deepEqual(await listImports(scene), ["a", "b"]);
	});
});

test("the list may lag behind, and may omit the states of imports; a single record has its state", async () => {
	await withGraph({ listDelay: 5_000, listBlanksStates: true }, async (scene) => {
		const reply = await importTogether(scene, "a");
		assert.deepEqual(await listImports(scene), []);
		assert.equal((await scene.graph.get(`${IMPORTED}/${reply.at("value.0.id")}`)).status, 200);
		scene.pass(60);
		const row = (await scene.graph.get(IMPORTED)).at("value.0.state.deviceImportStatus");
		const own = (await scene.graph.get(`${IMPORTED}/${reply.at("value.0.id")}`)).at(
			"state.deviceImportStatus",
		);
		assert.deepEqual([row, own], ["unknown", "complete"]);
	});
});

test("the import ids of a batch may be replaced by the records' own", async () => {
	const importId = "11111111-2222-4333-8444-555555555555";
	await withGraph({ batchImportIds: "own" }, async (scene) => {
		const together = await importTogether(scene, importBody("a", { importId }));
		assert.equal(together.at("value.0.importId"), together.at("value.0.id"));
		const alone = await scene.graph.post(IMPORTED, importBody("b", { importId }));
		assert.equal(alone.at("importId"), importId);
	});
});

test("the list may still have a removed record, which cannot be read", async () => {
	await withGraph({ listRemovalDelay: 5_000 }, async (scene) => {
		const path = `${IMPORTED}/${(await importTogether(scene, "a")).at("value.0.id")}`;
		await scene.graph.delete(path);
		assert.deepEqual(await listImports(scene), ["a"]);
		assert.equal((await scene.graph.get(path)).status, 404);
		scene.pass(5);
		assert.deepEqual(await listImports(scene), []);
	});
});
