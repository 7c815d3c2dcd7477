import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { runCli } from "../../../provider/cli/cli.ts";
import { PLAN_HELP } from "../../../provider/cli/plan.options.ts";
import { generateHardwareHash } from "../../emulator/graph/hardwareHash.ts";

const folder = mkdtempSync(join(tmpdir(), "plans-"));
after(() => rmSync(folder, { recursive: true }));

async function runPlan(text: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
	const file = join(
		folder,
		`plant.${text.startsWith("{") ? "ndjson" : text.startsWith("[") ? "json" : "csv"}`,
	);
	writeFileSync(file, text);
	let out = "";
	let err = "";
	const terminal = { print: (text: string) => (out += text), log: (text: string) => (err += text) };
	const code = await runCli(["plan", file, ...args], terminal);
	return { code, out: out.replaceAll(file, "FILE"), err: err.replaceAll(file, "FILE") };
}

/** Creates the CSV of a fleet: two gateways, one below the other, and `count` devices in all. */
function createFleetCsv(count: number): string {
	const pumps = Array.from({ length: count - 2 }, (_, at) => `pump-${at},line,`);
	return ["deviceId,parent,iotEdge", "plant,,true", "line,plant,true", ...pumps].join("\n");
}

test("the plan of a fleet has a line for each operation, and the hubs that would be fast enough", async () => {
	const { code, out, err } = await runPlan(createFleetCsv(2_000), "--sku", "S1");
	assert.deepEqual([code, err], [0, ""]);
	const expected = [
		/^"FILE" has 2,000 devices, 2 gateways among them, in 3 levels\. On a hub S1 with 1 unit:$/,
		/^$/,
		/^ +requests +time +limited by$/,
		/^create all +2,000 registry operations +20 min +registry operations, 1\.67 a second$/,
		/^preview, nothing changed +2 query pages, 38 twin reads +\d+ s +/,
		/^refresh +2,000 twin reads +25 s +waiting for responses, 8 at a time$/,
		/^change all +2 query pages, 38 twin reads, 4,000 registry operations +40 min +registry operations/,
		/^destroy +2,000 registry operations +20 min +registry operations, 1\.67 a second$/,
		/^$/,
		/^create all: fast enough on S1 with 2 units, or on S3 with 1 unit\.$/,
		/^change all: fast enough on S1 with 4 units, or on S3 with 1 unit\.$/,
		/^destroy: fast enough on S1 with 2 units, or on S3 with 1 unit\.$/,
		/^$/,
	];
	const lines = out.split("\n");
	for (const [at, line] of expected.entries()) assert.match(lines[at] ?? "", line);
	assert.equal(lines.length, expected.length);
});

test("a fleet may have its parents elsewhere: by their scopes, or by names that --gateway gives", async () => {
	const text = "deviceId,parent\na,north\nb,south\n";
	const planned = await runPlan(text, "--sku", "S1", "--gateway", "north", "--gateway=south");
	assert.deepEqual([planned.code, planned.err], [0, ""]);
	assert.match(planned.out, /^"FILE" has 2 devices/);
	const refused = await runPlan(text, "--sku", "S1", "--gateway", "north");
	assert.equal(refused.code, 1);
	assert.match(
		refused.err,
		/"south", which is not in this file; .*gateways: \["south"\] \}\nFor this command, gateways is --gateway ID\./,
	);
	const exported = '{"id":"a","eTag":"MQ==","deviceScope":"ms-azure-iot-edge://north-1"}\n';
	assert.equal((await runPlan(exported, "--sku", "S1")).code, 0);
});

test("the plan of a fleet as JSON has the same content", async () => {
	const { code, out } = await runPlan(
		createFleetCsv(2_000),
		"--sku=S1",
		"--units=2",
		"--within=5",
		"--format=json",
	);
	assert.equal(code, 0);
	const { operations, ...rest } = JSON.parse(out);
	assert.deepEqual(rest, {
		version: 1,
		file: "FILE",
		devices: 2_000,
		gateways: 2,
		levels: 3,
		sku: "S1",
		units: 2,
		faults: [],
	});
	assert.deepEqual(
		operations.map(({ operation }: { operation: string }) => operation),
		["create", "preview", "refresh", "change", "destroy"],
	);
	const [create, preview] = operations;
	const hubs = [
		{ sku: "S1", units: 4 },
		{ sku: "S3", units: 1 },
	];
	assert.deepEqual(
		{ ...create, rate: Math.round(create.rate * 60) },
		{
			operation: "create",
			requests: { registry: 2_000 },
			seconds: 589.8,
			bound: "registry",
			rate: 200,
			fastEnough: hubs,
		},
	);
	assert.equal("fastEnough" in preview, false);
});

test("a fleet without gateways has neither gateways nor levels in its plan", async () => {
	const { out } = await runPlan("deviceId,iotEdge\na,false\nb,\n", "--sku", "S1", "--units", "2");
	assert.match(out, /^"FILE" has 2 devices\. On a hub S1 with 2 units:\n/);
	const json = await runPlan("deviceId,iotEdge\na,false\nb,true\n", "--sku=S1", "--format=json");
	const { gateways, levels } = JSON.parse(json.out);
	assert.deepEqual([gateways, levels], [1, 1]);
});

test("a fleet that exceeds the hub's quota is planned, and the command fails", async () => {
	const { code, out, err } = await runPlan(createFleetCsv(501), "--sku", "F1");
	assert.deepEqual([code, err], [1, ""]);
	assert.match(out, /\nThe file cannot be deployed: 501 devices are more than the 500 .*\.\n$/);
	const json = await runPlan(createFleetCsv(501), "--sku", "F1", "--format", "json");
	assert.equal(json.code, 1);
	assert.match(JSON.parse(json.out).faults[0], /^501 devices/);
});

test("an invalid file is not planned; its errors are reported with line and column", async () => {
	const { code, out, err } = await runPlan("deviceId,parent\na,b\n", "--sku", "S1");
	assert.deepEqual([code, out], [1, ""]);
	assert.match(
		err,
		/^device-identity: "FILE" cannot be used as a fleet of devices:\n- line 2, column 2: .*"b"/,
	);
});

test("fields that a fleet does not use are reported with the plan", async () => {
	const text = `${JSON.stringify({ id: "a", tags: { floor: 1 } })}\n${JSON.stringify({ id: "b" })}`;
	const { code, err } = await runPlan(text, "--sku", "S1");
	assert.equal(code, 0);
	assert.match(err, /^"FILE": tags is ignored: .*\n$/);
});

test("the plan of an empty fleet takes no time", async () => {
	const { code, out } = await runPlan("[]", "--sku", "S1");
	assert.equal(code, 0);
	assert.match(out, /^create all +none +0 s$/m);
});

const HASH = generateHardwareHash("5CG-1");

test("the plan of a list of machines counts imports and writes", async () => {
	const rows = Array.from({ length: 3 }, (_, at) => `5CG-${at},${generateHardwareHash(`5CG-${at}`)}`);
	const text = ["Device Serial Number,Hardware Hash", ...rows].join("\n");
	const { code, out, err } = await runPlan(text, "--autopilot", "--parallel", "1");
	assert.deepEqual([code, err], [0, ""]);
	const lines = out.split("\n");
	assert.equal(lines[0], '"FILE" has 3 machines.');
	assert.match(
		lines[3] ?? "",
		/^create all +6 writes +3 min to 45 min +waiting for Intune's imports, 1 at a time$/,
	);
	assert.match(lines[4] ?? "", /^change all +3 writes +1 s +waiting for responses, 8 at a time$/);
	assert.match(
		lines[5] ?? "",
		/^destroy +3 writes +9 min to 90 min +waiting for Intune's deletions, 1 at a time$/,
	);
	const json = await runPlan(text, "--autopilot", "--format", "json");
	const [create, change, destroy] = JSON.parse(json.out).operations;
	assert.deepEqual(
		[create, destroy].map(({ seconds, maxSeconds, bound, concurrency }) => [
			seconds,
			maxSeconds,
			bound,
			concurrency,
		]),
		[
			[60, 900, "imports", 100],
			[180, 1_800, "deletions", 100],
		],
	);
	const slow = await runPlan(text, "--autopilot", "--latency=2000", "--format=json");
	assert.equal(JSON.parse(slow.out).operations[1].seconds, 20 * change.seconds);
	assert.deepEqual(change, {
		operation: "change",
		requests: { write: 3 },
		seconds: 0.1,
		bound: "inFlight",
		concurrency: 8,
	});
});

test("the plan of a list without machines takes no time, however slow Intune is", async () => {
	const { code, out } = await runPlan("Device Serial Number,Hardware Hash\n", "--autopilot");
	assert.equal(code, 0);
	assert.match(out, /^"FILE" has 0 machines\.\n/);
	assert.doesNotMatch(out, / to /);
	assert.match(out, /^create all .* 0 s\b/m);
});

test("an invalid list of machines is not planned, and no hash is reported", async () => {
	const { code, out, err } = await runPlan(
		`Device Serial Number,Hardware Hash\n5CG-1,${HASH}\n5CG-2,${HASH}\n`,
		"--autopilot",
	);
	assert.deepEqual([code, out], [1, ""]);
	assert.match(err, /^device-identity: "FILE" cannot be used as a list of Autopilot machines:\n- line /);
	assert.ok(!err.includes(HASH));
});

test("a file that the check would refuse is not planned; its errors are reported with their lines", async () => {
	const cut = generateHardwareHash("5CG-1", { uuid: Buffer.alloc(2_900, 7) }).slice(0, 3_000);
	const machines = await runPlan(`Device Serial Number,Hardware Hash\n5CG-1,${cut}\n`, "--autopilot");
	assert.deepEqual([machines.code, machines.out], [1, ""]);
	assert.match(
		machines.err,
		/\n- line 2, column 2: Hardware Hash was cut: it declares a report of \d+ bytes/,
	);
	const devices = await runPlan("deviceId,primaryThumbprint\na b,\nc,AB\n", "--sku", "S1");
	assert.deepEqual([devices.code, devices.out], [1, ""]);
	assert.match(devices.err, /\n- line 2, column 1: deviceId "a b" contains the character " ", which/);
	assert.match(devices.err, /\n- line 3, column 2: primaryThumbprint "AB" is not a thumbprint/);
});

test("the help and the guide say the same about how long Intune takes", () => {
	const guide = readFileSync(join(__dirname, "../../../docs/autopilot.md"), "utf8").replaceAll(/\s+/g, " ");
	const help = PLAN_HELP.replaceAll(/\s+/g, " ");
	assert.match(help, /an import usually takes a minute, and at most 15/);
	assert.match(guide, /waits for it \(a minute as a rule, up to fifteen\)/);
	assert.match(help, /usually stays listed for a few minutes \(counted as 3\), and for at most half an hour/);
	assert.match(guide, /gone from the list: a few minutes as a rule, up to half an hour/);
});

test("a column that the format does not have is an error, until an option ignores or maps it", async () => {
	const text = "Device Name,site\npump-1,oslo\n";
	const refused = await runPlan(text, "--sku", "S1");
	assert.equal(refused.code, 1);
	assert.match(
		refused.err,
		/columns: [\s\S]*For this command, ignoreColumns is --ignore-column TITLE, and columns is --column TITLE=NAME\./,
	);
	const accepted = await runPlan(
		text,
		"--sku=S1",
		"--column=Device Name=deviceId",
		"--ignore-column=site",
		"--format=json",
	);
	assert.deepEqual([accepted.code, accepted.err], [0, ""]);
	assert.equal(JSON.parse(accepted.out).devices, 1);
});

test("a column cannot be mapped to one that the format does not have", async () => {
	const { code, err } = await runPlan("Name\npump-1\n", "--sku=S1", "--column=Name=deviceid");
	assert.equal(code, 1);
	assert.match(
		err,
		/the column "Name" is mapped to "deviceid", which is not a known column; did you mean "deviceId"\?/,
	);
});
