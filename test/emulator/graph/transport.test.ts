import assert from "node:assert/strict";
import { test } from "node:test";
import { GraphClient, IDENTITIES, IMPORTED, parseNestedMessage } from "../testing/graphClient.ts";
import type { Reply } from "../testing/hubClient.ts";
import { importBody, useGraph, withGraph } from "../testing/useGraph.ts";

const scene = useGraph();
const SETTINGS = "/beta/deviceManagement/windowsAutopilotSettings";
const CREATE = "POST /deviceManagement/importedWindowsAutopilotDeviceIdentities";
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

test("G46 the settings are a singleton of beta; v1.0 does not have them", async () => {
	const reply = await scene.graph.get(SETTINGS);
	assert.equal(reply.status, 200);
	assert.deepEqual(Object.keys(reply.json as object), [
		"@odata.context",
		"id",
		"lastSyncDateTime",
		"lastManualSyncTriggerDateTime",
		"syncStatus",
	]);
	assert.match(
		String(reply.at("@odata.context")),
		/\/beta\/\$metadata#deviceManagement\/windowsAutopilotSettings\/\$entity$/,
	);
	assert.match(String(reply.at("lastSyncDateTime")), /T\d\d:\d\d:\d\d\.\d{7}Z$/);
	assert.equal(reply.at("syncStatus"), "completed");
	const v1 = await scene.graph.get(SETTINGS.replace("/beta", "/v1.0"));
	assert.deepEqual(
		[v1.status, v1.at("error.code"), v1.at("error.message")],
		[400, "BadRequest", "Resource not found for the segment 'windowsAutopilotSettings'."],
	);
});

test("G47 a sync is 204, 409 while it runs, 429 within ten minutes of its start", async () => {
	await withGraph({}, async ({ graph, emulator, pass }) => {
		const requestSync = () => graph.post(`${SETTINGS}/sync`);
		assert.equal((await requestSync()).status, 204);
		assert.equal((await graph.get(SETTINGS)).at("syncStatus"), "inProgress");
		assert.equal((await requestSync()).status, 409);
		pass(60);
		assert.equal((await graph.get(SETTINGS)).at("syncStatus"), "completed");
		const early = await requestSync();
		assert.deepEqual([early.status, early.at("error.code")], [429, "TooManyRequests"]);
		assert.equal(early.headers["retry-after"], undefined);
		emulator.control.machines.switches.syncRetryAfter = true;
		assert.equal((await requestSync()).headers["retry-after"], "540");
		pass(540);
		assert.equal((await graph.post(`${SETTINGS}/sync`, {})).status, 204);
	});
});

test("G48 an application may write 100 times in 20 seconds; Retry-After is sent only if switched on", async () => {
	await withGraph({}, async ({ graph, emulator, pass }) => {
		const path = `${IMPORTED}/00000000-0000-4000-8000-00000000dead`;
		const statuses = async (count: number) => {
			const replies = await Promise.all(Array.from({ length: count }, () => graph.delete(path)));
			return replies.map(({ status }) => status);
		};
		assert.deepEqual(new Set(await statuses(60)), new Set([200]));
		pass(10);
		assert.deepEqual(new Set(await statuses(40)), new Set([200]));
		const refused = await graph.delete(path);
		assert.deepEqual([refused.status, refused.at("error.code")], [429, "TooManyRequests"]);
		assert.equal(refused.headers["retry-after"], undefined);
		emulator.control.machines.switches.writeRetryAfter = true;
		assert.equal((await graph.delete(path)).headers["retry-after"], "10");
		assert.equal((await graph.get(IMPORTED)).status, 200);
		const other = new GraphClient(emulator, ["DeviceManagementServiceConfig.ReadWrite.All"]);
		assert.equal((await other.delete(path)).status, 200);
		pass(10);
		assert.equal((await statuses(61)).filter((status) => status === 429).length, 1);
	});
});

test("G49 faults: 503 with Retry-After, 500 and 504 leave the service unchanged", async () => {
	const { faults, machines } = scene.emulator.control;
	const before = machines.imports().length;
	faults.add({ match: { service: "graph" }, action: { kind: "unavailable", retryAfter: 3 } });
	const busy = await scene.graph.post(IMPORTED, importBody("G49"));
	assert.deepEqual([busy.status, busy.headers["retry-after"]], [503, "3"]);
	assert.equal(busy.at("error.code"), "ServiceUnavailable");
	for (const status of [500, 504]) {
		faults.add({ match: { route: CREATE }, action: { kind: "status", status } });
		const reply = await scene.graph.post(IMPORTED, importBody("G49"));
		assert.equal(reply.status, status);
		assert.equal(reply.at("error.innerError.request-id"), reply.headers["request-id"]);
	}
	assert.equal(machines.imports().length, before);
});

test("G49 faults: a response is lost after the create was queued, so that a blind retry creates a second record", async () => {
	const { faults, machines } = scene.emulator.control;
	faults.add({ match: { route: CREATE }, action: { kind: "reset" } });
	await assert.rejects(scene.graph.post(IMPORTED, importBody("G49b")));
	const listRecords = () => machines.imports().filter(({ serialNumber }) => serialNumber === "G49b");
	assert.equal(listRecords().length, 0);
	faults.add({ match: { route: CREATE }, action: { kind: "reset", when: "after" } });
	await assert.rejects(scene.graph.post(IMPORTED, importBody("G49b")));
	assert.equal(listRecords().length, 1);
	await scene.graph.post(IMPORTED, importBody("G49b"));
	scene.pass(60);
	assert.deepEqual(
		listRecords().map(({ state }) => state.errorName),
		["None", "ZtdDeviceAlreadyAssigned"],
	);
});

test("G50 every response has its ids, the service's clock and the usual headers", async () => {
	const own = "99999999-8888-4777-8666-555555555555";
	const headers = { "client-request-id": own };
	scene.emulator.control.faults.add({ match: { path: "faulty" }, action: { kind: "throttle" } });
	const replies = [
		await scene.graph.get(IDENTITIES, { headers }),
		await scene.graph.get("/v1.0/nothing", { headers }),
		await scene.graph.get(IDENTITIES, { headers, authorization: null }),
		await scene.graph.get(`${IDENTITIES}/faulty`, { headers }),
		await scene.graph.post("/v1.0/$batch", {}, { headers }),
		await scene.graph.get("/deviceManagement", { headers }),
	];
	for (const reply of replies) {
		assert.match(String(reply.headers["request-id"]), GUID);
		assert.equal(reply.headers["client-request-id"], own);
		assert.equal(
			Date.parse(String(reply.headers.date)),
			Math.floor(scene.emulator.control.clock.now() / 1000) * 1000,
		);
		assert.equal(reply.headers["strict-transport-security"], "max-age=31536000");
		assert.match(String(reply.headers["x-ms-ags-diagnostic"]), /^\{"ServerInfo":/);
	}
	for (const reply of replies.slice(1)) {
		assert.deepEqual(Object.keys(reply.at("error") as object), ["code", "message", "innerError"]);
		assert.match(String(reply.at("error.innerError.date")), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
		assert.equal(reply.at("error.innerError.request-id"), reply.headers["request-id"]);
		assert.equal(reply.at("error.innerError.client-request-id"), own);
	}
	const unnamed = await scene.graph.get(IDENTITIES);
	assert.equal(unnamed.headers["client-request-id"], unnamed.headers["request-id"]);
});

test("G50 Intune's errors are text inside the message, with the activity id of the request", async () => {
	const reply = await scene.graph.get(`${IDENTITIES}/00000000-0000-4000-8000-00000000dead`);
	const detail = JSON.parse(String(reply.at("error.message")));
	assert.deepEqual(Object.keys(detail), [
		"_version",
		"Message",
		"CustomApiErrorPhrase",
		"RetryAfter",
		"ErrorSourceService",
		"HttpHeaders",
	]);
	assert.ok(detail.Message.includes(` - Activity ID: ${reply.headers["request-id"]} - Url: https://fef.`));
});

interface BatchReply {
	readonly id: string;
	readonly status: number;
	readonly headers: Record<string, string>;
	readonly body?: { readonly error?: { readonly code: string }; readonly serialNumber?: string };
}

async function postBatch(
	graph: GraphClient,
	requests: unknown,
): Promise<{ reply: Reply; steps: BatchReply[] }> {
	const reply = await graph.post("/v1.0/$batch", { requests });
	return { reply, steps: (reply.at("responses") ?? []) as BatchReply[] };
}

test("G51 a batch has at most 20 requests with different ids, each with its own response", async () => {
	const id = await scene.register("G51");
	const url = "/deviceManagement/windowsAutopilotDeviceIdentities";
	const json = { "Content-Type": "application/json" };
	const { reply, steps } = await postBatch(scene.graph, [
		{ id: "3", method: "GET", url: `${url}/${id}`, dependsOn: ["1"] },
		{
			id: "1",
			method: "POST",
			url: `${url}/${id}/updateDeviceProperties`,
			headers: json,
			body: { groupTag: "b" },
		},
		{ id: "2", method: "POST", url: `${url}/${id}/updateDeviceProperties`, body: { groupTag: "c" } },
		{ id: "4", method: "DELETE", url: `${url}/00000000-0000-4000-8000-00000000dead` },
		{ id: "5", method: "GET", url: `${url}/${id}`, dependsOn: ["4"] },
	]);
	assert.equal(reply.status, 200);
	const byId = new Map(steps.map((step) => [step.id, step]));
	const statuses = ["1", "2", "3", "4", "5"].map((step) => byId.get(step)?.status);
	assert.deepEqual(statuses, [200, 400, 200, 400, 424]);
	assert.equal(byId.get("3")?.body?.serialNumber, "G51");
	assert.equal(byId.get("5")?.body?.error?.code, "FailedDependency");
	assert.match(String(byId.get("3")?.headers["request-id"]), GUID);
	const get = (at: number) => ({ id: String(at), method: "GET", url });
	const many = Array.from({ length: 21 }, (_, at) => get(at));
	assert.equal((await postBatch(scene.graph, many.slice(1))).steps.length, 20);
	const wrong = [many, [get(1), get(1)], [{ id: "1" }], [], "x", [{ ...get(1), dependsOn: ["1"] }]];
	for (const requests of wrong) {
		const refused = (await postBatch(scene.graph, requests)).reply;
		assert.deepEqual([refused.status, refused.at("error.code")], [400, "BadRequest"]);
	}
});

test("G51 each request of a batch is throttled separately", async () => {
	await withGraph({ writeLimit: 3 }, async ({ graph, emulator }) => {
		const url =
			"/deviceManagement/importedWindowsAutopilotDeviceIdentities/00000000-0000-4000-8000-00000000dead";
		const requests = ["1", "2", "3", "4", "5"].map((id) => ({ id, method: "DELETE", url }));
		const { reply, steps } = await postBatch(graph, requests);
		assert.equal(reply.status, 200);
		assert.deepEqual(
			steps.map(({ status }) => status),
			[200, 200, 200, 429, 429],
		);
		assert.equal(emulator.control.requests.counts()["POST /$batch"], 1);
	});
});

test("G52 under Multi Admin Approval a write without a justification is 400 and says what is missing", async () => {
	const id = await scene.register("G52");
	scene.emulator.control.machines.switches.multiAdminApproval = true;
	const refused = [
		await scene.graph.post(IMPORTED, importBody("G52b")),
		await scene.graph.post(`${IDENTITIES}/${id}/updateDeviceProperties`, { groupTag: "x" }),
		await scene.graph.delete(`${IDENTITIES}/${id}`),
	];
	for (const reply of refused) {
		assert.deepEqual([reply.status, reply.at("error.code")], [400, "BadRequest"]);
		assert.match(
			parseNestedMessage(reply),
			/^Header 'x-msft-approval-justification' is required to request approval/,
		);
	}
	assert.equal((await scene.graph.get(`${IDENTITIES}/${id}`)).status, 200);
	scene.emulator.control.machines.switches.multiAdminApproval = false;
});

test("G53 an unknown segment is 400, and the error names it", async () => {
	const wrong: ReadonlyArray<readonly [string, string, string]> = [
		["GET", "/v1.0/users", "users"],
		["GET", "/v1.0/deviceManagement/managedDevices", "managedDevices"],
		["GET", "/beta/deviceManagement/windowsAutopilotDeviceIdentities/x/owner", "owner"],
		[
			"POST",
			"/v1.0/deviceManagement/importedWindowsAutopilotDeviceIdentityUploads",
			"importedWindowsAutopilotDeviceIdentityUploads",
		],
		[
			"PATCH",
			"/beta/importedWindowsAutopilotDeviceIdentityUpload/deviceIdentities",
			"importedWindowsAutopilotDeviceIdentityUpload",
		],
		[
			"POST",
			"/beta/deviceManagement/importedWindowsAutopilotDeviceIdentityUploads/u/deviceIdentities",
			"importedWindowsAutopilotDeviceIdentityUploads",
		],
	];
	for (const [method, path, segment] of wrong) {
		const reply = await scene.graph.send(method, path);
		assert.deepEqual(
			[reply.status, reply.at("error.code"), reply.at("error.message")],
			[400, "BadRequest", `Resource not found for the segment '${segment}'.`],
		);
	}
});
