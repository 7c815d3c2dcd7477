import assert from "node:assert/strict";
import { test } from "node:test";
import { GraphClient, IDENTITIES, parseNestedMessage } from "../testing/graphClient.ts";
import type { Reply } from "../testing/hubClient.ts";
import { type Scene, useGraph } from "../testing/useGraph.ts";

const scene = useGraph();

const encodeBase64 = (text: string): string => Buffer.from(text, "utf8").toString("base64");
const createJustification = (text: string) => ({ headers: { "x-msft-approval-justification": text } });
const createApprovalCode = (code: string) => ({ headers: { "x-msft-approval-code": code } });

/** Runs a test with a machine of a tenant that requires approvals by another administrator. */
async function testGuarded(
	serialNumber: string,
	work: (id: string, scene: Scene) => Promise<void>,
): Promise<void> {
	const id = await scene.register(serialNumber);
	const { switches } = scene.emulator.control.machines;
	switches.multiAdminApproval = true;
	try {
		await work(id, scene);
	} finally {
		Object.assign(switches, { multiAdminApproval: false, approvalStatus: 403 });
	}
}

const fileApproval = (id: string, text = encodeBase64("Enrol the kiosks")): Promise<Reply> =>
	scene.graph.delete(`${IDENTITIES}/${id}`, createJustification(text));

test("Reads need no approval", () =>
	testGuarded("M1", async (id, { graph }) => {
		assert.equal((await graph.get(`${IDENTITIES}/${id}`)).status, 200);
	}));

test("A justification that is not Base64 is rejected", () =>
	testGuarded("M2", async (id, { emulator }) => {
		const reply = await fileApproval(id, "fleet deployment");
		assert.deepEqual([reply.status, reply.at("error.code")], [400, "BadRequest"]);
		assert.match(parseNestedMessage(reply), /must be Base64/);
		assert.deepEqual(emulator.control.machines.approvals(), []);
	}));

test("A justification of more than 1024 characters is rejected", () =>
	testGuarded("M3", async (id) => {
		const reply = await fileApproval(id, encodeBase64("x".repeat(1025)));
		assert.equal(reply.status, 400);
		assert.match(parseNestedMessage(reply), /no greater than 1024 characters/);
	}));

for (const [status, code] of [
	[403, "ApprovalRequired"],
	[412, "BadRequest"],
] as const) {
	test(`A write with a valid justification is filed, not carried out; the response is ${status} with a code`, () =>
		testGuarded(`M4-${status}`, async (id, { emulator, graph }) => {
			emulator.control.machines.switches.approvalStatus = status;
			const reply = await fileApproval(id, encodeBase64("Für die neuen Kioske"));
			assert.deepEqual([reply.status, reply.at("error.code")], [status, code]);
			const filed = emulator.control.machines.approvals().at(-1);
			assert.equal(filed?.justification, "Für die neuen Kioske");
			assert.equal(reply.headers["x-msft-approval-code"], filed?.code);
			assert.ok(String(reply.at("error.message")).includes(String(filed?.code)));
			assert.equal((await graph.get(`${IDENTITIES}/${id}`)).status, 200);
		}));
}

test("The same write is not filed twice", () =>
	testGuarded("M5", async (id) => {
		await fileApproval(id);
		const reply = await fileApproval(id);
		assert.equal(reply.status, 409);
		assert.match(parseNestedMessage(reply), /An active Approval Request already exists/);
	}));

test("With its code, the write is carried out once it is approved, and only once", () =>
	testGuarded("M6", async (id, { emulator, graph }) => {
		const code = String((await fileApproval(id)).headers["x-msft-approval-code"]);
		const send = () => graph.delete(`${IDENTITIES}/${id}`, createApprovalCode(code));
		assert.equal((await send()).status, 400, "not approved yet");
		emulator.control.machines.approve(code);
		assert.equal((await send()).status, 200);
		assert.equal((await graph.get(`${IDENTITIES}/${id}`)).status, 404);
		assert.equal((await send()).status, 400, "used already");
	}));

test("A code is valid only for the approved write, from any application", () =>
	testGuarded("M7", async (id, { emulator, graph }) => {
		const code = String((await fileApproval(id)).headers["x-msft-approval-code"]);
		emulator.control.machines.approve(code);
		const change = `${IDENTITIES}/${id}/updateDeviceProperties`;
		assert.equal((await graph.post(change, { groupTag: "x" }, createApprovalCode(code))).status, 400);
		const other = new GraphClient(emulator, ["DeviceManagementServiceConfig.ReadWrite.All"]);
		assert.equal((await other.delete(`${IDENTITIES}/${id}`, createApprovalCode(code))).status, 400);
		assert.equal((await graph.delete(`${IDENTITIES}/${id}`, createApprovalCode(code))).status, 200);
	}));

test("Approvals can be listed and given over HTTP too", () =>
	testGuarded("M8", async (id, { emulator, graph }) => {
		const code = String((await fileApproval(id)).headers["x-msft-approval-code"]);
		const sendCommand = async (path: string, method = "GET"): Promise<unknown> =>
			(await fetch(`${emulator.controlUrl}${path}`, { method })).json();
		const waiting = (await sendCommand("/approvals")) as { code: string }[];
		assert.ok(waiting.some((each) => each.code === code));
		assert.deepEqual(await sendCommand(`/approvals/${code}/approve`, "POST"), { done: true });
		assert.equal((await graph.delete(`${IDENTITIES}/${id}`, createApprovalCode(code))).status, 200);
	}));
