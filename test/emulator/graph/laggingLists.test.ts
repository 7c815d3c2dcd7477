import assert from "node:assert/strict";
import { test } from "node:test";
import { IDENTITIES } from "../testing/graphClient.ts";
import { importBody, withGraph } from "../testing/useGraph.ts";

const UPLOADS = "/beta/deviceManagement/importedWindowsAutopilotDeviceIdentityUploads";

test("the list of identities may lack a new one that can be read, and may still have a deleted one", async () => {
	await withGraph({ identityListDelay: 10_000, identityListRemovalDelay: 5_000 }, async (scene) => {
		const countListed = async () => (await scene.graph.get(IDENTITIES)).at("@odata.count");
		const id = await scene.register("S-1");
		const path = `${IDENTITIES}/${id}`;
		assert.deepEqual([(await scene.graph.get(path)).status, await countListed()], [200, 0]);
		scene.pass(10);
		assert.equal(await countListed(), 1);
		await scene.graph.delete(path);
		assert.deepEqual([(await scene.graph.get(path)).status, await countListed()], [404, 1]);
		scene.pass(5);
		assert.equal(await countListed(), 0);
	});
});

test("a machine that somebody else deletes stays in a lagging list, too", async () => {
	await withGraph({ identityListRemovalDelay: 5_000 }, async (scene) => {
		const { machines } = scene.emulator.control;
		const [{ id = "" } = {}] = machines.seed([{ serialNumber: "S-2" }]);
		assert.equal(machines.remove(id), true);
		assert.equal((await scene.graph.get(IDENTITIES)).at("value.0.id"), id);
		assert.deepEqual(machines.list(), []);
	});
});

test("the list of uploads may lack a new one, in which imports can be queued", async () => {
	await withGraph({ profile: "seed", uploadListDelay: 10_000 }, async (scene) => {
		const { at } = await scene.graph.post(UPLOADS, {});
		const countListed = async () => ((await scene.graph.get(UPLOADS)).at("value") as unknown[]).length;
		const queued = await scene.graph.post(`${UPLOADS}/${at("id")}/deviceIdentities`, importBody("S-3"));
		assert.deepEqual([queued.status, await countListed()], [201, 0]);
		scene.pass(10);
		assert.equal(await countListed(), 1);
	});
});
