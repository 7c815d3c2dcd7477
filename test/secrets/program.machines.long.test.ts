import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { descendants } from "../engine/cli/descendants.ts";
import { EXIT_FAILED, type Outcome, standIn } from "../engine/index.ts";
import { deviceIdentity, inFolder, showSecrets, writeState } from "../program/cli.ts";
import { atSite, fixture, type Site, tenantAccess } from "../program/site.ts";
import { assertNoHash, hashOf } from "../program/tenant.ts";
import { Search } from "./search.ts";

const SERIALS = ["5CG-1", "KIOSK 2", "5CG-3"];
const AGAIN = hashOf("5CG-1", 2);
const HASHES = [...SERIALS.map((serial) => hashOf(serial)), AGAIN];
const JUSTIFICATION = "Ticket 4711: machines of the new office, for nobody else to read";

/** All that libraries print on demand, apart from what SECURITY.md says. */
const LOUD = {
	env: {
		NODE_DEBUG: "undici",
		AZURE_LOG_LEVEL: "verbose",
		PULUMI_OPTION_LOGTOSTDERR: "true",
		PULUMI_OPTION_VERBOSE: "8",
	},
};

/** What looks like one of Entra's tokens. */
const TOKEN = /\beyJ[\w-]{10}/;

type Machines = Readonly<Record<string, object>>;

/** For each program what it declares of a serial number with a hash. */
const PROGRAMS = {
	machines: (serialNumber: string, hardwareIdentifier: string) => ({
		serialNumber,
		hardwareIdentifier,
		groupTag: "Office",
		productKey: "00331-10000-00001-AA000",
	}),
	kiosks: (_: string, hardwareIdentifier: string) => ({ hardwareIdentifier }),
} as const;

/** A stack, and the texts that people may come to see of it. */
class Life {
	readonly texts: string[] = [];
	readonly site: Site;

	constructor(site: Site) {
		this.site = site;
	}

	async declare(machines: Machines): Promise<void> {
		await this.site.stack.setConfig("machines", { secret: JSON.stringify(machines) });
	}

	async run(operation: "preview" | "up" | "refresh" | "destroy", exitCode = 0): Promise<Outcome> {
		const outcome = await this.site.stack[operation](LOUD);
		assert.equal(outcome.exitCode, exitCode, outcome.output);
		const state = await this.site.stack.exportState();
		this.texts.push(JSON.stringify(outcome), outcome.output, outcome.stderr, JSON.stringify(state));
		return outcome;
	}

	/** Runs the command as its users do; answers how it ended. */
	async command(...args: string[]): Promise<number> {
		const { emulator } = this.site;
		const env = {
			...tenantAccess(emulator).env,
			AUTOPILOT_ENDPOINT: emulator.graph.url,
			AUTOPILOT_CREDENTIAL: "managedIdentity",
		};
		const { code, stdout, stderr } = await deviceIdentity(args, { ...env, ...LOUD.env });
		this.texts.push(stdout, stderr);
		return code;
	}
}

async function reports(life: Life, folder: string): Promise<void> {
	const state = await writeState(folder, await showSecrets(await life.site.stack.exportState()));
	for (const format of ["table", "json", "sarif", "markdown"])
		assert.equal(await life.command("drift", "--state", state, "--format", format), 2, life.texts.at(-1));
	for (const form of ["--fleet", "--resources"]) {
		const out = join(folder, form);
		assert.equal(await life.command("adopt", "--autopilot", form, "--out", out), 0, life.texts.at(-1));
		const names = await readdir(out);
		assert.ok(names.includes("index.ts"), names.join());
		life.texts.push(...(await Promise.all(names.map((name) => readFile(join(out, name), "utf8")))));
	}
}

/** Kills the provider where it has asked for imports. */
function killProvider({ emulator: { control } }: Site): void {
	const stop = control.onRequest(({ method, path }) => {
		if (method !== "POST" || !path.includes("/importedWindowsAutopilotDeviceIdentities")) return;
		stop();
		for (const { pid, command } of descendants(process.pid))
			if (command.includes("cmd/dynamic-provider")) process.kill(pid, "SIGKILL");
	});
}

describe("a program of machines, its state, reports on it and what is adopted tell no hash and no token:", () => {
	for (const [program, declared] of Object.entries(PROGRAMS)) {
		test(`the program ${program}`, () =>
			inFolder((folder) => {
				const config = { "autopilot:approvalJustification": { secret: JUSTIFICATION } };
				return atSite(
					standIn(),
					{ root: fixture(program as keyof typeof PROGRAMS), config },
					async (site) => {
						const life = new Life(site);
						const [first = "", second = "", third = ""] = SERIALS;
						const two = Object.fromEntries(
							[first, second].map((serial) => [serial, declared(serial, hashOf(serial))]),
						);
						const { machines, faults } = site.emulator.control;
						await life.declare(two);
						await life.run("preview");
						await life.run("up");
						for (const { id } of machines.list()) machines.change(id, { groupTag: "Changed" });
						await life.run("preview");
						await reports(life, folder);
						const three = {
							...two,
							[first]: declared(first, AGAIN),
							[third]: declared(third, hashOf(third)),
						};
						await life.declare(three);
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
							killProvider(site);
							await life.run("up", EXIT_FAILED);
						} else console.log("No /proc to find the provider's process in: nothing is killed.");
						await life.declare(
							Object.fromEntries(Object.entries(three).map(([name, one]) => [name, { ...one, adopt: true }])),
						);
						await life.run("refresh");
						await life.run("destroy");
						assertSilent(program, life);
					},
				);
			}));
	}
});

function assertSilent(program: string, { texts, site: { emulator } }: Life): void {
	const all = texts.join("\n");
	assert.match(all, /UNDICI \d+/);
	assert.match(all, /azure:identity:info/);
	assert.doesNotMatch(all, TOKEN);
	for (const text of texts) assertNoHash(HASHES, text);
	const search = new Search();
	search.silent(program, texts, [...HASHES, JUSTIFICATION, emulator.entra.managedIdentity.header]);
	console.log(`The program ${program}: ${search.told()}`);
}
