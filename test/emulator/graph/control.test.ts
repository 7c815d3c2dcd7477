import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { get } from "node:https";
import { test } from "node:test";
import { IDENTITIES, IMPORTED } from "../testing/graphClient.ts";
import { commandControl, requestControl, withEmulator } from "../testing/useEmulator.ts";
import { importBody, useGraph } from "../testing/useGraph.ts";
import { generateHardwareHash } from "./hardwareHash.ts";

const scene = useGraph();

const requestRaw = (method: string, path: string, body?: unknown) =>
	requestControl(scene, method, path, body);
const sendCommand = (method: string, path: string, body?: unknown) =>
	commandControl(scene, method, path, body);

test("machines over HTTP: register, read, change, enroll, contact, recreate, delete", async () => {
	const [seeded] = (await requestRaw("POST", "/machines", { serialNumber: "H1", groupTag: "Kiosk" }))
		.json as [Record<string, unknown>];
	assert.equal(seeded["hardwareIdentifier"], generateHardwareHash("H1"));
	assert.equal((await requestRaw("POST", "/machines", [{ serialNumber: "H1" }])).status, 400);
	const path = `/machines/${seeded["id"]}`;
	assert.deepEqual(await sendCommand("GET", path), seeded);
	const changed = await sendCommand("PATCH", path, { groupTag: "desk", displayName: "PC-1" });
	assert.deepEqual([changed["groupTag"], changed["revision"]], ["desk", 2]);
	assert.equal((await scene.graph.get(`${IDENTITIES}/${seeded["id"]}`)).at("groupTag"), "desk");
	const enrolled = await sendCommand("POST", `${path}/enrol`);
	assert.deepEqual([enrolled["enrollmentState"], typeof enrolled["managedDeviceId"]], ["enrolled", "string"]);
	scene.pass(60);
	const heard = await sendCommand("POST", `${path}/contact`);
	assert.equal(heard["revision"], enrolled["revision"]);
	assert.equal(Number(heard["lastContacted"]) - Number(enrolled["lastContacted"]), 60_000);
	const again = await sendCommand("POST", `${path}/recreate`, { groupTag: "new" });
	assert.notEqual(again["id"], seeded["id"]);
	assert.deepEqual(
		[again["serialNumber"], again["hardwareIdentifier"], again["groupTag"], again["displayName"]],
		["H1", seeded["hardwareIdentifier"], "new", "PC-1"],
	);
	assert.equal(again["enrollmentState"], "notContacted");
	assert.equal((await scene.graph.get(`${IDENTITIES}/${seeded["id"]}`)).status, 404);
	assert.equal((await scene.graph.get(`${IDENTITIES}/${again["id"]}`)).status, 200);
	assert.deepEqual(await sendCommand("DELETE", `/machines/${again["id"]}`), { removed: true });
	assert.equal((await requestRaw("GET", `/machines/${again["id"]}`)).status, 404);
	assert.equal((await requestRaw("PATCH", path, {})).status, 404);
});

test("imports over HTTP: read them with their hashes, change and delete one, make the next one fail", async () => {
	const { id } = (await scene.graph.post(IMPORTED, importBody("H2"))).json as { id: string };
	const findImport = async () =>
		((await requestRaw("GET", "/imports")).json as Array<Record<string, unknown>>).find(
			(item) => item["id"] === id,
		);
	assert.equal((await findImport())?.["hardwareIdentifier"], generateHardwareHash("H2"));
	assert.equal((await sendCommand("PATCH", `/imports/${id}`, { groupTag: "x" }))["groupTag"], "x");
	assert.equal((await requestRaw("PATCH", "/imports/nobody", {})).status, 404);
	await sendCommand("POST", "/import-errors", { serialNumber: "H2", error: "ZtdDeviceAlreadyAadRegistered" });
	scene.pass(60);
	assert.deepEqual((await findImport())?.["state"], {
		status: "error",
		registrationId: "",
		errorCode: 814,
		errorName: "ZtdDeviceAlreadyAadRegistered",
	});
	assert.deepEqual(await sendCommand("DELETE", `/imports/${id}`), { removed: true });
	assert.equal(await findImport(), undefined);
	await sendCommand("POST", "/hash-marks", {
		hardwareIdentifier: generateHardwareHash("H2"),
		mark: "foreign",
	});
	await sendCommand("POST", "/unknown-users", { userPrincipalName: "bob@example.com" });
});

test("switches over HTTP and in process apply from then on, not to what was due before", async () => {
	const before = await sendCommand("GET", "/autopilot");
	assert.deepEqual([before["profile"], before["importDelay"]], ["live", 60_000]);
	await scene.graph.post(IMPORTED, importBody("H3"));
	scene.pass(60);
	await sendCommand("PATCH", "/autopilot", { importDelay: 5000, syncDelay: 9_000_000 });
	scene.pass(1);
	assert.equal(scene.emulator.control.machines.find("H3")[0]?.isVisible, true);
	await scene.graph.post(IMPORTED, importBody("H4"));
	scene.pass(5);
	assert.equal(scene.emulator.control.machines.find("H4")[0]?.isVisible, false);
	await sendCommand("PATCH", "/autopilot", { importDelay: 60_000, syncDelay: 1000 });
});

test("an invalid command is 400 and says what is wrong", async () => {
	const wrong: ReadonlyArray<readonly [string, string, unknown, RegExp]> = [
		["POST", "/machines", {}, /serialNumber must be a string/],
		["POST", "/machines", { serialNumber: "x", colour: "red" }, /has no colour/],
		["POST", "/machines", { serialNumber: "x", groupTag: 7 }, /groupTag must be a string/],
		["POST", "/import-errors", { error: "Boom" }, /error must be one of StorageError/],
		["POST", "/import-errors", {}, /error must be one of StorageError/],
		["POST", "/hash-marks", { hardwareIdentifier: "x", mark: "odd" }, /mark must be one of foreign, invalid/],
		["PATCH", "/autopilot", { profile: "dead" }, /profile must be one of live, seed/],
		["PATCH", "/autopilot", { deleteDelay: -1 }, /deleteDelay must not be below zero/],
		["PATCH", "/autopilot", { delay: 1 }, /Autopilot has no delay/],
		["POST", "/perform", { do: "seedMachines" }, /seedMachines must have machines/],
		["POST", "/perform", { do: "changeMachine", id: "x" }, /change must be an object/],
	];
	for (const [method, path, body, message] of wrong) {
		const { status, json } = await requestRaw(method, path, body);
		assert.equal(status, 400, path);
		assert.match((json as { error: string }).error, message);
	}
});

test("a fault can change, recreate or delete a machine behind a client's back", async () => {
	const { machines, faults } = scene.emulator.control;
	const [{ id } = { id: "" }] = machines.seed([{ serialNumber: "H5" }]);
	const match = { service: "graph", route: "/deviceManagement/windowsAutopilotDeviceIdentities/{id}" };
	const operations = [
		{ do: "changeMachine", id, change: { groupTag: "behind" } },
		{ do: "enrolMachine", id },
		{ do: "contactMachine", id },
		{ do: "unenrolMachine", id },
		{ do: "removeMachine", id },
	] as const;
	for (const operation of operations) faults.add({ match, action: { kind: "change", operation } });
	assert.equal((await scene.graph.get(`${IDENTITIES}/${id}`)).status, 404);
	await sendCommand("POST", "/perform", { do: "seedMachines", machines: [{ serialNumber: "H5" }] });
	const [again] = machines.find("H5");
	await sendCommand("POST", "/perform", { do: "recreateMachine", id: again?.id });
	assert.notEqual(machines.find("H5")[0]?.id, again?.id);
	const { id: record } = (await scene.graph.post(IMPORTED, importBody("H6"))).json as { id: string };
	await sendCommand("POST", "/perform", { do: "changeImport", id: record, change: { groupTag: "x" } });
	assert.equal((await scene.graph.get(`${IMPORTED}/${record}`)).at("groupTag"), "x");
});

test("requests are logged under the service graph with the reference's routes, and can be held", async () => {
	const { requests, gate } = scene.emulator.control;
	requests.reset();
	await scene.graph.get("/v1.0/deviceManagement/windowsAutopilotDeviceIdentities('a')");
	await scene.graph.post("/beta/deviceManagement/windowsAutopilotDeviceIdentities/a/allowNextEnrollment");
	await scene.graph.get("/v1.0/users");
	assert.deepEqual(requests.counts(), {
		"GET /deviceManagement/windowsAutopilotDeviceIdentities/{id}": 1,
		"POST /deviceManagement/windowsAutopilotDeviceIdentities/{id}/allowNextEnrollment": 1,
		"GET /v1.0/users": 1,
	});
	assert.equal(requests.count({ service: "graph" }), 3);
	assert.doesNotMatch(JSON.stringify(requests.list()), /Bearer/);
	gate.pause({ service: "graph" }, "before");
	const reply = scene.graph.get(IDENTITIES);
	await gate.waitForHeld();
	gate.resume();
	assert.equal((await reply).status, 200);
});

test("undecodable paths, unknown methods and unknown versions are 400", async () => {
	const wrong = [
		["GET", "/v1.0/%E0%A4%A"],
		["GET", "/v2.0/deviceManagement/windowsAutopilotDeviceIdentities"],
		["GET", "/deviceManagement/windowsAutopilotDeviceIdentities"],
		["PUT", `${IDENTITIES}/a`],
		["GET", `${IDENTITIES}/a/updateDeviceProperties`],
		["GET", "/v1.0"],
		["GET", "/beta/"],
	] as const;
	for (const [method, path] of wrong) assert.equal((await scene.graph.send(method, path)).status, 400, path);
	const version = await scene.graph.get("/v2.0/deviceManagement");
	assert.equal(version.at("error.message"), "Invalid version: v2.0.");
});

test("with TLS, Graph uses the same certificate", async () => {
	await withEmulator({ tls: true }, async ({ emulator }) => {
		const ca = readFileSync(emulator.caFile ?? "");
		const { port } = new URL(emulator.graph.url);
		const outgoing = get({
			host: "127.0.0.1",
			servername: "localhost",
			port,
			ca,
			path: IDENTITIES,
			agent: false,
		});
		const [incoming] = await once(outgoing, "response");
		incoming.resume();
		assert.equal(incoming.statusCode, 401);
		assert.match(emulator.graph.url, /^https:/);
	});
});
