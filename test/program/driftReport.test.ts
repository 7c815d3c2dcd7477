import assert from "node:assert/strict";
import type { DriftReport } from "../../provider/cli/drift.report.ts";
import type { Engine } from "../engine/index.ts";
import {
	getHubEnv,
	getTenantEnv,
	type Ran,
	runDeviceIdentity,
	runInFolder,
	writeStateWithSecrets,
} from "./cli.ts";
import { testOnEngines } from "./engines.ts";
import { HOST, locateProgram, runAtSite, type Site } from "./site.ts";
import { generateLongHash, getMachine } from "./tenant.ts";

const DEVICES = {
	gw: { capabilities: { iotEdge: true } },
	"dev-8": {},
	"dev-9": {},
	"dev-10": {},
	tank: {},
	quiet: {},
};
const SERIAL_NUMBERS = ["5CG-1", "5CG-2", "5CG-3"];

/** Reports on the site's stack in this format. */
type Report = (format: string) => Promise<Ran>;

/** Declares a test that deploys a device, a machine and a fleet of each on every available engine. */
function testOnEstate(title: string, work: (site: Site, report: Report) => Promise<void>): void {
	testOnEngines(title, (engine) => runOnEngine(engine, work));
}

function runOnEngine(engine: Engine, work: (site: Site, report: Report) => Promise<void>): Promise<void> {
	return runInFolder((folder) =>
		runAtSite(engine, { root: locateProgram("estate") }, async (site) => {
			const { stack, emulator } = site;
			emulator.control.machines.seed([{ serialNumber: "5CG-0" }]);
			await stack.setConfig("devices", JSON.stringify(DEVICES));
			const machines = SERIAL_NUMBERS.map((name) => [name, { hardwareIdentifier: generateLongHash(name) }]);
			await stack.setConfig("machines", { secret: JSON.stringify(Object.fromEntries(machines)) });
			const up = await stack.up();
			assert.equal(up.exitCode, 0, up.output);
			const file = await writeStateWithSecrets(folder, site);
			const env = { ...getHubEnv(site), ...getTenantEnv(site) };
			await work(site, (format) => runDeviceIdentity(["drift", "--state", file, "--format", format], env));
		}),
	);
}

/** Changes three devices of the fleet, deletes one, recreates one, and changes the rest of the estate. */
function changeElsewhere(site: Site): void {
	const { devices, machines } = site.emulator.control;
	for (const id of ["dev-8", "dev-9", "dev-10", "valve"]) devices.change(id, { status: "disabled" });
	devices.remove("gw");
	devices.recreate("tank");
	machines.change(getMachine(site, "5CG-0").id, { groupTag: "Office" });
	machines.change(getMachine(site, "5CG-1").id, { groupTag: "Office" });
	machines.remove(getMachine(site, "5CG-2").id);
}

const DEVICE_COUNTS = "6 of 7 devices drifted: 4 changed, 1 deleted, 1 deleted and created again";
const MACHINE_COUNTS = "3 of 4 machines drifted: 2 changed, 1 deleted";
const PLANT_COUNTS = "5 of 6 devices drifted: 3 changed, 1 deleted, 1 deleted and created again";
const KIOSK_COUNTS = "2 of 3 machines drifted: 1 changed, 1 deleted";

testOnEstate(
	"every format lists each device and machine that drifted, with its kind and severity",
	async (site, report) => {
		const none = await report("table");
		assert.deepEqual(none, {
			code: 0,
			stdout: "None of 7 devices drifted; none of 4 machines drifted.\n",
			stderr: "",
		});
		changeElsewhere(site);
		const runs = new Map<string, Ran>();
		for (const format of ["json", "table", "markdown", "sarif"]) {
			const ran = await report(format);
			assert.deepEqual([ran.code, ran.stderr], [2, ""], ran.stdout);
			runs.set(format, ran);
		}
		const getText = (format: string): string => runs.get(format)?.stdout ?? "";
		assertJson(JSON.parse(getText("json")));
		assertTable(getText("table"));
		assertMarkdown(getText("markdown"));
		assertSarif(JSON.parse(getText("sarif")));
	},
);

function assertJson({ checked, drifted, failed, devices, machines, resources }: DriftReport): void {
	assert.deepEqual([checked, drifted, failed], [4, 4, 0], "these count resources, as in earlier releases");
	assert.deepEqual(devices, { checked: 7, changed: 4, deleted: 1, recreated: 1, unreadable: 0 });
	assert.deepEqual(machines, { checked: 4, changed: 2, deleted: 1, recreated: 0, unreadable: 0 });
	const listed = resources.flatMap(({ name, status, severity, members }) => [
		`${name} ${status} ${severity}`,
		...(members ?? []).map((member) => `${name}/${member.name} ${member.status} ${member.severity}`),
	]);
	assert.deepEqual(listed, [
		"kiosks changed error",
		"kiosks/5CG-2 deleted error",
		"kiosks/5CG-1 changed warning",
		"front changed warning",
		"plant changed error",
		"plant/gw deleted error",
		"plant/tank recreated error",
		"plant/dev-8 changed warning",
		"plant/dev-9 changed warning",
		"plant/dev-10 changed warning",
		"valve changed warning",
	]);
	const [kiosks, front, plant] = resources;
	assert.equal(plant?.hubHostName, HOST);
	assert.deepEqual(
		plant?.differences.map(({ path }) => path),
		["dev-8.status", "dev-9.status", "dev-10.status"],
	);
	const tag = { last: "Kiosk", live: "Office", declared: "Kiosk" };
	assert.deepEqual(kiosks?.differences, [{ path: "5CG-1.groupTag", ...tag }]);
	assert.deepEqual(kiosks?.members?.[1]?.differences, [{ path: "groupTag", ...tag }]);
	assert.equal(front?.differences[0]?.live, "Office");
}

function assertTable(text: string): void {
	const lines = text.split("\n");
	for (const line of [
		`DeviceFleet plant on ${HOST}: ${PLANT_COUNTS}`,
		"    error: Device gw was deleted outside Pulumi since the last deployment",
		"    warning: Device dev-10 was changed outside Pulumi since the last deployment:",
		`AutopilotFleet kiosks: ${KIOSK_COUNTS}`,
		'        groupTag: "Kiosk" at the last deployment, "Office" now, "Kiosk" declared',
		"warning: DeviceIdentity valve was changed outside Pulumi since the last deployment:",
		`${DEVICE_COUNTS}; ${MACHINE_COUNTS}.`,
	])
		assert.ok(lines.includes(line), `${line}\n\n${text}`);
	assert.match(text, /^ {4}error: Device tank was deleted and created again outside Pulumi/m);
	assert.match(text, /^ {4}error: Machine 5CG-2 \(\S+\) was deleted outside Pulumi/m);
}

function assertMarkdown(text: string): void {
	assert.ok(text.startsWith(`## Drift: ${DEVICE_COUNTS}; ${MACHINE_COUNTS}\n`), text);
	assert.ok(
		text.includes(`\n### <code>DeviceFleet plant</code> on <code>${HOST}</code>: ${PLANT_COUNTS}\n`),
		text,
	);
	assert.ok(text.includes(`\n### <code>AutopilotFleet kiosks</code>: ${KIOSK_COUNTS}\n`), text);
	assert.ok(text.includes("\n### <code>DeviceIdentity valve</code> was changed (warning)\n"), text);
	const rows = [...text.matchAll(/^\| <code>([\w-]+)<\/code> \| ([^|]+) \| (error|warning) \|/gm)];
	assert.deepEqual(
		rows.map(([, name, drift, severity]) => `${name} ${drift} ${severity}`),
		[
			"5CG-2 deleted error",
			"5CG-1 changed warning",
			"gw deleted error",
			"tank deleted and created again error",
			"dev-8 changed warning",
			"dev-9 changed warning",
			"dev-10 changed warning",
		],
	);
}

interface SarifLog {
	readonly runs: readonly {
		readonly results: readonly {
			readonly ruleId: string;
			readonly level: string;
			readonly locations: readonly { readonly logicalLocations: readonly { readonly name: string }[] }[];
		}[];
	}[];
}

function assertSarif({ runs }: SarifLog): void {
	const results = runs[0]?.results ?? [];
	assert.deepEqual(
		results.map(
			({ ruleId, level, locations }) => `${locations[0]?.logicalLocations[0]?.name} ${ruleId} ${level}`,
		),
		[
			"kiosks/5CG-2 drift/deleted error",
			"kiosks/5CG-1 drift/changed warning",
			"front drift/changed warning",
			"plant/gw drift/deleted error",
			"plant/tank drift/recreated error",
			"plant/dev-8 drift/changed warning",
			"plant/dev-9 drift/changed warning",
			"plant/dev-10 drift/changed warning",
			"valve drift/changed warning",
		],
	);
}

testOnEstate(
	"a device of a fleet that could not be read is listed, and the others still are",
	async (site, report) => {
		changeElsewhere(site);
		const { faults } = site.emulator.control;
		faults.add({
			match: { service: "iotHub", path: "/(devices|twins)/dev-9" },
			times: "always",
			action: { kind: "status", status: 400, code: "ArgumentInvalid", message: "not you" },
		});
		const { code, stdout } = await report("json");
		faults.clear();
		const { failed, devices, resources }: DriftReport = JSON.parse(stdout);
		assert.deepEqual([code, failed, devices.unreadable, devices.deleted], [1, 1, 1, 1]);
		const plant = resources.find(({ name }) => name === "plant");
		assert.deepEqual([plant?.status, plant?.severity], ["unreadable", "error"]);
		assert.match(plant?.message ?? "", /^1 of 6 devices could not be read:\n/);
		const dark = plant?.members?.find(({ name }) => name === "dev-9");
		assert.equal(dark?.status, "unreadable");
		assert.match(dark?.message ?? "", /^reading device "dev-9" .* failed: not you/);
	},
);
