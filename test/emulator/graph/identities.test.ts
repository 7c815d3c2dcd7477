import assert from "node:assert/strict";
import { test } from "node:test";
import type { Emulator } from "../emulator.ts";
import { BETA_IDENTITIES, IDENTITIES, parseNestedMessage } from "../testing/graphClient.ts";
import type { Reply } from "../testing/hubClient.ts";
import { useGraph, withGraph } from "../testing/useGraph.ts";

const scene = useGraph();

const V1_MEMBERS = [
	"addressableUserName",
	"azureActiveDirectoryDeviceId",
	"displayName",
	"enrollmentState",
	"groupTag",
	"id",
	"lastContactedDateTime",
	"managedDeviceId",
	"manufacturer",
	"model",
	"productKey",
	"purchaseOrderIdentifier",
	"resourceName",
	"serialNumber",
	"skuNumber",
	"systemFamily",
	"userPrincipalName",
];

const BETA_MEMBERS = [
	"azureAdDeviceId",
	"deploymentProfileAssignedDateTime",
	"deploymentProfileAssignmentDetailedStatus",
	"deploymentProfileAssignmentStatus",
	"deviceAccountPassword",
	"deviceAccountUpn",
	"deviceFriendlyName",
	"remediationState",
	"remediationStateLastModifiedDateTime",
	"userlessEnrollmentStatus",
];

function listMembers(value: unknown): string[] {
	return Object.keys(value as object)
		.filter((name) => !name.startsWith("@odata"))
		.sort();
}

function getRows(reply: Reply): Array<Record<string, unknown>> {
	return reply.at("value") as Array<Record<string, unknown>>;
}

function filter(text: string): string {
	return `${IDENTITIES}?$filter=${encodeURIComponent(text)}`;
}

function seed(emulator: Emulator, ...serials: string[]): void {
	emulator.control.machines.seed(serials.map((serialNumber) => ({ serialNumber })));
}

test("G23 identities cannot be created: no route matches", async () => {
	const reply = await scene.graph.post(IDENTITIES, { serialNumber: "G23" });
	assert.deepEqual([reply.status, reply.at("error.code")], [400, "No method match route template"]);
	assert.equal(
		reply.at("error.message"),
		"No OData route exists that match template ~/singleton/navigation with http verb POST for request /DeviceEnrollmentFE/StatelessDeviceEnrollmentFEService/deviceManagement/windowsAutopilotDeviceIdentities.",
	);
});

test("G24 identities cannot be patched: no route matches", async () => {
	const id = await scene.register("G24");
	for (const base of [IDENTITIES, BETA_IDENTITIES]) {
		const reply = await scene.graph.patch(`${base}/${id}`, { groupTag: "x" });
		assert.deepEqual([reply.status, reply.at("error.code")], [400, "No method match route template"]);
		assert.match(
			String(reply.at("error.message")),
			/~\/singleton\/navigation\/key with http verb PATCH for request .+windowsAutopilotDeviceIdentities\('[0-9a-f-]+'\)\.$/,
		);
	}
	assert.equal((await scene.graph.get(`${IDENTITIES}/${id}`)).at("groupTag"), "");
});

test("G25 a new identity has not been contacted; tag and user come from the import", async () => {
	const id = await scene.register("G25", { groupTag: "Kiosk", assignedUserPrincipalName: "ann@example.com" });
	const { json } = await scene.graph.get(`${IDENTITIES}/${id}`);
	const { "@odata.context": context, ...identity } = json as Record<string, unknown>;
	assert.equal(
		context,
		`${scene.emulator.graph.url}/v1.0/$metadata#deviceManagement/windowsAutopilotDeviceIdentities/$entity`,
	);
	assert.deepEqual(identity, {
		id,
		groupTag: "Kiosk",
		serialNumber: "G25",
		productKey: "",
		purchaseOrderIdentifier: "",
		manufacturer: "Contoso",
		model: "Standard",
		enrollmentState: "notContacted",
		lastContactedDateTime: "0001-01-01T00:00:00Z",
		addressableUserName: "",
		userPrincipalName: "ann@example.com",
		resourceName: "",
		skuNumber: "",
		systemFamily: "",
		azureActiveDirectoryDeviceId: "",
		managedDeviceId: "",
		displayName: "",
	});
	scene.emulator.control.machines.switches.unsetIds = "zero";
	const zero = await scene.graph.get(`${IDENTITIES}/${id}`);
	assert.equal(zero.at("managedDeviceId"), "00000000-0000-0000-0000-000000000000");
	scene.emulator.control.machines.switches.unsetIds = "empty";
});

test("G26 v1.0 has 17 members, beta has more", async () => {
	const id = await scene.register("G26");
	const v1 = await scene.graph.get(`${IDENTITIES}('${id}')`);
	const beta = await scene.graph.get(`${BETA_IDENTITIES}/${id.toUpperCase()}`);
	assert.deepEqual(listMembers(v1.json), V1_MEMBERS);
	assert.deepEqual(listMembers(beta.json), [...V1_MEMBERS, ...BETA_MEMBERS].sort());
	const expanded = await scene.graph.get(`${BETA_IDENTITIES}/${id}?$expand=deploymentProfile`);
	assert.equal(expanded.at("deploymentProfile"), null);
	assert.deepEqual(
		listMembers((await scene.graph.get(filter("contains(serialNumber,'G26')"))).at("value.0")),
		V1_MEMBERS,
	);
});

test("G26 only beta knows the enrollment state blocked", async () => {
	const id = await scene.register("G26b");
	scene.emulator.control.machines.change(id, { enrollmentState: "blocked" });
	const states = [IDENTITIES, BETA_IDENTITIES].map(async (set) =>
		(await scene.graph.get(`${set}/${id}`)).at("enrollmentState"),
	);
	assert.deepEqual(await Promise.all(states), ["unknown", "blocked"]);
});

test("G27 identities have no etags, and If-Match is ignored", async () => {
	const id = await scene.register("G27");
	const path = `${IDENTITIES}/${id}`;
	const read = await scene.graph.get(path);
	assert.equal(read.headers.etag, undefined);
	assert.doesNotMatch(read.text, /etag/);
	for (const condition of ['W/"old"', "not quoted"]) {
		const headers = { "if-match": condition };
		const written = await scene.graph.post(`${path}/updateDeviceProperties`, { groupTag: "x" }, { headers });
		assert.equal(written.status, 200);
	}
	assert.equal((await scene.graph.delete(path, { headers: { "if-match": 'W/"old"' } })).status, 200);
});

test("G28 a list has a count without $count and blank computed members; a single read has them", async () => {
	const id = await scene.register("G28");
	scene.emulator.control.machines.enrol(id);
	const single = await scene.graph.get(`${BETA_IDENTITIES}/${id}`);
	assert.doesNotMatch(String(single.at("lastContactedDateTime")), /^0001/);
	assert.equal(single.at("deploymentProfileAssignmentStatus"), "assignedInSync");
	const list = await scene.graph.get(
		`${BETA_IDENTITIES}?$filter=${encodeURIComponent("contains(serialNumber,'G28')")}`,
	);
	assert.deepEqual([list.at("@odata.count"), getRows(list).length], [1, 1]);
	const [row = {}] = getRows(list);
	assert.equal(row["lastContactedDateTime"], "0001-01-01T00:00:00Z");
	assert.equal(row["deploymentProfileAssignmentStatus"], "unknown");
	assert.deepEqual([row["enrollmentState"], row["serialNumber"]], ["enrolled", "G28"]);
	scene.emulator.control.machines.switches.listBlanks = false;
	const full = await scene.graph.get(filter("contains(serialNumber,'G28')"));
	assert.equal(full.at("value.0.lastContactedDateTime"), single.at("lastContactedDateTime"));
	scene.emulator.control.machines.switches.listBlanks = true;
});

test("G29 contains on serial numbers is the only filter, and fails with a hyphen", async () => {
	seed(scene.emulator, "xG29a", "G29b", "G29-c");
	const found = await scene.graph.get(filter("contains(serialNumber,'g29')"));
	assert.deepEqual(
		getRows(found)
			.map(({ serialNumber }) => serialNumber)
			.sort(),
		["G29-c", "G29b", "xG29a"],
	);
	for (const text of ["serialNumber eq 'G29b'", "id eq 'x'", "contains(serialNumber,'G29-c')"]) {
		const reply = await scene.graph.get(filter(text));
		assert.deepEqual([reply.status, reply.at("error.code")], [400, "BadRequest"]);
		assert.ok(parseNestedMessage(reply));
	}
	const { switches } = scene.emulator.control.machines;
	switches.hyphenFilter = "accept";
	assert.equal(getRows(await scene.graph.get(filter("contains(serialNumber,'G29-c')"))).length, 1);
	switches.hyphenFilter = "reject";
	switches.identityFilter = "none";
	assert.equal((await scene.graph.get(filter("contains(serialNumber,'G29b')"))).status, 400);
	switches.identityFilter = "contains";
});

test("G29 a space in the text breaks contains too, unless switched off", async () => {
	seed(scene.emulator, "G29 e");
	const { switches } = scene.emulator.control.machines;
	assert.equal((await scene.graph.get(filter("contains(serialNumber,'G29 e')"))).status, 400);
	switches.blankFilter = "accept";
	assert.equal(getRows(await scene.graph.get(filter("contains(serialNumber,'G29 e')"))).length, 1);
	switches.blankFilter = "reject";
});

test("G29 the directory's device id can be filtered", async () => {
	const id = await scene.register("G29d");
	const { azureActiveDirectoryDeviceId } = scene.emulator.control.machines.enrol(id);
	const reply = await scene.graph.get(
		filter(`azureActiveDirectoryDeviceId eq '${azureActiveDirectoryDeviceId}'`),
	);
	assert.deepEqual(
		getRows(reply).map((row) => row["id"]),
		[id],
	);
});

test("G30 $select breaks the list", async () => {
	const reply = await scene.graph.get(`${IDENTITIES}?$select=id,serialNumber`);
	assert.deepEqual([reply.status, reply.at("error.code")], [500, "InternalServerError"]);
	assert.equal(parseNestedMessage(reply), "An internal server error has occurred");
});

test("G31 pages are sorted by serial number and repeat the row between them; a page of one leads to itself", async () => {
	await withGraph({}, async ({ graph, emulator }) => {
		seed(emulator, "S3", "S1", "S5", "S2", "S4");
		const pages: string[][] = [];
		let link: string | undefined = `${IDENTITIES}?$top=2`;
		while (link !== undefined) {
			const page: Reply = await graph.get(link);
			pages.push(getRows(page).map(({ serialNumber }) => String(serialNumber)));
			link = page.at("@odata.nextLink") as string | undefined;
		}
		assert.deepEqual(pages, [
			["S1", "S2"],
			["S2", "S3"],
			["S3", "S4"],
			["S4", "S5"],
		]);
		const first = await graph.get(`${IDENTITIES}?$top=1`);
		const next = String(first.at("@odata.nextLink"));
		assert.equal(
			decodeURIComponent(next),
			`${emulator.graph.url}${IDENTITIES}?$top=1&$skiptoken=LastSerialNumber='S1'`,
		);
		assert.equal((await graph.get(next)).at("@odata.nextLink"), next);
	});
});

test("G31 a page with only one serial number leads to itself; without $top a page has 1000 rows", async () => {
	await withGraph({}, async ({ graph, emulator }) => {
		const { machines } = emulator.control;
		const hash = (at: number) => Buffer.from(`machine ${at}`).toString("base64");
		machines.seed([0, 1, 2].map((at) => ({ serialNumber: "Default string", hardwareIdentifier: hash(at) })));
		const first = await graph.get(`${IDENTITIES}?$top=2`);
		const second = await graph.get(String(first.at("@odata.nextLink")));
		assert.deepEqual(getRows(second), getRows(first));
		assert.equal(second.at("@odata.nextLink"), first.at("@odata.nextLink"));
		const rest = Array.from({ length: 1000 }, (_, at) => ({
			serialNumber: `T${at}`,
			hardwareIdentifier: hash(at + 3),
		}));
		machines.seed(rest);
		const whole = await graph.get(IDENTITIES);
		assert.equal(getRows(whole).length, 1000);
		assert.match(
			decodeURIComponent(String(whole.at("@odata.nextLink"))),
			/Identities\?\$skiptoken=LastSerialNumber='T\d+'$/,
		);
		assert.equal((await graph.get(`${IDENTITIES}?$top=5000`)).at("@odata.count"), 1003);
		assert.equal((await graph.get(`${IDENTITIES}?$top=0`)).status, 400);
		assert.equal((await graph.get(`${IDENTITIES}?$skiptoken=nonsense`)).status, 400);
	});
});
