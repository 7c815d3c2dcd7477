import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { createStandIn, EXIT_FAILED } from "../../engine/index.ts";
import { getTenantEnv, runInFolder } from "../../program/cli.ts";
import { killProviders } from "../../program/killProvider.ts";
import { locateProgram, runAtSite, type Site } from "../../program/site.ts";
import { assertNoHash, generateLongHash } from "../../program/tenant.ts";
import { ENTRA_TOKEN } from "./credentials.ts";
import { Life } from "./life.ts";
import { LOUD } from "./processes.ts";

const SERIALS = ["5CG-1", "KIOSK 2", "5CG-3"];
const AGAIN = generateLongHash("5CG-1", 2);
const HASHES = [...SERIALS.map((serial) => generateLongHash(serial)), AGAIN];
const JUSTIFICATION = "Ticket 4711: machines of the new office, for nobody else to read";

/** The most verbose logging of libraries and engine. */
const ALL_LOUD = { ...LOUD, PULUMI_OPTION_LOGTOSTDERR: "true", PULUMI_OPTION_VERBOSE: "8" };

/** For each program, its declaration of a serial number with a hash. */
const PROGRAMS = {
	machines: (serialNumber: string, hardwareIdentifier: string) => ({
		serialNumber,
		hardwareIdentifier,
		groupTag: "Office",
		productKey: "00331-10000-00001-AA000",
	}),
	kiosks: (_: string, hardwareIdentifier: string) => ({ hardwareIdentifier }),
} as const;

/** Kills the provider after it has requested imports. */
function killWhereImporting({ emulator: { control } }: Site): void {
	const stop = control.onRequest(({ method, path }) => {
		if (method !== "POST" || !path.includes("/importedWindowsAutopilotDeviceIdentities")) return;
		stop();
		killProviders();
	});
}

describe("a program of machines, its state, its reports and adopted files contain no hash and no token:", () => {
	for (const [program, declared] of Object.entries(PROGRAMS)) {
		test(`the program ${program}`, () =>
			runInFolder((folder) => {
				const config = { "autopilot:approvalJustification": { secret: JUSTIFICATION } };
				return runAtSite(
					createStandIn(),
					{ root: locateProgram(program as keyof typeof PROGRAMS), config },
					async (site) => {
						const life = new Life(site, {
							access: getTenantEnv(site),
							loud: ALL_LOUD,
							listSecrets: () => [...HASHES, JUSTIFICATION, site.emulator.entra.managedIdentity.header],
						});
						const [first = "", second = "", third = ""] = SERIALS;
						const two = Object.fromEntries(
							[first, second].map((serial) => [serial, declared(serial, generateLongHash(serial))]),
						);
						const { machines, faults } = site.emulator.control;
						await life.declare("machines", two);
						await life.run("preview");
						await life.run("up");
						for (const { id } of machines.list()) machines.change(id, { groupTag: "Changed" });
						await life.run("preview");
						await life.report(folder);
						for (const form of ["--fleet", "--resources"])
							await life.adopt(join(folder, form), "--autopilot", form);
						const three = {
							...two,
							[first]: declared(first, AGAIN),
							[third]: declared(third, generateLongHash(third)),
						};
						await life.declare("machines", three);
						faults.add({
							match: { service: "graph", method: "POST" },
							times: "always",
							action: {
								kind: "status",
								status: 400,
								code: "BadRequest",
								message: JSON.stringify(HASHES),
							},
						});
						await life.run("up", EXIT_FAILED);
						faults.clear();
						if (process.platform === "linux") {
							killWhereImporting(site);
							await life.run("up", EXIT_FAILED);
						} else console.log("Nothing is killed: without /proc the provider's process cannot be found.");
						await life.declare(
							"machines",
							Object.fromEntries(Object.entries(three).map(([name, one]) => [name, { ...one, adopt: true }])),
						);
						await life.run("refresh");
						await life.run("destroy");
						assertLoud(life);
						for (const text of life.texts) assertNoHash(HASHES, text);
						life.assertSilent(`The program ${program}`);
					},
				);
			}));
	}
});

/** Asserts that the libraries printed all that they can, without a token. */
function assertLoud({ texts }: Life): void {
	const all = texts.join("\n");
	assert.match(all, /UNDICI \d+/);
	assert.match(all, /azure:identity:info/);
	assert.doesNotMatch(all, ENTRA_TOKEN);
}
