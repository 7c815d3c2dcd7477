import assert from "node:assert/strict";
import { generateHardwareHash } from "../emulator/emulator.ts";
import { type Adoption, assertManaged, assertUnchanged, runAtAdoption, seedHubByHand } from "./adopt.ts";
import { testOnEngines } from "./engines.ts";
import { HOST } from "./site.ts";

/** Tests an adoption on the stand-in, and with `pulumi import` if a `pulumi` is on PATH. */
function testAdoption(title: string, work: (adoption: Adoption) => Promise<void>): void {
	testOnEngines(title, (engine) => runAtAdoption(engine, work));
}

/** Runs the command, and asserts that it adopted everything. */
async function runAdopt({ adopt }: Adoption, ...args: string[]): Promise<string> {
	const { code, stdout, stderr } = await adopt(...args);
	assert.deepEqual([code, stderr], [0, ""], stdout);
	return stdout;
}

testAdoption(
	"a hub configured by hand becomes a program of single devices, which then changes nothing",
	async (at) => {
		seedHubByHand(at.site);
		assert.match(
			await runAdopt(at, "--hub", HOST),
			/^8 devices of fleet\.azure-devices\.net as 8 resources: /,
		);
		const program = await at.text("index.ts");
		assert.match(program, /^const class_[0-9a-f]{16} = new DeviceIdentity\("class", /m);
		assert.match(program, /^\tdeviceScope: plant1_[0-9a-f]{16}\.deviceScope,$/m);
		await at.takeIn();
		await assertUnchanged(at);
		await assertManaged(at);
	},
);

testAdoption("the same hub becomes a fleet with a file, which then changes nothing", async (at) => {
	seedHubByHand(at.site);
	const told = await runAdopt(at, "--hub", HOST, "--fleet", "--name", "plant");
	assert.match(told, /^8 devices of fleet\.azure-devices\.net as one fleet: .*devices\.csv/);
	await at.takeIn();
	await assertUnchanged(at);
	await assertManaged(at);
});

testAdoption(
	"a fleet with a string that CSV cannot hold becomes an NDJSON file, read device by device",
	async (at) => {
		seedHubByHand(at.site);
		const { devices } = at.site.emulator.control;
		devices.change("class", { statusReason: "=two\n\u009b2Jlines" });
		const told = await runAdopt(at, "--fleet", "--exact");
		assert.match(told, /devices\.ndjson[\s\S]*line break/);
		assert.match(await at.text("devices.ndjson"), /^[\n -~]+$/);
		await at.takeIn();
		await assertUnchanged(at);
		await assertManaged(at);
	},
);

const MACHINES = [
	{ serialNumber: "5CG-1", groupTag: "Kiosk", displayName: "front-1" },
	{
		serialNumber: "Default string",
		userPrincipalName: "ada@contoso.com",
		addressableUserName: "Ada",
	},
	{
		serialNumber: "Default string",
		productKey: "AAA",
		hardwareIdentifier: generateHardwareHash("another board"),
	},
];

testAdoption(
	"a tenant's machines become a program without a hash, which then changes nothing",
	async (at) => {
		const { machines } = at.site.emulator.control;
		const seeded = machines.seed(MACHINES);
		assert.match(await runAdopt(at, "--autopilot"), /^3 machines as 3 resources: /);
		const program = await at.text("index.ts");
		assert.match(program, /^new AutopilotIdentity\("5CG-1", /m);
		assert.ok(program.includes(`new AutopilotIdentity("Default string (${seeded[1]?.id})", `));
		await at.takeIn();
		await assertUnchanged(at);
		machines.change(seeded[0]?.id ?? "", { groupTag: "Office" });
		const { stack } = at.site;
		const up = await stack.up();
		assert.equal(up.exitCode, 0, up.output);
		assert.equal(machines.get(seeded[0]?.id ?? "")?.groupTag, "Kiosk");
		const destroy = await stack.destroy();
		assert.equal(destroy.exitCode, 0, destroy.output);
		assert.deepEqual(machines.list(), []);
	},
);

testAdoption("more machines than a program can declare one by one become a fleet with a file", async (at) => {
	const { machines } = at.site.emulator.control;
	machines.seed(
		Array.from({ length: 58 }, (_, index) => ({ serialNumber: `5CG-${index}`, groupTag: "Kiosk" })),
	);
	const boards = ["one board", "another board"].map((board) => generateHardwareHash(board));
	machines.seed(
		boards.map((hardwareIdentifier) => ({
			serialNumber: "Default string",
			groupTag: "Kiosk",
			hardwareIdentifier,
		})),
	);
	machines.seed([{ serialNumber: "other" }]);
	const told = await runAdopt(at, "--autopilot", "--filter", "groupTag=Kiosk", "--name", "kiosks");
	assert.match(told, /^60 machines as one fleet: .*machines\.json/);
	await at.takeIn();
	await assertUnchanged(at);
	const [one] = machines.find("5CG-7");
	machines.change(one?.id ?? "", { groupTag: "Office" });
	const { stack } = at.site;
	const up = await stack.up();
	assert.equal(up.exitCode, 0, up.output);
	assert.match(up.output, /Machine 5CG-7 \(\S+\) was changed outside Pulumi/);
	assert.equal(machines.get(one?.id ?? "")?.groupTag, "Kiosk");
	const destroy = await stack.destroy();
	assert.equal(destroy.exitCode, 0, destroy.output);
	assert.deepEqual(
		machines.list().map(({ serialNumber }) => serialNumber),
		["other"],
	);
});
