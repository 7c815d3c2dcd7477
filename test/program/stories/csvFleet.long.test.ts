import assert from "node:assert/strict";
import { createProgram, listWrites, testStory } from "./story.ts";

const PUMPS = 2_038;
const GATEWAYS = ["hall-1", "hall-2"];

/** Returns the rows of the list, with the changes that a plant makes during the story. */
function createList(changes: Readonly<Record<string, string>> = {}, without: readonly string[] = []): string {
	const rows = [
		...GATEWAYS.map((id) => `${id},,true,,Oslo`),
		...Array.from({ length: PUMPS }, (_, at) => {
			const id = `dev-${at + 1}`;
			return `${id},${GATEWAYS[at % 2]},,${changes[id] ?? ""},Hall ${1 + (at % 2)}`;
		}),
		...Object.keys(changes)
			.filter((id) => Number(id.slice(4)) > PUMPS)
			.map((id) => `${id},hall-1,,,Hall 1`),
	];
	const kept = rows.filter((row) => !without.includes(row.slice(0, row.indexOf(","))));
	return ["deviceId,parent,iotEdge,status,Location", ...kept].join("\n");
}

function createFleet(options = "", rotation = ""): string {
	const devices = `devices: readFleet("plant.csv"${options})`;
	return createProgram(
		"DeviceFleet, readFleet",
		`new DeviceFleet("plant", { ${devices}, defaults: { status: "enabled" }${rotation} });`,
	);
}

const IGNORED = ', { ignoreColumns: ["Location"] }';

testStory("a platform engineer deploys a list of 2,040 devices, and manages it", async (story) => {
	const { emulator, stack, write, run, runCommand } = story;
	const { devices, policies, hub, requests } = emulator.control;

	await write("plant.csv", createList());
	await write("index.ts", createFleet());
	const refused = await run("preview", { exit: 1 });
	assert.match(refused, /"Location"[\s\S]*set ignoreColumns: \["Location"\]/);
	await write("index.ts", createFleet(IGNORED));

	const plan = await runCommand("plan", "PROJECT/plant.csv", "--sku", "S1", "--ignore-column", "Location");
	assert.deepEqual([plan.code, plan.stderr], [0, ""]);
	assert.match(plan.stdout, /has 2,040 devices, 2 gateways among them, in 2 levels/);

	const preview = await run("preview");
	assert.match(
		preview,
		/DeviceFleet plant: 2040 devices to create \(dev-1, dev-2, .*, dev-12 and 2028 more\)/,
	);
	await run("up");
	assert.equal(devices.list().length, 2_040);
	requests.reset();
	await run("up", { expectNoChanges: true });
	assert.deepEqual(listWrites(story), []);

	const disabled = Object.fromEntries(
		["dev-10", "dev-8", "dev-9", "dev-100", "dev-2"].map((id) => [id, "disabled"]),
	);
	const edited = { ...disabled, "dev-2041": "" };
	await write("plant.csv", createList(edited, ["dev-17"]));
	const diff = await run("preview", { diff: true });
	assert.match(
		diff,
		/DeviceFleet plant: 1 device to create \(dev-2041\), 5 to change, 1 to delete \(dev-17\):\s+status: dev-2, dev-8, dev-9, dev-10, dev-100\n/,
	);
	if (story.engine === "pulumi") {
		const lines = diff.split("\n").length;
		assert.ok(lines < 120, `--diff of seven changed rows has ${lines} lines`);
		assert.match(diff, /dev-10.*disabled/);
		assert.doesNotMatch(diff, /"dev-1500"/);
	}

	await stack.setConfig("iothub:maxDeletes", "1");
	await write("plant.csv", createList(edited, ["dev-17", "dev-18", "dev-19"]));
	requests.reset();
	const limited = await run("up", { exit: 1 });
	assert.match(
		limited,
		/DeviceFleet \(plant\):\n +error: iothub:maxDeletes allows at most 1 .*, and this run needs 3:/,
	);
	assert.deepEqual(listWrites(story), [], "a fleet is counted before its first write");
	await write("plant.csv", createList(edited, ["dev-17"]));
	await run("up");
	assert.equal(devices.get("dev-8")?.status, "disabled");
	assert.equal(devices.list().length, 2_040);

	await write(
		"index.ts",
		createFleet(IGNORED, `, rotation: { keyType: "secondary", generation: 1, share: 10 }`),
	);
	const wave = await run("preview");
	const [, announced = ""] =
		/DeviceFleet plant: (\d+) devices? to change:\n +gets a new secondary key: /.exec(wave) ?? [];
	assert.ok(Number(announced) > 100 && Number(announced) < 320, wave);
	const before = new Map(devices.list().map(({ deviceId, authentication }) => [deviceId, authentication]));
	await run("up");
	const rotated = await runCommand("rotated", "--state", "STATE", "--generation", "1");
	assert.equal(rotated.code, 0, rotated.stderr);
	const changed = devices
		.list()
		.filter(
			({ deviceId, authentication }) =>
				authentication.symmetricKey?.secondaryKey !== before.get(deviceId)?.symmetricKey?.secondaryKey,
		)
		.map(({ deviceId }) => deviceId);
	assert.deepEqual(rotated.stdout.trim().split("\n").toSorted(), changed.toSorted());
	assert.equal(changed.length, Number(announced), "the preview announced what the run rotated");

	policies.regenerate("iothubowner");
	const unauthorized = await run("up", { exit: 1 });
	const paragraphs = unauthorized.match(/must be one of its two current keys/g);
	assert.equal(paragraphs?.length, 1, unauthorized);
	await stack.setConfig("iothub:connectionString", { secret: hub.connectionString() });
	await run("up", { expectNoChanges: true });

	devices.change("dev-30", { status: "disabled" });
	devices.remove("dev-31");
	devices.recreate("dev-32");
	const report = await runCommand("drift", "--state", "STATE");
	assert.equal(report.code, 2, report.stderr);
	for (const id of ["dev-30", "dev-31", "dev-32"]) assert.match(report.stdout, new RegExp(`\\b${id}\\b`));
	await run("refresh");
	await run("up");
	assert.equal(devices.get("dev-30")?.status, "enabled");
	await run("up", { expectNoChanges: true });

	await stack.removeConfig("iothub:maxDeletes");
	const removal = await run("destroy", { runProgram: true });
	assert.match(removal, /DeviceFleet plant: .*2040 devices/);
	assert.deepEqual(devices.list(), []);
});
