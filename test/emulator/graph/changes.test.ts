import assert from "node:assert/strict";
import { test } from "node:test";
import { BETA_IDENTITIES, IDENTITIES, parseNestedMessage } from "../testing/graphClient.ts";
import { useGraph } from "../testing/useGraph.ts";

const scene = useGraph();
const NOBODY = "00000000-0000-4000-8000-00000000dead";
const UPDATE = "POST /deviceManagement/windowsAutopilotDeviceIdentities/{id}/updateDeviceProperties";

function update(id: string, body: object, base = IDENTITIES) {
	return scene.graph.post(`${base}/${id}/updateDeviceProperties`, body);
}

async function getFields(id: string, ...names: string[]): Promise<unknown[]> {
	const reply = await scene.graph.get(`${BETA_IDENTITIES}/${id}`);
	return names.map((name) => reply.at(name));
}

test("G32 any subset of properties is changed, with an empty response; the path is case-insensitive", async () => {
	const id = await scene.register("G32");
	const { switches } = scene.emulator.control.machines;
	const first = await update(id, { groupTag: "Kiosk", displayName: "PC-1" });
	assert.deepEqual([first.status, first.text], [200, ""]);
	switches.statuses = "documented";
	const names = { userPrincipalName: "ann@example.com", addressableUserName: "Ann" };
	const second = await scene.graph.post(`${IDENTITIES}/${id}/UpdateDeviceProperties`, names);
	assert.deepEqual([second.status, second.text], [204, ""]);
	switches.statuses = "observed";
	assert.deepEqual(
		await getFields(id, "groupTag", "displayName", "userPrincipalName", "addressableUserName"),
		["Kiosk", "PC-1", "ann@example.com", "Ann"],
	);
	const missing = await update(NOBODY, { groupTag: "x" });
	assert.deepEqual([missing.status, missing.at("error.code")], [404, "ResourceNotFound"]);
	assert.equal(parseNestedMessage(missing), "An error has occurred");
});

test("a body may have names without quotes and strings in single quotes, as tools send it; other faults of JSON are 400", async () => {
	const id = await scene.register("unquoted");
	const send = (body: string) =>
		scene.graph.post(`${BETA_IDENTITIES}/${id}/UpdateDeviceProperties`, body, {
			headers: { "content-type": "application/json" },
		});
	const read = () => getFields(id, "groupTag", "displayName");
	const bodies: ReadonlyArray<readonly [string, unknown[]]> = [
		['{ displayName: "PC-1", groupTag: "Kiosk: north" }', ["Kiosk: north", "PC-1"]],
		["{groupTag: 'it\\'s \"one\"'}", ['it\'s "one"', "PC-1"]],
		["{'groupTag': 'a', \"displayName\"\n:\"PC-2\"}", ["a", "PC-2"]],
		['{"groupTag":"{x: \'y\', z: 1}"}', ["{x: 'y', z: 1}", "PC-2"]],
	];
	for (const [body, expected] of bodies) {
		assert.equal((await send(body)).status, 200, body);
		assert.deepEqual(await read(), expected);
	}
	const before = await read();
	for (const body of [
		'{ displayName: "PC-3", }',
		"{ groupTag: x }",
		"{ group-tag: 'x' }",
		"{ groupTag: 'x }",
		'{ groupTag": "x" }',
		"groupTag: 'x'",
	]) {
		const refused = await send(body);
		assert.deepEqual([refused.status, refused.at("error.code")], [400, "BadRequest"], body);
	}
	assert.deepEqual(await read(), before);
});

test("G33 a change can be read after the propagation delay", async () => {
	const id = await scene.register("G33");
	const { switches } = scene.emulator.control.machines;
	switches.propagationDelay = 10_000;
	await update(id, { groupTag: "late" });
	scene.pass(9);
	assert.deepEqual(await getFields(id, "groupTag"), [""]);
	scene.pass(1);
	assert.deepEqual(await getFields(id, "groupTag"), ["late"]);
	switches.propagationDelay = 0;
});

test("G33 a fault can lose a first request", async () => {
	const id = await scene.register("G33b");
	scene.emulator.control.faults.add({
		match: { route: UPDATE },
		action: { kind: "status", status: 200, body: "" },
	});
	assert.equal((await update(id, { groupTag: "x" })).status, 200);
	assert.deepEqual(await getFields(id, "groupTag"), [""]);
	assert.equal((await update(id, { groupTag: "x" })).status, 200);
	assert.deepEqual(await getFields(id, "groupTag"), ["x"]);
});

test("G34 an empty group tag clears it; one that is too long is 400", async () => {
	const id = await scene.register("G34", { groupTag: "Kiosk" });
	assert.equal((await update(id, { groupTag: "x".repeat(2048) })).status, 200);
	const long = await update(id, { groupTag: "x".repeat(2049) });
	assert.deepEqual([long.status, long.at("error.code")], [400, "BadRequest"]);
	await update(id, { groupTag: "" });
	assert.deepEqual(await getFields(id, "groupTag"), [""]);
});

test("G35 only beta has a Surface Hub's properties, and it never returns its password", async () => {
	const id = await scene.register("G35");
	const hub = {
		deviceAccountUpn: "hub@example.com",
		deviceAccountPassword: "geheim",
		deviceFriendlyName: "Hub",
	};
	for (const [name, value] of Object.entries(hub)) {
		const refused = await update(id, { [name]: value });
		assert.deepEqual([refused.status, refused.at("error.code")], [400, "BadRequest"]);
	}
	assert.equal((await update(id, hub, BETA_IDENTITIES)).status, 200);
	assert.deepEqual(await getFields(id, "deviceAccountUpn", "deviceFriendlyName", "deviceAccountPassword"), [
		"hub@example.com",
		"Hub",
		"",
	]);
	assert.equal(scene.emulator.control.machines.get(id)?.deviceAccountPassword, "geheim");
});

test("G36 an update can get 412 ConditionNotMet, and succeeds when repeated", async () => {
	const id = await scene.register("G36");
	scene.emulator.control.faults.add({
		match: { service: "graph", route: UPDATE },
		nth: 2,
		action: { kind: "status", status: 412 },
	});
	const replies = [];
	for (const groupTag of ["a", "b", "b"]) replies.push(await update(id, { groupTag }));
	assert.deepEqual(
		replies.map(({ status }) => status),
		[200, 412, 200],
	);
	const [, refused] = replies;
	assert.equal(refused?.at("error.code"), "ConditionNotMet");
	assert.match(
		String(refused?.at("error.message")),
		/^\{\r\n {2}"_version": 3,\r\n {2}"Message": "An error has occurred - Operation ID \(for customer support\): 0{8}-.+ - Activity ID: .+ - Url: https:\/\/fef\..+windowsAutopilotDeviceIdentities%28%27[0-9a-f-]+%27%29\/microsoft\.management\.services\.api\.updateDeviceProperties\?api-version=.+"RetryAfter": null/s,
	);
});

test("G37 a change of only the name can clear the group tag; by default it does not", async () => {
	const id = await scene.register("G37", { groupTag: "Kiosk" });
	await update(id, { displayName: "PC-1" });
	assert.deepEqual(await getFields(id, "groupTag"), ["Kiosk"]);
	scene.emulator.control.machines.switches.renameBlanksGroupTag = true;
	await update(id, { displayName: "PC-2", groupTag: "Kiosk" });
	assert.deepEqual(await getFields(id, "groupTag"), ["Kiosk"]);
	await update(id, { displayName: "PC-3" });
	assert.deepEqual(await getFields(id, "groupTag", "displayName"), ["", "PC-3"]);
	scene.emulator.control.machines.switches.renameBlanksGroupTag = false;
});

test("G38 a user is assigned with an addressable name, and unassigned; an unknown one is 400", async () => {
	const id = await scene.register("G38");
	const assign = (userPrincipalName: string) =>
		scene.graph.post(`${IDENTITIES}/${id}/assignUserToDevice`, {
			userPrincipalName,
			addressableUserName: "Ann",
		});
	assert.equal((await assign("ann@example.com")).status, 204);
	assert.deepEqual(await getFields(id, "userPrincipalName", "addressableUserName"), [
		"ann@example.com",
		"Ann",
	]);
	scene.emulator.control.machines.removeUser("Bob@example.com");
	for (const name of ["bob@example.com", "no address"]) {
		const refused = await assign(name);
		assert.deepEqual([refused.status, refused.at("error.code")], [400, "BadRequest"]);
		assert.ok(parseNestedMessage(refused));
	}
	scene.emulator.control.machines.switches.assignUser = "reject";
	assert.equal((await assign("ann@example.com")).status, 400);
	scene.emulator.control.machines.switches.assignUser = "accept";
	const away = await scene.graph.post(`${IDENTITIES}/${id}/unassignUserFromDevice`);
	assert.deepEqual([away.status, away.text], [204, ""]);
	assert.deepEqual(await getFields(id, "userPrincipalName", "addressableUserName"), ["", ""]);
});

test("G39 the actions of beta are unknown segments in v1.0", async () => {
	const id = await scene.register("G39");
	const account = {
		userPrincipalName: "hub@example.com",
		addressableUserName: "Hub",
		resourceAccountName: "Room 1",
	};
	const actions: ReadonlyArray<readonly [string, object | undefined]> = [
		["assignResourceAccountToDevice", account],
		["unassignResourceAccountFromDevice", undefined],
		["allowNextEnrollment", undefined],
	];
	for (const [action, body] of actions) {
		const v1 = await scene.graph.post(`${IDENTITIES}/${id}/${action}`, body);
		assert.deepEqual(
			[v1.status, v1.at("error.code"), v1.at("error.message")],
			[400, "BadRequest", `Resource not found for the segment '${action}'.`],
		);
		assert.equal((await scene.graph.post(`${BETA_IDENTITIES}/${id}/${action}`, body)).status, 204);
		if (body) assert.deepEqual(await getFields(id, "resourceName"), ["Room 1"]);
	}
	assert.deepEqual(await getFields(id, "resourceName", "userlessEnrollmentStatus"), ["", "allowed"]);
});

test("display names that Windows does not allow are rejected", async () => {
	const id = await scene.register("names");
	for (const displayName of ["sixteen-letters-", "under_score", "12345", "a b"]) {
		assert.equal((await update(id, { displayName })).status, 400);
	}
	scene.emulator.control.machines.switches.badDisplayName = "accept";
	assert.equal((await update(id, { displayName: "12345" })).status, 200);
	scene.emulator.control.machines.switches.badDisplayName = "reject";
	assert.equal((await update(id, { displayName: "" })).status, 200);
	assert.equal((await update(id, { surname: "x" })).status, 400);
});
