import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Adoption, assertUnchanged, runAtAdoption } from "../adopt.ts";
import { getHubEnv, type Ran, runDeviceIdentity, runInFolder, writeStateWithSecrets } from "../cli.ts";
import { testOnEngines } from "../engines.ts";
import { HOST } from "../site.ts";

const COUNT = 500;

testOnEngines("a user of other tools adopts a hub of 500 devices, and manages it", (engine) =>
	runAtAdoption(engine, tell),
);

async function tell(adoption: Adoption): Promise<void> {
	const { site, root, adopt, takeIn, text } = adoption;
	const { stack, emulator } = site;
	const { devices } = emulator.control;
	devices.seed(
		Array.from({ length: COUNT }, (_, at) => ({
			deviceId: `dev-${at + 1}`,
			...(at % 50 === 0 && { status: "disabled" as const, statusReason: "in store" }),
		})),
	);
	const keys = devices.get("dev-2")?.authentication.symmetricKey;

	const adopted = await adopt("--hub", HOST, "--fleet", "--name", "plant");
	assert.deepEqual([adopted.code, adopted.stderr], [0, ""]);
	assert.match(adopted.stdout, /^500 devices of fleet\.azure-devices\.net as one fleet: /);
	await takeIn();
	// An `up` of a program without resources uses the configuration of the `up` before it.
	await stack.setConfig("iothub:maxDeletes", "100");
	await assertUnchanged(adoption);

	const list = await text("devices.csv");
	const rows = list.split("\n");
	const statusColumn = (rows[0] ?? "").split(",").indexOf("status");
	const edited = rows.map((row) => {
		const cells = row.split(",");
		return ["dev-2", "dev-10", "dev-9"].includes(cells[0] ?? "")
			? cells.with(statusColumn, "disabled").join(",")
			: row;
	});
	await writeFile(join(root, "devices.csv"), edited.join("\n"));
	const preview = await stack.preview();
	assert.match(
		preview.output,
		/DeviceFleet plant: 3 devices to change:\n +status: dev-2, dev-9, dev-10\n/,
		preview.output,
	);
	const up = await stack.up();
	assert.equal(up.exitCode, 0, up.output);
	assert.equal(devices.get("dev-9")?.status, "disabled");
	assert.deepEqual(devices.get("dev-2")?.authentication.symmetricKey, keys, "keys are never touched");

	devices.change("dev-30", { status: "disabled" });
	devices.remove("dev-31");
	for (const format of ["table", "markdown", "json", "sarif"]) {
		const { code, stdout, stderr } = await report(adoption, format);
		assert.equal(code, 2, stderr);
		for (const id of ["dev-30", "dev-31"])
			assert.match(stdout, new RegExp(`\\b${id}\\b`), `${format} lists ${id}`);
	}
	const refresh = await stack.refresh();
	assert.equal(refresh.exitCode, 0, refresh.output);
	const repair = await stack.up();
	assert.equal(repair.exitCode, 0, repair.output);
	assert.equal(devices.get("dev-30")?.status, "enabled");

	const program = await text("index.ts");
	const nothing = await adopt("--fleet", "--name", "plant", "--where", "tags.site = 'nowhere'", "--force");
	assert.equal(nothing.code, 1);
	assert.match(nothing.stderr, /nothing was written/);
	assert.deepEqual([await text("index.ts"), await text("devices.csv")], [program, edited.join("\n")]);

	await writeFile(join(root, "index.ts"), "export {};\n");
	const refused = await stack.up();
	assert.equal(refused.exitCode, 1);
	assert.match(refused.output, /iothub:maxDeletes allows at most 100 .*, and this run needs 500:/);
	assert.equal(devices.list().length, COUNT, "no device is gone");
}

function report({ site }: Adoption, format: string): Promise<Ran> {
	return runInFolder(async (folder) => {
		const file = await writeStateWithSecrets(folder, site);
		return runDeviceIdentity(["drift", "--state", file, "--format", format], getHubEnv(site));
	});
}
