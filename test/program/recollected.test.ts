import assert from "node:assert/strict";
import { generateHardwareHash } from "../emulator/emulator.ts";
import { testOnEngines } from "./engines.ts";
import { listReleased, restoreDeployment } from "./released/released.ts";
import { type Declared, listSteps, testScenario } from "./scenario.ts";
import { locateProgram, runAtSite, SIGNED_IN } from "./site.ts";
import { generateLongHash, getMachine } from "./tenant.ts";

const SERIALS = ["5CG-1", "5CG-2", "LAB 3"];

/** Three machines whose hashes were collected in a month. */
const collect = (month: number): Declared =>
	Object.fromEntries(
		SERIALS.map((serial) => [
			serial,
			{ hardwareIdentifier: generateHardwareHash(serial, { collectedAt: month }) },
		]),
	);

testScenario(
	"hashes that were collected again change nothing, not even for a machine that is enrolled",
	[
		{ run: "up", machines: collect(3), steps: ["create kiosks"] },
		{
			run: "preview",
			machines: collect(6),
			meanwhile: (site) => void site.emulator.control.machines.enrol(getMachine(site, "5CG-1").id),
			steps: [],
		},
		{ run: "up", steps: [] },
		{
			run: "preview",
			machines: {
				...collect(6),
				"5CG-2": { hardwareIdentifier: generateHardwareHash("5CG-1", { collectedAt: 6 }) },
			},
			exit: 1,
			says: [
				/5CG-2: declares the same machine as 5CG-1; remove one of them/,
				/5CG-2: serialNumber is "5CG-2", but the hardware hash has the serial number "5CG-1"/,
			],
		},
	],
	{ root: locateProgram("kiosks") },
);

/** Returns the declarations of a released state with hashes that were collected again. */
function recollect(declared: Readonly<Record<string, object>>): object {
	const entries = Object.entries(declared).map(([name, machine]) => {
		const { serialNumber = name, hardwareIdentifier } = machine as {
			serialNumber?: string;
			hardwareIdentifier: string;
		};
		const bytes = Buffer.from(generateLongHash(serialNumber), "base64");
		assert.equal(bytes.toString("base64"), hardwareIdentifier);
		const uuid = bytes.subarray(8, 4 + bytes.readUInt16LE(6));
		return [
			name,
			{ ...machine, hardwareIdentifier: generateHardwareHash(serialNumber, { uuid, collectedAt: 6 }) },
		];
	});
	return Object.fromEntries(entries);
}

for (const released of listReleased().filter(
	({ release, deployed }) => release === "0.1.0" && deployed.key === "machines",
)) {
	testOnEngines(
		`the state of ${released.name} from release 0.1.0 keeps machines whose hashes were collected again`,
		async (engine) => {
			const { program, key, declared, config } = released.deployed;
			const options = { root: locateProgram(program), config: { ...SIGNED_IN, ...config } };
			await runAtSite(engine, options, async (site) => {
				const { stack, emulator } = site;
				await stack.setConfig(key, { secret: JSON.stringify(recollect(declared)) });
				await stack.importState(restoreDeployment(site, released));
				const before = emulator.control.machines.list();
				const first = await stack.up();
				assert.equal(first.exitCode, 0, first.output);
				assert.deepEqual(
					listSteps(first).filter((step) => !step.startsWith("update ")),
					[],
				);
				assert.deepEqual(emulator.control.machines.list(), before);
				const again = await stack.preview();
				assert.deepEqual([again.exitCode, listSteps(again)], [0, []]);
			});
		},
	);
}
